// @ts-check
/** `input[data-time]`: what somebody typed as a time, and what the server takes it to mean, before it is kept. */

const PAUSE_MS = 300;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
let asked = 0;

/** @param {HTMLInputElement} field */
async function mean(field) {
  const told = field.parentElement?.querySelector('output');
  const mine = (asked += 1);
  if (!told) return;
  if (!field.value.trim()) {
    told.textContent = '';
    return;
  }
  const body = new URLSearchParams({ typed: field.value, way: field.dataset.time ?? '', csrf: document.body.dataset.csrf ?? '' });
  const answer = await fetch('/time', { method: 'POST', body, credentials: 'same-origin' }).catch(() => null);
  if (!answer || mine !== asked) return;
  const words = answer.ok || answer.status === 422 ? await answer.text() : '';
  told.textContent = words;
  told.classList.toggle('unread', answer.status === 422);
}

document.addEventListener('input', (event) => {
  const field = /** @type {HTMLInputElement} */ (event.target);
  if (field.dataset?.time === undefined) return;
  clearTimeout(timer);
  timer = setTimeout(() => mean(field), PAUSE_MS);
});
for (const field of document.querySelectorAll('input[data-time]')) {
  if (/** @type {HTMLInputElement} */ (field).value) mean(/** @type {HTMLInputElement} */ (field));
}
