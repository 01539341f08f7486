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

  async function refresh() {
    soon = undefined; // what changes from here on is asked for once more
    if (busy(Date.now() - since)) soon = setTimeout(refresh, afterMs);
    else if (!(await read(place))) soon ??= setTimeout(refresh, FAILED_AGAIN_MS);
  }

  return () => {
    if (soon) return;
    since = Date.now();
    soon = setTimeout(refresh, afterMs);
  };
}

/** False where it is worth another try. @param {HTMLElement} place */
async function read(place) {
  try {
    const headers = { 'X-Muster-Part': 'part', 'X-Muster-Looks': '1' };
    const answer = await fetch(location.href, { headers, cache: 'no-store', credentials: 'same-origin' });
    if (!answer.ok) return answer.status < 500;
    place.innerHTML = await answer.text();
    place.dispatchEvent(new CustomEvent('swapped', { bubbles: true }));
    return true;
  } catch {
    return false;
  }
}
