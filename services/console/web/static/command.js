// @ts-check
/**
 * What is thought of a choice stands beside it, anew with every change: `[data-beside="address"]` in a form names the fields
 * it rests on (`data-of`). Without scripts it is there after sending.
 */
import { swap } from './swap.js';

/** @type {ReturnType<typeof setTimeout> | undefined} */
let soon;

document.addEventListener('change', (event) => {
  const field = event.target instanceof HTMLElement ? event.target : null;
  const form = field?.closest('form');
  const place = /** @type {HTMLElement | null} */ (form?.querySelector('[data-beside]') ?? null);
  if (!form || !place || !(place.dataset.of ?? '').split(' ').includes(field?.getAttribute('name') ?? '')) return;
  clearTimeout(soon);
  soon = setTimeout(() => {
    const body = new URLSearchParams(/** @type {any} */ (new FormData(form)));
    swap(place.dataset.beside ?? '', { method: 'POST', body }, place, 'beside');
  }, 150);
});
