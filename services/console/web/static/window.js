// @ts-check
/** 窗口登记: what the form thinks of while somebody writes, and the keys of the desk. All of it works without, too. */

import { carry } from './carry.js';
import './times.js';

const PAUSE_MS = 500;
const field = (/** @type {string} */ name) => /** @type {any} */ (form()?.elements.namedItem(name));
const form = () => /** @type {HTMLFormElement | null} */ (document.getElementById('register'));

/** The newest question only: an answer that was overtaken is not shown. @param {string} path @param {string} id */
function thinker(path, id) {
  let asked = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const ask = async () => {
    const own = form();
    const mine = (asked += 1);
    if (!own) return;
    const body = new URLSearchParams(/** @type {any} */ (new FormData(own)));
    const headers = { 'X-Muster-Part': 'beside' };
    const answer = await fetch(path, { method: 'POST', body, headers, credentials: 'same-origin' }).catch(() => null);
    const html = answer?.ok ? await answer.text() : null;
    const place = document.getElementById(id);
    if (html === null || mine !== asked || own !== form() || !place) return; // no advice is no fault
    const told = document.createElement('template');
    told.innerHTML = html;
    carry(place, told.content); // what was chosen there while it was on its way
    place.replaceChildren(told.content);
    if (!place.querySelector('input[name="joins"]:checked')) alone(place);
  };
  return () => { clearTimeout(timer); timer = setTimeout(ask, PAUSE_MS); };
}

/** What was chosen is not offered any more. @param {HTMLElement} place */
function alone(place) {
  const first = /** @type {HTMLInputElement | null} */ (place.querySelector('input[name="joins"]'));
  if (first) first.checked = true;
}

const suggest = thinker('/desk/suggest', 'suggested');
const near = thinker('/desk/near', 'near');

document.addEventListener('input', (event) => {
  const name = event.target instanceof HTMLTextAreaElement ? event.target.name : '';
  if (name === 'matter') suggest();
});
document.addEventListener('change', (event) => {
  const name = /** @type {any} */ (event.target).name;
  if (['category', 'place', 'level', 'flags', 'source'].includes(name)) near();
});

/** @param {string} name */
function toCombo(name) {
  const select = field(name);
  const typed = select?.parentElement?.querySelector('input[role="combobox"]');
  (typed ?? select)?.focus();
}

/** @param {HTMLElement} button */
function take(button) {
  const select = field('category');
  if (!select) return;
  select.value = button.dataset.take;
  select.dispatchEvent(new Event('input', { bubbles: true }));
  select.dispatchEvent(new Event('change', { bubbles: true }));
  toCombo('place');
}

document.addEventListener('click', (event) => {
  const target = event.target instanceof Element ? event.target : null;
  const button = target?.closest('[data-take]');
  if (button) take(/** @type {HTMLElement} */ (button));
  if (target?.closest('#clearing button')) clearing()?.close(); // whatever comes of it is told on the page
});

const clearing = () => /** @type {any} */ (document.getElementById('clearing'));

function begun() {
  return ['matter', 'category', 'place', 'requester_name', 'requester_phone', 'requester_id'].some((name) => field(name)?.value?.trim());
}

/** Enter goes on to the next field: only Ctrl+Enter sends. @param {HTMLElement} from */
function onward(from) {
  const own = form();
  const all = [...(own?.querySelectorAll('input, textarea, select, button') ?? [])];
  const open = all.filter((one) => /** @type {any} */ (one).tabIndex >= 0 && /** @type {any} */ (one).offsetParent && /** @type {any} */ (one).type !== 'hidden');
  /** @type {HTMLElement | undefined} */ (open[open.indexOf(from) + 1])?.focus();
}

/** One key takes the likeliest open case, the same key lets go of it again. */
function join() {
  const choices = [.../** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll('#near input[name="joins"]:not([disabled])'))];
  const [alone, first] = choices;
  if (first) (first.checked ? alone : first).checked = true;
}

addEventListener('keydown', (event) => {
  if (event.isComposing || event.keyCode === 229 || document.querySelector('dialog[open]')) return;
  const number = /^Digit([1-3])$/.exec(event.code)?.[1];
  const offered = number && event.altKey ? document.querySelector(`[data-rank="${number}"]`) : null;
  if (offered) take(/** @type {HTMLElement} */ (offered));
  else if (event.altKey && event.code === 'KeyM') join();
  else if (event.altKey && event.code === 'KeyP') document.getElementById('print-receipt')?.click();
  else if (event.key === 'F2') field('matter')?.focus();
  else return;
  event.preventDefault();
});

document.addEventListener('keydown', (event) => {
  if (event.isComposing || event.keyCode === 229 || event.defaultPrevented || !(event.target instanceof HTMLElement)) return;
  if (event.key === 'Escape' && begun() && !document.querySelector('dialog[open]')) {
    event.preventDefault();
    event.stopPropagation(); // else the field would lose its place
    clearing()?.showModal?.();
  } else if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey && event.target.matches('#register input')) {
    event.preventDefault();
    onward(event.target);
  }
});

document.addEventListener('swapped', () => field('matter')?.focus());
