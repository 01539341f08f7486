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

/** @param {string} key */
function buttonOf(key) {
  const found = key.length === 1 ? document.querySelector(`[data-hotkey="${CSS.escape(key)}"]`) : null;
  return /** @type {HTMLElement | null} */ (found);
}

/**
 * Who opens a case and presses a key at once means that case, not the one that still stands there.
 * @param {HTMLElement} button @param {string} key
 */
function press(button, key) {
  const busy = button.closest('[aria-busy="true"]');
  if (!busy) {
    button.click();
    return;
  }
  const then = (/** @type {Event} */ settled) => {
    if (/** @type {CustomEvent<boolean>} */ (settled).detail) buttonOf(key)?.click();
  };
  busy.addEventListener('settled', then, { once: true });
}

addEventListener('keydown', (event) => {
  if (event.isComposing || event.keyCode === 229) return;
  if ((event.ctrlKey || event.metaKey) && event.key === 'Enter') {
    const form = event.target instanceof HTMLElement ? event.target.closest('form') : null;
    form?.requestSubmit();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.key === 'Escape' && writes(event.target)) {
    /** @type {HTMLElement} */ (event.target).blur();
    return;
  }
  if (writes(event.target) || document.querySelector('dialog[open]')) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const button = buttonOf(key);
  if (button) {
    event.preventDefault();
    press(button, key);
    return;
  }
  const act = acts.get(key);
  if (act) {
    event.preventDefault();
    act();
  }
});
