// @ts-check
/**
 * A part of the page that follows by itself: asked for again after a change, later where somebody is at it or nothing
 * could be had. Nobody is told where it fails, nobody asked to sign in, and looking is no sign of life.
 */
const FAILED_AGAIN_MS = 3_000;

/**
 * Gives what to call at each change. `busy` is told for how long the part has been out of date.
 * @param {HTMLElement} place @param {number} afterMs @param {(waited: number) => boolean} busy
 */
export function follower(place, afterMs, busy) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let soon;
  let since = 0;

  let asked = 0;

  async function refresh() {
    soon = undefined; // what changes from here on is asked for once more
    const mine = (asked += 1);
    const isBusy = () => busy(Date.now() - since);
    if (isBusy()) soon = setTimeout(refresh, afterMs);
    else if (!(await read(place, () => mine === asked && !isBusy()))) soon ??= setTimeout(refresh, FAILED_AGAIN_MS);
  }

  return () => {
    if (soon) return;
    since = Date.now();
    soon = setTimeout(refresh, afterMs);
  };
}

/**
 * False where it is worth another try. What nobody may be shown any more, as somebody began to write meanwhile or a newer
 * one was asked for, is not shown. @param {HTMLElement} place @param {() => boolean} isWanted
 */
async function read(place, isWanted) {
  try {
    const headers = { 'X-Muster-Part': 'part', 'X-Muster-Looks': '1' };
    const answer = await fetch(document.body.dataset.page ?? location.href, { headers, cache: 'no-store', credentials: 'same-origin' });
    if (!answer.ok) return answer.status < 500;
    const html = await answer.text();
    if (!isWanted()) return false;
    place.innerHTML = html;
    place.dispatchEvent(new CustomEvent('swapped', { bubbles: true }));
    return true;
  } catch {
    return false;
  }
}
