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
  let reading = false;
  let again = false;

  async function refresh() {
    soon = undefined;
    const isBusy = () => busy(Date.now() - since);
    if (isBusy()) {
      soon = setTimeout(refresh, afterMs);
      return;
    }
    reading = true;
    const came = await read(place, () => !isBusy());
    reading = false;
    if (again || !came) soon = setTimeout(refresh, came ? afterMs : FAILED_AGAIN_MS);
    again = false;
  }

  return () => {
    if (soon || again) return;
    since = Date.now();
    if (reading) again = true; // one at a time: what changed meanwhile is asked for after it
    else soon = setTimeout(refresh, afterMs);
  };
}

/**
 * False where it is worth another try: also where somebody began to write while it was on its way, and it is not shown.
 * @param {HTMLElement} place @param {() => boolean} isWanted
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
