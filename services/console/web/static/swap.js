// @ts-check
/**
 * Part of a page anew without the whole page. `form[data-swap]` and `a[data-swap]` name the element that is replaced;
 * without scripts they are plain forms and links. 422: the same form with its mistakes; 401: sign in again over the
 * page, then the same once more.
 */
import { toast } from './toast.js';

const say = document.body.dataset;
/** Whose answer is waited for, of each place. @type {WeakMap<HTMLElement, object>} */
const latest = new WeakMap();

/**
 * What was asked for last stays: an answer that comes after another was asked for is not shown. While something is on its
 * way the place is busy; `settled` says for each asking whether it came to be shown.
 * @param {string} address @param {RequestInit} options @param {HTMLElement} place @param {string} part
 * @param {HTMLFormElement | null} [form] what is sent: where that fails, what was written in it is not to be lost
 * @returns {Promise<boolean>} whether it is what stands there now
 */
export async function swap(address, options, place, part, form = null) {
  const turn = {};
  takeTurn(place, turn);
  let came = false;
  try {
    came = await bring({ address, options, place, part, turn, form, stood: [...place.childNodes] });
  } finally {
    if (latest.get(place) === turn) {
      latest.delete(place);
      place.removeAttribute('aria-busy');
      settled(place, came);
    }
  }
  return came;
}

/** @param {HTMLElement} place @param {object} turn */
function takeTurn(place, turn) {
  if (latest.has(place)) settled(place, false);
  latest.set(place, turn);
  place.setAttribute('aria-busy', 'true');
}

/** @param {HTMLElement} place @param {boolean} came */
function settled(place, came) {
  place.dispatchEvent(new CustomEvent('settled', { detail: came }));
}

/** @typedef {{address: string, options: RequestInit, place: HTMLElement, part: string, turn: object,
 *   form: HTMLFormElement | null, stood: ChildNode[]}} Asked */

/** @param {Asked} asked @returns {Promise<boolean>} */
async function bring(asked) {
  const { address, options, place, part, turn, form } = asked;
  const headers = { 'X-Muster-Part': part, ...(options.headers ?? {}) };
  let answer, html, again;
  try {
    answer = await fetch(address, { ...options, headers, credentials: 'same-origin' });
    html = await answer.text();
    if (answer.status === 401 || (answer.status === 403 && html.includes('forged_request'))) again = await import('./again.js');
  } catch {
    return failed(asked, say.sayOffline ?? '');
  }
  if (again) {
    if (!(await again.signInAgain())) return failed(asked, '');
    if (options.body instanceof URLSearchParams || options.body instanceof FormData) options.body.set('csrf', say.csrf ?? '');
    return bring(asked);
  }
  const refused = answer.status === 422 || answer.status === 409;
  if (!answer.ok && !(refused && regained(asked))) return failed(asked, faultIn(html));
  if (latest.get(place) !== turn) return false;
  place.innerHTML = html;
  place.dispatchEvent(new CustomEvent('swapped', { bubbles: true }));
  return answer.ok;
}

/** Told, unless it was overtaken and nobody loses anything by it. @param {Asked} asked @param {string} words */
function failed(asked, words) {
  if (regained(asked) || asked.form) toast(words);
  return false;
}

/**
 * Whether the place is this asking's: nobody asked for anything after it, or its form failed. What was written in that
 * form stays then, whatever else is on its way, or stands there again where nobody is at something else.
 * @param {Asked} asked
 */
function regained({ place, turn, form, stood }) {
  if (latest.get(place) === turn) return true;
  if (!form || (!form.isConnected && isAtWork(place))) return false;
  takeTurn(place, turn);
  if (!form.isConnected) place.replaceChildren(...stood);
  return true;
}

/** Whether somebody stands in a form there, or has begun one. @param {HTMLElement} place */
function isAtWork(place) {
  return place.querySelector('form:focus-within') !== null || [...place.querySelectorAll('input, textarea, select')].some(isChanged);
}

/** @param {Element} field */
function isChanged(field) {
  if (field instanceof HTMLSelectElement) return isChosenAnew(field);
  const one = /** @type {HTMLInputElement} */ (field);
  if (one.type === 'hidden' || one.getAttribute('role') === 'combobox') return false; // the list behind it tells
  return one.type === 'radio' || one.type === 'checkbox' ? one.checked !== one.defaultChecked : one.value !== one.defaultValue;
}

/** @param {HTMLSelectElement} list */
function isChosenAnew(list) {
  const options = [...list.options];
  if (list.multiple || options.some((one) => one.defaultSelected)) return options.some((one) => one.selected !== one.defaultSelected);
  return list.selectedIndex > 0;
}

/** @param {string} html @returns {string} */
function faultIn(html) {
  const told = document.createElement('template');
  told.innerHTML = html;
  return told.content.querySelector('.fault')?.textContent ?? say.sayFailed ?? '';
}

document.addEventListener('submit', async (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  const place = form.dataset.swap && document.getElementById(form.dataset.swap);
  if (!place) return;
  event.preventDefault();
  if (form.inert) return; // it is on its way: neither sent twice nor written in, as its answer takes its place
  const button = /** @type {HTMLButtonElement | null} */ (event.submitter);
  const data = new FormData(form, button ?? undefined);
  const encoded = form.enctype === 'multipart/form-data' ? data : new URLSearchParams(/** @type {any} */ (data));
  const at = /** @type {HTMLElement | null} */ (document.activeElement);
  form.inert = true;
  try {
    await swap(form.action, { method: 'POST', body: encoded }, place, form.dataset.part ?? 'form', form);
  } finally {
    form.inert = false;
    if (form.contains(at) && document.activeElement === document.body) at?.focus({ preventScroll: true });
  }
});

document.addEventListener('click', (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  const link = event.target instanceof Element ? event.target.closest('a[data-swap]') : null;
  const place = link && document.getElementById(/** @type {HTMLElement} */ (link).dataset.swap ?? '');
  if (!link || !place) return;
  event.preventDefault();
  swap(/** @type {HTMLAnchorElement} */ (link).href, {}, place, /** @type {HTMLElement} */ (link).dataset.part ?? 'pane');
});
