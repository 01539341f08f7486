// @ts-check
/** Counts the large digits down by server time; without it they stand as they were sent. */
const { now, rate } = document.body.dataset;
const since = performance.now();
const place = /** @type {HTMLElement | null} */ (document.querySelector('[data-due]'));

function show() {
  if (!place) return;
  const seconds = Math.round((Number(place.dataset.due) - Number(now)) / 1000 - ((performance.now() - since) / 1000) * Number(rate));
  const [minutes, rest] = [Math.floor(Math.abs(seconds) / 60), Math.abs(seconds) % 60];
  place.textContent = `${seconds < 0 ? '+' : ''}${String(minutes).padStart(2, '0')}:${String(rest).padStart(2, '0')}`;
  place.classList.toggle('late', seconds < 0);
}
setInterval(show, 1000);
show();
