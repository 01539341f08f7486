// @ts-check
/**
 * What waits for a decision comes from several services: whatever changes on the board, the list is asked for again. Not
 * under somebody who points at it or stands in it, for a while.
 */
import { follower } from './follow.js';
import { onLive } from './live.js';

const AGAIN_MS = 2_000;
const PATIENCE_MS = 15_000;
const place = /** @type {HTMLElement} */ (document.getElementById('waiting'));

/** @param {number} waited */
const busy = (waited) => waited < PATIENCE_MS && (place.matches(':hover') || place.contains(document.activeElement));

onLive({ changed: follower(place, AGAIN_MS, busy) });
