// @ts-check
/** What every page does: the line, the clock, keys, help. */
import { onKey } from './keys.js';
import './combo.js';
import './counts.js';
import './draft.js';
import './live.js';
import './swap.js';

const help = /** @type {HTMLDialogElement | null} */ (document.getElementById('help'));
onKey('?', () => help?.showModal?.());
onKey('/', () => /** @type {HTMLElement | null} */ (document.querySelector('input[type="search"]'))?.focus());

document.addEventListener('click', (event) => {
  const menu = document.querySelector('details.me[open]');
  if (menu && !menu.contains(/** @type {Node} */ (event.target))) menu.removeAttribute('open');
});
