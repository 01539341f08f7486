// @ts-check
/** How many things wait, beside the menu's word. Asked for now and then while somebody looks; without scripts it is absent. */
const EVERY_MS = 30_000;

async function count() {
  if (document.visibilityState !== 'visible') return;
  for (const place of document.querySelectorAll('[data-count-from]')) {
    const element = /** @type {HTMLElement} */ (place);
    try {
      const answer = await fetch(element.dataset.countFrom ?? '', { credentials: 'same-origin', cache: 'no-store' });
      if (!answer.ok) continue;
      const told = await answer.json();
      element.textContent = told.count ? String(told.count) : '';
      element.dataset.late = told.late ? 'yes' : '';
    } catch {
      element.textContent = ''; // the line is down: no number is better than an old one
    }
  }
}

count();
setInterval(count, EVERY_MS);
document.addEventListener('visibilitychange', count);
