// @ts-check
/**
 * A page that shows summonses in its own way: a hidden copy of what the stream tells of them stands in it, and when that
 * changes the page's part is asked for again. Nothing is replaced under somebody who is writing, or for a while points at it.
 */
import { follower } from './follow.js';
import { onLive } from './live.js';

const AGAIN_MS = 700;
const PATIENCE_MS = 5_000;
const copy = document.getElementById('mirror');
const place = document.getElementById(copy?.dataset.mirror ?? '');

if (copy && place) {
  const only = copy.dataset.only;
  const writes = () => place.contains(document.activeElement) && document.activeElement?.matches('input:not([type="hidden"]), textarea, select');
  onLive({ insert: (element) => !only || element.dataset.key === only });
  const points = () => place.querySelector('form:hover') !== null;
  const changed = follower(place, AGAIN_MS, (waited) => Boolean(writes() || place.querySelector('details[open]') || (waited < PATIENCE_MS && points())));
  new MutationObserver(changed).observe(copy, { childList: true });
}
