// @ts-check
/** 回访 by keyboard: a number answers the question that is open, Enter keeps it and brings the next. Rows are live. */
import { onLive } from './live.js';
import './times.js';

const form = /** @type {HTMLFormElement | null} */ (document.getElementById('follow-up'));
const aftermath = document.getElementById('aftermath');
const open = new URLSearchParams(location.search).get('case') ?? '';

/** @param {string} name */
const said = (name) => /** @type {HTMLInputElement | null | undefined} */ (form?.querySelector(`input[name="${name}"]:checked`))?.value;

/** @returns {HTMLElement[]} */
function questions() {
  return [.../** @type {NodeListOf<HTMLElement>} */ (form?.querySelectorAll('[data-ask]') ?? [])].filter((one) => !one.hidden);
}

function current() {
  return questions().find((one) => !one.querySelector('input:checked'));
}

/** Only what is still to be asked: nobody reached, nothing more; a cause only of who is dissatisfied. */
function settle() {
  if (!form) return;
  const reached = said('reached');
  for (const one of /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll('[data-ask]'))) {
    const name = one.dataset.ask ?? '';
    if (name === 'reached') continue;
    one.hidden = (reached !== undefined && reached !== 'reached') || (name === 'cause' && said('satisfaction') !== 'dissatisfied');
  }
  if (aftermath) aftermath.hidden = said('satisfaction') !== 'dissatisfied' || reached !== 'reached';
  const now = current();
  for (const one of questions()) one.classList.toggle('asked-now', one === now);
}

form?.addEventListener('change', settle);
addEventListener('keydown', (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || !form || document.querySelector('dialog[open]')) return;
  const target = /** @type {HTMLElement} */ (event.target);
  if (target.matches?.('input:not([type="radio"]), textarea, select, button, a')) return;
  const number = /^[1-9]$/.test(event.key) ? Number(event.key) : 0;
  const choice = number ? current()?.querySelectorAll('input')[number - 1] : undefined;
  if (choice) {
    choice.checked = true;
    settle();
  } else if (event.key === 'Backspace') {
    const last = questions().reverse().find((one) => one.querySelector('input:checked'));
    const answer = /** @type {HTMLInputElement | null | undefined} */ (last?.querySelector('input:checked'));
    if (answer) answer.checked = false;
    settle();
  } else if (event.key === 'Enter' && !current()) {
    form.requestSubmit();
  } else {
    return;
  }
  event.preventDefault();
  event.stopPropagation();
});

onLive({
  replaced: (old, element) => {
    if (old.querySelector('[aria-current]')) element.querySelector('a')?.setAttribute('aria-current', 'true');
  },
  changed: () => {
    const count = (/** @type {string} */ list, /** @type {string} */ told, /** @type {string} */ empty) => {
      const number = document.querySelectorAll(list).length;
      const place = document.getElementById(told);
      if (place) place.textContent = String(number);
      document.getElementById(empty)?.classList.toggle('hidden', number > 0);
    };
    count('[data-slot-of="due"] > li', 'due-count', 'all-asked');
    count('#mine-rows > tr', 'all-count', 'none-open');
  },
});
for (const link of document.querySelectorAll('.due-list a')) if (open && link.getAttribute('href')?.endsWith(open)) link.setAttribute('aria-current', 'true');
settle();
