// @ts-check
/**
 * Part of a page anew without the whole page. `form[data-swap]` and `a[data-swap]` name the element that is replaced;
 * without scripts they are plain forms and links. 422: the same form with its mistakes; 401: sign in again over the
 * page, then the same once more.
 */
import { toast } from './toast.js';

const say = document.body.dataset;
/** Whose answer may be shown, for each place. @type {WeakMap<HTMLElement, object>} */
const latest = new WeakMap();

/**
 * What was asked for last stays: an answer that comes after another was asked for is not shown, but for a refusal of what
 * was sent, which gives words back. While something is on its way the place is busy; `settled` says whether it came.
 * @param {string} address @param {RequestInit} options @param {HTMLElement} place @param {string} part @returns {Promise<boolean>}
 */
export async function swap(address, options, place, part) {
  const turn = {};
  latest.set(place, turn);
  place.setAttribute('aria-busy', 'true');
  const came = await bring(address, options, place, part, turn);
  if (latest.get(place) === turn) {
    place.removeAttribute('aria-busy');
    place.dispatchEvent(new CustomEvent('settled', { detail: came }));
  }
  return came;
}

/**
 * @param {string} address @param {RequestInit} options @param {HTMLElement} place @param {string} part @param {object} turn
 * @returns {Promise<boolean>}
 */
async function bring(address, options, place, part, turn) {
  const headers = { 'X-Muster-Part': part, ...(options.headers ?? {}) };
  let answer;
  try {
    answer = await fetch(address, { ...options, headers, credentials: 'same-origin' });
  } catch {
    toast(say.sayOffline ?? '');
    return false;
  }
  const html = await answer.text();
  if (answer.status === 401 || (answer.status === 403 && html.includes('forged_request'))) {
    const { signInAgain } = await import('./again.js');
    if (!(await signInAgain())) return false;
    if (options.body instanceof URLSearchParams || options.body instanceof FormData) options.body.set('csrf', say.csrf ?? '');
    return bring(address, options, place, part, turn);
  }
  const refused = answer.status === 422 || answer.status === 409;
  if (answer.ok || refused) {
    if (refused && options.method === 'POST') latest.set(place, turn);
    if (latest.get(place) === turn) {
      place.innerHTML = html;
      place.dispatchEvent(new CustomEvent('swapped', { bubbles: true }));
    }
    return answer.ok;
  }
  const told = document.createElement('template');
  told.innerHTML = html;
  toast(told.content.querySelector('.fault')?.textContent ?? say.sayFailed ?? '');
  return false;
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
  await swap(form.action, { method: 'POST', body: encoded }, place, form.dataset.part ?? 'form');
  button?.removeAttribute('aria-busy');
});

document.addEventListener('click', (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  const link = event.target instanceof Element ? event.target.closest('a[data-swap]') : null;
  const place = link && document.getElementById(/** @type {HTMLElement} */ (link).dataset.swap ?? '');
  if (!link || !place) return;
  event.preventDefault();
  swap(/** @type {HTMLAnchorElement} */ (link).href, {}, place, /** @type {HTMLElement} */ (link).dataset.part ?? 'pane');
});
