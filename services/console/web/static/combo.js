// @ts-check
/**
 * `select[data-combo]` becomes a field one types into: a part of the name, or the pinyin initials (区人社局: qrsj). The
 * select stays what is sent. Keys as the ARIA pattern has them; nothing happens while an input method composes.
 */

const SHOWN_MAX = 12;
/** @type {Promise<Record<string, Record<string, string>>> | null} */
let index = null;

function loadIndex() {
  const address = document.body.dataset.index;
  index ??= address ? fetch(address).then((answer) => (answer.ok ? answer.json() : {})) : Promise.resolve({});
  return index;
}

let made = 0;

/** @param {HTMLSelectElement} select */
function enhance(select) {
  const kind = select.dataset.combo ?? '';
  const id = `combo-${(made += 1)}`;
  const field = document.createElement('input');
  const list = document.createElement('ul');
  const chosen = document.createElement('span');
  Object.assign(field, { type: 'text', autocomplete: 'off', spellcheck: false, id });
  for (const [name, value] of Object.entries({
    role: 'combobox', 'aria-expanded': 'false', 'aria-controls': `${id}-list`, 'aria-autocomplete': 'list',
  })) field.setAttribute(name, value);
  list.id = `${id}-list`;
  list.className = 'combo-list';
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', select.parentElement?.firstChild?.textContent?.trim() ?? '');
  list.hidden = true;
  chosen.className = 'combo-chosen';
  /** @type {Record<string, string>} */
  let keys = {};
  let at = 0;
  let before = '';

  const several = select.multiple;
  const options = () => [...select.options].filter((one) => one.value);
  const show = () => {
    if (several) {
      chosen.replaceChildren(...[...select.selectedOptions].map((one) => {
        const button = document.createElement('button');
        button.type = 'button';
        button.className = 'chip';
        button.textContent = `${one.textContent} ×`;
        button.addEventListener('click', () => { one.selected = false; show(); changed(); });
        return button;
      }));
    } else {
      field.value = select.selectedOptions[0]?.value ? select.selectedOptions[0].textContent ?? '' : '';
    }
  };
  const changed = () => {
    select.dispatchEvent(new Event('input', { bubbles: true }));
    select.dispatchEvent(new Event('change', { bubbles: true }));
  };
  const found = () => {
    const words = field.value.trim().toLowerCase();
    if (!words) return options().slice(0, SHOWN_MAX);
    const ranked = options().map((one) => {
      const name = (one.textContent ?? '').toLowerCase();
      const typed = ` ${keys[one.value] ?? ''}`;
      const rank = name.startsWith(words) ? 0 : typed.includes(` ${words}`) ? 1 : name.includes(words) ? 2 : typed.includes(words) ? 3 : 9;
      return { one, rank };
    });
    return ranked.filter((each) => each.rank < 9).sort((a, b) => a.rank - b.rank).map((each) => each.one).slice(0, SHOWN_MAX);
  };
  const draw = () => {
    const hits = found();
    at = Math.min(at, Math.max(0, hits.length - 1));
    list.replaceChildren(...hits.map((one, place) => {
      const item = document.createElement('li');
      item.id = `${id}-${place}`;
      item.setAttribute('role', 'option');
      item.setAttribute('aria-selected', String(place === at));
      item.textContent = one.textContent;
      item.addEventListener('mousedown', (event) => { event.preventDefault(); take(one); });
      return item;
    }));
    list.hidden = hits.length === 0;
    field.setAttribute('aria-expanded', String(!list.hidden));
    if (list.hidden) field.removeAttribute('aria-activedescendant');
    else field.setAttribute('aria-activedescendant', `${id}-${at}`);
    return hits;
  };
  const close = () => {
    list.hidden = true;
    field.setAttribute('aria-expanded', 'false');
    field.removeAttribute('aria-activedescendant');
  };
  /** @param {HTMLOptionElement} option */
  const take = (option) => {
    option.selected = true;
    before = select.value;
    if (several) field.value = '';
    show();
    close();
    changed();
  };

  loadIndex().then((all) => {
    keys = all[kind] ?? {};
    if (document.activeElement === field && field.value) draw(); // typed before the index was there
  });
  field.addEventListener('focus', () => { before = select.value; field.select(); });
  field.addEventListener('input', () => {
    at = 0;
    if (!several) select.value = options().find((one) => one.textContent === field.value)?.value ?? ''; // sent is what stands there
    draw();
  });
  field.addEventListener('blur', () => {
    close();
    if (several) return;
    if (select.value === before) show();
    else {
      before = select.value;
      changed();
    }
  });
  field.addEventListener('keydown', (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (!list.hidden) at += event.key === 'ArrowDown' ? 1 : -1;
      at = Math.max(0, at);
      draw();
    } else if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) {
      event.preventDefault(); // choosing never sends the form
      const hit = list.hidden ? undefined : found()[at];
      if (hit) take(hit);
    } else if (event.key === 'Enter') {
      if (!list.hidden && !event.repeat) take(found()[at]); // and the form is sent with it
    } else if (event.key === 'Escape' && (!list.hidden || (!several && select.value !== before))) {
      event.preventDefault();
      event.stopPropagation();
      close();
      if (!several) {
        select.value = before;
        show();
      }
    }
  });
  select.addEventListener('change', show); // also where a suggestion was taken
  select.classList.add('combo-hidden');
  select.tabIndex = -1;
  select.setAttribute('aria-hidden', 'true');
  if (select.required) field.setAttribute('aria-required', 'true');
  select.before(chosen, field, list);
  show();
}

/** @param {ParentNode} place */
function enhanceAll(place) {
  for (const select of place.querySelectorAll('select[data-combo]:not(.combo-hidden)')) {
    enhance(/** @type {HTMLSelectElement} */ (select));
  }
}

enhanceAll(document);
document.addEventListener('swapped', (event) => enhanceAll(/** @type {HTMLElement} */ (event.target)));
