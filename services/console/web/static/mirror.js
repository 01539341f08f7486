// @ts-check
/**
 * A page that shows summonses in its own way: a hidden copy of what the stream tells of them stands in it, and when that
 * changes the page's part is asked for again. Nothing is replaced under somebody who is writing.
 */
import { onLive } from './live.js';
import { follow } from './swap.js';

const AGAIN_MS = 700;
const FAILED_AGAIN_MS = 3_000;
const copy = document.getElementById('mirror');
const place = document.getElementById(copy?.dataset.mirror ?? '');
/** @type {ReturnType<typeof setTimeout> | undefined} */
let soon;

function writes() {
  const at = document.activeElement;
  return place?.contains(at) && at?.matches('input:not([type="hidden"]), textarea, select');
}

async function refresh() {
  soon = undefined;
  if (!place || writes() || place.querySelector('details[open]')) {
    if (place) soon = setTimeout(refresh, AGAIN_MS);
    return;
  }
  if (!(await follow(place))) soon ??= setTimeout(refresh, FAILED_AGAIN_MS);
}

if (copy && place) {
  const only = copy.dataset.only;
  onLive({ insert: (element) => !only || element.dataset.key === only });
  new MutationObserver(() => {
    soon ??= setTimeout(refresh, AGAIN_MS);
  }).observe(copy, { childList: true });
}
