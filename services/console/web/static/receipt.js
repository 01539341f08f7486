// @ts-check
const button = document.querySelector('[data-print]');
button?.addEventListener('click', () => print());
/** @type {HTMLElement | null} */ (button)?.focus(); // one more Enter and it is on paper
