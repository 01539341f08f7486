// @ts-check
/**
 * What waits for a decision comes from several services: whatever changes on the board, the list is asked for again. Not
 * under somebody who points at it or stands in it, for a while.
 */
import { onLive } from './live.js';
import { follow } from './swap.js';

const AGAIN_MS = 2_000;
const PATIENCE_MS = 15_000;
const place = /** @type {HTMLElement} */ (document.getElementById('waiting'));
/** @type {ReturnType<typeof setTimeout> | undefined} */
let soon;
let since = 0;

function busy() {
  return (place.matches(':hover') || place.contains(document.activeElement)) && Date.now() - since < PATIENCE_MS;
}

async function refresh() {
  if (busy()) {
    soon = setTimeout(refresh, AGAIN_MS);
    return;
  }
  soon = undefined; // what changes from here on is asked for once more
  if (!(await follow(place))) plan();
}

function plan() {
  if (soon) return;
  since = Date.now();
  soon = setTimeout(refresh, AGAIN_MS);
}

onLive({ changed: plan });
