// @ts-check
/** What waits for a decision comes from several services: whatever changes on the board, the list is asked for again. */
import { onLive } from './live.js';
import { swap } from './swap.js';

const AGAIN_MS = 2_000;
const place = /** @type {HTMLElement} */ (document.getElementById('waiting'));
/** @type {ReturnType<typeof setTimeout> | undefined} */
let soon;

async function refresh() {
  const told = await swap(location.href, { cache: 'no-store', headers: { 'X-Muster-Looks': '1' } }, place, 'part');
  soon = told ? undefined : setTimeout(refresh, AGAIN_MS);
}

onLive({
  changed: () => {
    soon ??= setTimeout(refresh, AGAIN_MS);
  },
});
