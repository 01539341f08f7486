// @ts-check
const SHOWN_MS = 6_000;

/** A word in the corner, read aloud by screen readers, gone by itself. @param {string} words */
export function toast(words) {
  const holder = document.getElementById('toasts');
  if (!holder || !words) return;
  const one = document.createElement('div');
  one.className = 'toast';
  one.textContent = words;
  holder.append(one);
  setTimeout(() => one.remove(), SHOWN_MS);
}
