// @ts-check
/** The director's desk: lanes, search, the selected row, the case beside it. */
import { onKey } from './keys.js';
import { isStale, onLive, putInOrder } from './live.js';
import { swap } from './swap.js';

const rows = /** @type {HTMLElement} */ (document.getElementById('rows'));
const arrivals = /** @type {HTMLElement} */ (document.getElementById('arrivals'));
const pane = /** @type {HTMLElement} */ (document.getElementById('pane'));
const find = /** @type {HTMLInputElement} */ (document.getElementById('find'));
const held = /** @type {HTMLButtonElement} */ (document.getElementById('held'));
const lanes = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-lane-count]'));
const VERIFY = new Set(['verify', 'follow_up', 'close']);

/** The same lanes as the style sheet's. @type {Record<string, (row: DOMStringMap) => boolean>} */
const IN_LANE = {
  all: () => true,
  dispatch: (row) => row.stage === 'dispatch' || row.stage === 'accept',
  sign_off: (row) => row.stage === 'sign_off',
  soon: (row) => row.lamp === 'soon',
  late: (row) => row.lamp === 'late',
  verify: (row) => VERIFY.has(row.stage ?? ''),
};

function every() {
  return /** @type {HTMLElement[]} */ ([...rows.children].filter((row) => !row.classList.contains('gone')));
}

function shown() {
  return every().filter((row) => row.offsetParent !== null || row.getClientRects().length > 0);
}

function recount() {
  const all = every();
  for (const lane of lanes) {
    const inLane = IN_LANE[lane.dataset.laneCount ?? 'all'];
    lane.textContent = String(all.reduce((sum, row) => sum + (inLane(row.dataset) ? 1 : 0), 0));
  }
  const inLane = IN_LANE[rows.dataset.lane ?? 'all'];
  const left = all.some((row) => inLane(row.dataset) && !row.classList.contains('unfound'));
  /** @type {HTMLElement} */ (rows.closest('.scroll')).classList.toggle('nothing', !left);
  arrivals.classList.toggle('nothing', !arrivals.querySelector('article'));
  const count = document.querySelector('[data-count="arrivals"]');
  if (count) count.textContent = String(arrivals.querySelectorAll('article').length);
}

// -- nothing moves under the cursor: new rows wait, gone ones are marked, none changes its place ------------------------------------------------------------------

/** @type {HTMLElement[]} */
let waiting = [];

/** Somebody is pointing at or standing on a row, or has scrolled: what is new waits behind a button. */
function busy() {
  return rows.matches(':hover') || rows.contains(document.activeElement);
}

/** @param {HTMLElement} row @param {HTMLElement} place */
function insert(row, place) {
  if (place !== rows || !busy()) return true;
  waiting = waiting.filter((one) => one.dataset.key !== row.dataset.key);
  waiting.push(row);
  held.hidden = false;
  held.textContent = `${waiting.length} ${document.body.dataset.sayNew}`;
  return false;
}

/** What is new and waits behind the button: it is heard all the same. */
export function heldRows() {
  return waiting.filter((row) => !isStale(row));
}

function release() {
  for (const row of waiting) {
    const standing = rows.querySelector(`[data-key="${row.dataset.key}"]`);
    if (!standing && !isStale(row)) putInOrder(row, rows);
  }
  waiting = [];
  held.hidden = true;
  for (const row of rows.querySelectorAll('.gone')) row.remove();
  for (const row of /** @type {NodeListOf<HTMLElement>} */ (rows.querySelectorAll('[data-moved]'))) {
    delete row.dataset.moved;
    if (row !== document.activeElement) putInOrder(row, rows);
  }
  seek();
  recount();
}

/** As soon as nobody points at the list or stands in it. */
function settle() {
  if (!busy() && (waiting.length || rows.querySelector('.gone, [data-moved]'))) release();
}
held.addEventListener('click', release);
rows.addEventListener('mouseleave', settle);
rows.addEventListener('focusout', () => setTimeout(settle));

onLive({
  insert,
  still: (place) => place === rows && busy(),
  relisted: () => {
    waiting = [];
    held.hidden = true;
  },
  changed: () => {
    seek();
    recount();
  },
});

// -- lanes and search ----------------------------------------------------------------------------------------------

/** @param {string} lane */
function choose(lane) {
  rows.dataset.lane = lane;
  for (const link of document.querySelectorAll('.lanes a')) {
    const mine = /** @type {HTMLElement} */ (link).dataset.lane === lane;
    if (mine) link.setAttribute('aria-current', 'true');
    else link.removeAttribute('aria-current');
  }
  remember();
  recount();
}

/**
 * The address is the list: whoever opens it sees the same. Only what the board itself says stands in it, so nothing that
 * somebody merely typed does.
 */
function remember() {
  const asked = new URLSearchParams();
  const lane = rows.dataset.lane ?? 'all';
  if (lane !== 'all') asked.set('lane', lane);
  const words = find.value.trim();
  if (words && every().some((row) => !row.classList.contains('unfound'))) asked.set('find', words);
  const query = asked.toString();
  history.replaceState(null, '', query ? `/board?${query}` : '/board');
}

const links = /** @type {HTMLElement[]} */ ([...document.querySelectorAll('.lanes a')]);
links.forEach((link, index) => {
  onKey(String(index + 1), () => choose(link.dataset.lane ?? 'all'));
  link.addEventListener('click', (event) => {
    event.preventDefault();
    choose(link.dataset.lane ?? 'all');
  });
});

function seek() {
  const words = find.value.trim().toLowerCase();
  for (const row of every()) {
    row.classList.toggle('unfound', words !== '' && !(row.textContent ?? '').toLowerCase().includes(words));
  }
}
find.addEventListener('input', () => {
  seek();
  remember();
  recount();
});
find.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && !event.isComposing) {
    find.blur();
    select(shown()[0]);
  }
});

// -- the selected row and its case ---------------------------------------------------------------------------------

function selected() {
  return /** @type {HTMLElement | null} */ (rows.querySelector('[aria-selected="true"]'));
}

/** @param {HTMLElement | undefined} row */
function select(row) {
  if (!row) return;
  selected()?.removeAttribute('aria-selected');
  row.setAttribute('aria-selected', 'true');
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: 'nearest' });
}

/** @param {number} step */
function move(step) {
  const list = shown();
  const at = list.indexOf(/** @type {HTMLElement} */ (selected()));
  select(list[at < 0 ? 0 : Math.min(list.length - 1, Math.max(0, at + step))]);
}

/** @param {string} address */
function open(address) {
  swap(address, {}, pane, 'pane').then((came) => {
    if (came) pane.scrollTop = 0;
  });
}

onKey('j', () => move(1));
onKey('k', () => move(-1));
onKey('ArrowDown', () => move(1));
onKey('ArrowUp', () => move(-1));
onKey('Enter', () => {
  const link = /** @type {HTMLAnchorElement | null | undefined} */ (selected()?.querySelector('a[data-pane]'));
  if (link) open(link.href);
});

document.addEventListener('click', (event) => {
  if (!(event.target instanceof Element) || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const row = /** @type {HTMLElement | null} */ (event.target.closest('#rows tr'));
  const link = /** @type {HTMLAnchorElement | null} */ (event.target.closest('a[data-pane]') ?? row?.querySelector('a[data-pane]') ?? null);
  if (!link) return;
  event.preventDefault();
  if (row) select(row);
  open(link.href);
});

find.value = new URLSearchParams(location.search).get('find') ?? '';
seek();
recount();
