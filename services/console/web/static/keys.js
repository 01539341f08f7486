// @ts-check
/** Keyboard first. No shortcut while somebody writes or composes with an input method. */

/** @type {Map<string, () => void>} */
const acts = new Map();

/** @param {string} key as `event.key` says it @param {() => void} act */
export function onKey(key, act) {
  acts.set(key.length === 1 ? key.toLowerCase() : key, act);
}

/** @param {EventTarget | null} target */
function writes(target) {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'));
}

/**
 * Whether the key is taken. Who opens a case and presses a letter at once means that case, not what still stands there.
 * @param {string} key
 */
function press(key) {
  const busy = [...document.querySelectorAll('[aria-busy="true"]:not(button)')];
  const letter = /^[a-z]$/.test(key);
  const buttons = letter ? [...document.querySelectorAll(buttonOf(key))] : [];
  const act = buttons.find((button) => !busy.some((place) => place.contains(button))) ?? acts.get(key);
  if (act instanceof HTMLElement) act.click();
  else if (typeof act === 'function') act();
  else if (letter) for (const place of busy) whenThere(place, key);
  return Boolean(act) || (letter && busy.length > 0);
}

/** @param {Element} place @param {string} key */
function whenThere(place, key) {
  const then = (/** @type {Event} */ settled) => {
    if (!(/** @type {CustomEvent<boolean>} */ (settled).detail)) return;
    /** @type {HTMLElement | null} */ (place.querySelector(buttonOf(key)))?.click();
  };
  place.addEventListener('settled', then, { once: true });
}

/** @param {string} key */
function buttonOf(key) {
  return `[data-hotkey="${key}"]`;
}

addEventListener('keydown', (event) => {
  if (event.isComposing || event.keyCode === 229) return;
  if ((event.ctrlKey || event.metaKey) && event.key === 'Enter') {
    if (event.repeat) return; // held down, it is one word
    const form = event.target instanceof HTMLElement ? event.target.closest('form') : null;
    form?.requestSubmit();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.key === 'Escape' && writes(event.target)) {
    /** @type {HTMLElement} */ (event.target).blur();
    return;
  }
  if (event.key === 'Enter' && event.target instanceof Element && event.target.closest('a[href], button, summary')) return;
  if (writes(event.target) || document.querySelector('dialog[open]')) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (press(key)) event.preventDefault();
});
