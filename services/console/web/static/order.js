// @ts-check
/** A work order's page: photos, typed times, and a word when the case changes meanwhile; nothing typed is touched. */
import { onLive } from './live.js';
import './photos.js';
import './times.js';

const told = /** @type {HTMLElement | null} */ (document.getElementById('changed'));

onLive({
  insert: (element) => {
    if (told && element.dataset.key === `o-${told.dataset.of}` && Number(element.dataset.v) > Number(told.dataset.at)) told.hidden = false;
    return false;
  },
});
