// @ts-check
/**
 * A page that shows summonses in its own way: a hidden copy of what the stream tells of them stands in it, and when that
 * changes the page's part is asked for again. Nothing is replaced under somebody who is writing.
 */
import { follower } from './follow.js';
import { onLive } from './live.js';

const AGAIN_MS = 700;
const copy = document.getElementById('mirror');
const place = document.getElementById(copy?.dataset.mirror ?? '');

if (copy && place) {
  const only = copy.dataset.only;
  const writes = () => place.contains(document.activeElement) && document.activeElement?.matches('input:not([type="hidden"]), textarea, select');
  onLive({ insert: (element) => !only || element.dataset.key === only });
  const changed = follower(place, AGAIN_MS, () => Boolean(writes() || place.querySelector('details[open]')));
  new MutationObserver(changed).observe(copy, { childList: true });
}
