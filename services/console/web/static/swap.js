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
 * @param {{givesWordsBack?: boolean}} [more] a refusal of a form has what was written in it, and is not to be lost
 * @returns {Promise<boolean>} whether it is what stands there now
 */
export async function swap(address, options, place, part, { givesWordsBack = false } = {}) {
  const turn = {};
  takeTurn(place, turn);
  let came = false;
  try {
    came = await bring({ address, options, place, part, turn, givesWordsBack });
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

/**
 * @param {{address: string, options: RequestInit, place: HTMLElement, part: string, turn: object, givesWordsBack: boolean}} asked
 * @returns {Promise<boolean>}
 */
async function bring(asked) {
  const { address, options, place, part, turn, givesWordsBack } = asked;
  const headers = { 'X-Muster-Part': part, ...(options.headers ?? {}) };
  let answer, html, again;
  try {
    answer = await fetch(address, { ...options, headers, credentials: 'same-origin' });
    html = await answer.text();
    if (answer.status === 401 || (answer.status === 403 && html.includes('forged_request'))) again = await import('./again.js');
  } catch {
    toast(say.sayOffline ?? '');
    return false;
  }
  if (again) {
    if (!(await again.signInAgain())) return false;
    if (options.body instanceof URLSearchParams || options.body instanceof FormData) options.body.set('csrf', say.csrf ?? '');
    return bring(asked);
  }
  const refused = answer.status === 422 || answer.status === 409;
  if (latest.get(place) !== turn) {
    if (!refused || !givesWordsBack) return false;
    if (isWrittenIn(place)) {
      toast(faultIn(html));
      return false;
    }
    takeTurn(place, turn);
  }
  if (!answer.ok && !refused) {
    toast(faultIn(html));
    return false;
  }
  place.innerHTML = html;
  place.dispatchEvent(new CustomEvent('swapped', { bubbles: true }));
  return answer.ok;
}

/** Whether somebody has begun to write there. @param {HTMLElement} place */
function isWrittenIn(place) {
  const fields = /** @type {NodeListOf<HTMLInputElement>} */ (place.querySelectorAll('textarea, input:not([type="hidden"])'));
  return [...fields].some((field) => field.value !== field.defaultValue);
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
  const button = /** @type {HTMLButtonElement | null} */ (event.submitter);
  const data = new FormData(form, button ?? undefined);
  button?.setAttribute('aria-busy', 'true');
  const encoded = form.enctype === 'multipart/form-data' ? data : new URLSearchParams(/** @type {any} */ (data));
  try {
    await swap(form.action, { method: 'POST', body: encoded }, place, form.dataset.part ?? 'form', { givesWordsBack: true });
  } finally {
    button?.removeAttribute('aria-busy');
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
