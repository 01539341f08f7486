// @ts-check
/** Signing in again over the page: what was typed stays where it is, and every form gets the new session's token. */

const TRIES_MAX = 2;
/** @type {Promise<boolean> | null} */
let under_way = null;

/** Whether somebody is signed in afterwards. However many ask at once, there is one dialog. */
export function signInAgain() {
  under_way ??= ask().finally(() => { under_way = null; });
  return under_way;
}

/** @param {RequestInit} [options] */
function fetched(options) {
  return fetch('/sign-in', { credentials: 'same-origin', cache: 'no-store', headers: { 'X-Muster-Part': 'again' }, ...options });
}

/** @returns {Promise<boolean>} */
async function ask() {
  const dialog = document.createElement('dialog');
  dialog.className = 'help again';
  dialog.setAttribute('aria-labelledby', 'again-title');
  const before = /** @type {HTMLElement | null} */ (document.activeElement);
  let done = (/** @type {boolean} */ _) => {};
  let tries = 0;
  /** @type {Promise<boolean>} */
  const answered = new Promise((resolve) => { done = resolve; });

  const show = async (/** @type {Response} */ answer) => {
    const held = document.createElement('template');
    held.innerHTML = await answer.text();
    const again = /** @type {HTMLElement | null} */ (held.content.querySelector('[data-again-done]'));
    if (again) {
      adopt(again.dataset);
      done(true);
      return;
    }
    if (!held.content.querySelector('form')) {
      // Signed in by another tab meanwhile, or refused as a whole: asked afresh it is one or the other.
      if (tries++ < TRIES_MAX) await fetched().then(show, () => done(false));
      else done(false);
      return;
    }
    dialog.replaceChildren(held.content);
    if (!dialog.open) {
      document.body.append(dialog);
      if (dialog.showModal) dialog.showModal();
      else dialog.setAttribute('open', '');
    }
    const staff = /** @type {HTMLInputElement} */ (dialog.querySelector('input[name="staff"]'));
    staff.value ||= document.body.dataset.staff ?? '';
    /** @type {HTMLInputElement} */ (dialog.querySelector('input[name="code"], input[name="password"]')).focus();
  };

  dialog.addEventListener('close', () => done(false));
  dialog.addEventListener('click', (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (target?.closest('[data-again]')) fetched().then(show, () => {});
    if (target?.closest('[data-later]')) done(false);
  });
  dialog.addEventListener('submit', (event) => {
    event.preventDefault();
    event.stopPropagation();
    const body = new URLSearchParams(/** @type {any} */ (new FormData(/** @type {HTMLFormElement} */ (event.target))));
    fetched({ method: 'POST', body }).then(show, () => {});
  });
  await fetched().then(show, () => done(false));
  const signed = await answered;
  dialog.remove();
  before?.focus?.({ preventScroll: true });
  return signed;
}

/** Another account's page is another page; the same one's goes on. @param {DOMStringMap} again */
function adopt(again) {
  const body = document.body.dataset;
  if (body.staff && body.staff !== again.staff) {
    location.reload();
    return;
  }
  body.csrf = again.csrf;
  body.session = again.session;
  for (const field of /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll('input[name="csrf"]'))) field.value = again.csrf ?? '';
  dispatchEvent(new Event('signed-in'));
}
