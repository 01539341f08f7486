// @ts-check
/** 部门办理: rows come and change by themselves; what is ticked or typed stays; each box counts its own. */
import { carry } from './carry.js';
import { onLive } from './live.js';

function settle() {
  for (const box of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-box]'))) {
    const number = box.querySelectorAll('li').length;
    /** @type {HTMLElement} */ (box.querySelector('[data-box-count]')).textContent = String(number);
    box.classList.toggle('nothing', number === 0);
  }
  // A card from the stream is the same for everybody: its form is signed here.
  for (const field of /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll('#calls input[type="hidden"][value=""]'))) {
    const key = [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, '0')).join('');
    field.value = field.name === 'csrf' ? document.body.dataset.csrf ?? '' : key;
  }
}

const all = /** @type {HTMLButtonElement | null} */ (document.querySelector('[data-pick-all]'));
if (all) {
  all.hidden = false;
  all.addEventListener('click', () => {
    const fields = [.../** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll('input[name="orders"]'))];
    const every = fields.every((one) => one.checked);
    for (const one of fields) one.checked = !every;
  });
}

onLive({ replaced: carry, changed: settle });
settle();
