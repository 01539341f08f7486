// @ts-check
/** 回访 by keyboard: 1, 2, 3 say how satisfied (satisfied: solved, too), Ctrl+Enter keeps it. */
const form = /** @type {HTMLFormElement | null} */ (document.getElementById('follow-up'));

/** @param {string} name @param {string} value */
function choose(name, value) {
  const found = /** @type {HTMLInputElement | null | undefined} */ (form?.querySelector(`input[name="${name}"][value="${value}"]`));
  if (found && !form?.querySelector(`input[name="${name}"]:checked`)) found.checked = true;
}

form?.addEventListener('change', (event) => {
  const field = /** @type {HTMLInputElement} */ (event.target);
  if (field.name !== 'satisfaction') return;
  if (field.value !== 'dissatisfied') choose('solved', 'yes');
  else /** @type {HTMLElement | null} */ (form.querySelector('select[name="cause"]'))?.focus();
});
addEventListener('keydown', (event) => {
  const writes = event.target instanceof HTMLElement && event.target.matches('input:not([type="radio"]), textarea, select');
  if ((event.ctrlKey || event.metaKey) && event.key === 'Enter' && !event.isComposing && !writes && event.target === document.body) form?.requestSubmit();
});
