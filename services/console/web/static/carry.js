// @ts-check
/** What somebody typed, ticked or opened in an element goes with it when a newer version takes its place. */

/** @param {Element} field @returns {string} */
function keyOf(field) {
  const own = /** @type {any} */ (field);
  const value = own.type === 'checkbox' || own.type === 'radio' ? own.value : '';
  const form = own.getAttribute('form') ?? own.form?.getAttribute('action') ?? ''; // one not in the page yet has no form elsewhere
  return `${form} ${own.name} ${value}`;
}

/** @param {ParentNode} from @param {ParentNode} to */
export function carry(from, to) {
  const fields = [.../** @type {NodeListOf<any>} */ (to.querySelectorAll('input:not([type="hidden"]), textarea, select'))];
  for (const old of /** @type {NodeListOf<any>} */ (from.querySelectorAll('input:not([type="hidden"]), textarea, select'))) {
    const field = fields.find((one) => keyOf(one) === keyOf(old));
    if (!field) continue;
    if (old.type === 'checkbox' || old.type === 'radio') field.checked = old.checked;
    else field.value = old.value;
    if (old === document.activeElement) queueMicrotask(() => field.focus({ preventScroll: true }));
  }
  const opened = [...from.querySelectorAll('details[open] > summary')].map((one) => one.textContent);
  for (const one of to.querySelectorAll('details')) {
    if (opened.includes(one.querySelector('summary')?.textContent ?? '')) one.setAttribute('open', '');
  }
}
