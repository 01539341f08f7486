// @ts-check
/** Counts the large digits down by server time; without it they stand as they were sent. */
const { now, rate } = document.body.dataset;
const [even, own] = [performance.now(), Date.now()];
/** Also those in which the telephone slept (since.js has the same; one file comes sooner than two). */
const gone = () => Math.max(performance.now() - even, Date.now() - own);
const place = /** @type {HTMLElement | null} */ (document.querySelector('[data-due]'));

function show() {
  if (!place) return;
  const seconds = Math.round((Number(place.dataset.due) - Number(now)) / 1000 - (gone() / 1000) * Number(rate));
  const [minutes, rest] = [Math.floor(Math.abs(seconds) / 60), Math.abs(seconds) % 60];
  place.textContent = `${seconds < 0 ? '+' : ''}${String(minutes).padStart(2, '0')}:${String(rest).padStart(2, '0')}`;
  place.classList.toggle('late', seconds < 0);
}
setInterval(show, 1000);
show();
