// @ts-check
/**
 * The page's side of the stream: the newest version of each row wins, whatever comes in which order; server time counts
 * every clock; the state of the line is always on the screen.
 */
import { LiveSource } from './live-source.js';
import { sinceNow } from './since.js';

const body = document.body;
const FRESH_MS = 1_000;

/** Server time: what it was when last told, and how fast it runs (a demo's clock is faster than the wall's). */
const time = { told: Number(body.dataset.now), since: sinceNow(), rate: Number(body.dataset.rate) };

export function serverNow() {
  return time.told + time.since() * time.rate;
}

/** @type {{insert: (element: HTMLElement, place: HTMLElement) => boolean, still: (place: Element | null) => boolean,
 *   changed: () => void, relisted: () => void, replaced: (old: HTMLElement, element: HTMLElement) => void}} */
const hooks = { insert: () => true, still: () => false, changed: () => {}, relisted: () => {}, replaced: () => {} };

/**
 * A page may hold new rows back (`insert` answers false), say that nothing may move just now (`still`: a row that is gone
 * is marked, one that is due elsewhere stays) and look at what changed; `relisted`: what it held back is out
 * of date, the list was read anew; `replaced`: what was typed goes over to the newer version. @param {Partial<typeof hooks>} own
 */
export function onLive(own) {
  Object.assign(hooks, own);
}

// -- rows ----------------------------------------------------------------------------------------------------------

/** @param {string} id */
function sequenceOf(id) {
  return Number(id.slice(id.lastIndexOf('-') + 1)) || 0;
}

/**
 * Whether what was told under `id` is no newer than the list: not after it, or of a stream that began anew since, whose
 * numbers say nothing about this one's. @param {string} id @param {string} list
 */
function isBefore(id, list) {
  const life = (/** @type {string} */ one) => one.slice(0, one.lastIndexOf('-'));
  return life(id) !== life(list) || sequenceOf(id) <= sequenceOf(list);
}

/** What stands here for a key, and the versions of rows that are gone: an older one must not come back. */
/** @type {Map<string, number>} */
const goneAt = new Map();

/** Whether something newer was heard of a row that was held back. @param {HTMLElement} element */
export function isStale(element) {
  return (goneAt.get(element.dataset.key ?? '') ?? -1) >= version(element);
}

/** @param {string} key @returns {HTMLElement | null} */
function standing(key) {
  return document.getElementById('main')?.querySelector(`[data-key="${key}"]`) ?? null;
}

/** @param {HTMLElement} element */
function version(element) {
  return Number(element.dataset.v);
}

/**
 * Applies one element of a frame or of a list read anew. A higher version replaces a lower one, in its place.
 * @param {HTMLElement} element @param {string} id @param {boolean} fresh
 */
function take(element, id, fresh) {
  const key = /** @type {string} */ (element.dataset.key);
  const old = standing(key);
  const known = Math.max(old ? version(old) : -1, goneAt.get(key) ?? -1);
  if (version(element) <= known) return;
  if (element.dataset.gone !== undefined) {
    goneAt.set(key, version(element));
    if (old) leave(old);
    return;
  }
  goneAt.delete(key);
  element.dataset.seq = id;
  const place = /** @type {HTMLElement | null} */ (document.querySelector(`[data-slot-of="${element.dataset.slot}"]`));
  if (!place) return;
  if (old) {
    if (old.getAttribute('aria-selected')) element.setAttribute('aria-selected', 'true');
    const focused = old === document.activeElement || old.contains(document.activeElement);
    const elsewhere = old.dataset.slot !== element.dataset.slot;
    const moves = orderOf(old) !== orderOf(element) || old.dataset.moved !== undefined;
    const still = focused || old.matches(':hover') || hooks.still(place);
    hooks.replaced(old, element);
    old.replaceWith(element);
    if (focused) element.focus({ preventScroll: true });
    if (elsewhere || (moves && !still)) putInOrder(element, place);
    else if (moves) element.dataset.moved = '';
  } else if (hooks.insert(element, place)) {
    putInOrder(element, place);
  }
  if (fresh) {
    element.classList.add('fresh');
    setTimeout(() => element.classList.remove('fresh'), FRESH_MS);
  }
}

/** What is due first stands first: said by the element, or by the time in its last cell. @param {HTMLElement} element */
function orderOf(element) {
  const due = /** @type {HTMLElement | null} */ (element.lastElementChild)?.dataset.due;
  return Number(element.dataset.order ?? due ?? Infinity);
}

/** Gone; but where nothing may move just now it stays, marked, until it may. @param {HTMLElement} row */
function leave(row) {
  if (hooks.still(row.parentElement)) row.classList.add('gone');
  else row.remove();
}

/** @param {HTMLElement} element @param {HTMLElement} place */
export function putInOrder(element, place) {
  const order = orderOf(element);
  let before = null;
  for (const other of place.children) {
    if (other === element) continue;
    if (orderOf(/** @type {HTMLElement} */ (other)) > order) {
      before = other;
      break;
    }
  }
  place.insertBefore(element, before);
}

/** @param {string} html @returns {HTMLElement} */
function parsed(html) {
  const holder = document.createElement('template');
  holder.innerHTML = html;
  return /** @type {HTMLElement} */ (/** @type {unknown} */ (holder.content));
}

/** @param {string} html @param {string} id */
export function applyFrame(html, id) {
  for (const element of parsed(html).querySelectorAll('[data-key]')) {
    take(/** @type {HTMLElement} */ (element), id, true);
  }
  settle();
}

let resyncing = false;
let resyncAgain = false;

/** Reads the list again without losing focus, selection or typed text. */
export async function resync() {
  if (resyncing) {
    resyncAgain = true;
    return;
  }
  resyncing = true;
  try {
    const answer = await fetch(body.dataset.page ?? location.href, { headers: { 'X-Muster-Part': 'live', 'X-Muster-Looks': '1' }, cache: 'no-store' });
    if (!answer.ok) throw new Error(String(answer.status));
    takeList(await answer.text());
  } catch {
    setTimeout(resync, 2_000); // the line is down: the stream says so, and this comes again
  } finally {
    resyncing = false;
    if (resyncAgain) {
      resyncAgain = false;
      resync();
    }
  }
}

/** What is not in the list and did not come after it is gone. @param {string} html */
function takeList(html) {
  const list = parsed(html);
  const number = list.querySelector('[data-number]')?.getAttribute('data-number') ?? '';
  const keys = new Set();
  hooks.relisted();
  for (const element of list.querySelectorAll('[data-key]')) {
    keys.add(/** @type {HTMLElement} */ (element).dataset.key);
    take(/** @type {HTMLElement} */ (element), number, false);
  }
  for (const old of document.querySelectorAll('main [data-key]')) {
    const row = /** @type {HTMLElement} */ (old);
    if (!keys.has(row.dataset.key) && isBefore(row.dataset.seq ?? '', number)) leave(row);
  }
  settle();
}

let waiting = false;

function settle() {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    tick();
    hooks.changed();
  });
}

// -- time ----------------------------------------------------------------------------------------------------------

/** @param {number} n */
const two = (n) => String(n).padStart(2, '0');

/** The same words as the page's own (view.py, `left`). @param {number} milliseconds */
export function leftWords(milliseconds) {
  const late = milliseconds < 0 ? `${body.dataset.sayLate} ` : '';
  const seconds = Math.round(Math.abs(milliseconds) / 1000);
  const days = Math.floor(seconds / 86_400);
  const clock = `${two(Math.floor((seconds % 86_400) / 3600))}:${two(Math.floor((seconds % 3600) / 60))}`;
  return days ? `${late}${days}${body.dataset.sayDay} ${clock}` : `${late}${clock}:${two(seconds % 60)}`;
}

const SOON_MS = 5 * 60_000;

function tick() {
  const now = serverNow();
  for (const element of document.querySelectorAll('[data-due]')) {
    const cell = /** @type {HTMLElement} */ (element);
    const left = Number(cell.dataset.due) - now;
    const words = leftWords(left);
    if (cell.textContent !== words) cell.textContent = words;
    if (cell.classList.contains('left')) {
      cell.classList.toggle('late', left < 0);
      cell.classList.toggle('soon', left >= 0 && left < SOON_MS);
    } else if (left < 0 && cell.parentElement?.dataset.lamp && cell.parentElement.dataset.lamp !== 'late') {
      cell.parentElement.dataset.lamp = 'late';
      settle();
    }
  }
  const clock = document.getElementById('clock');
  if (clock) clock.textContent = clockWords(now);
}

/** @param {number} now */
function clockWords(now) {
  const offset = Number(body.dataset.zone ?? 8 * 60) * 60_000;
  return new Date(now + offset).toISOString().slice(11, 19);
}

setInterval(tick, 1_000);

// -- the line ------------------------------------------------------------------------------------------------------

let lostSince = 0;

/** @param {string} state @param {number} since */
function showLink(state, since) {
  const shown = /** @type {HTMLElement} */ (document.getElementById('link'));
  if (state === 'live') {
    lostSince = 0;
    shown.dataset.state = 'live';
    shown.textContent = body.dataset.sayLive ?? '';
    return;
  }
  lostSince = lostSince || since;
  const lost = state === 'out' || Date.now() - lostSince > 10_000;
  shown.dataset.state = lost ? 'lost' : 'again';
  const at = clockWords(serverNow() - (Date.now() - lostSince) * time.rate);
  shown.textContent = state === 'out' ? body.dataset.saySignedOut ?? '' : lost ? `${body.dataset.sayLost} ${at}` : body.dataset.sayAgain ?? '';
  if (state === 'out') import('./again.js').then(({ signInAgain }) => signInAgain());
}

export function isLive() {
  return lostSince === 0;
}

/** @param {import('./live-source.js').Told} told */
function heard(told) {
  if (told.kind === 'row') applyFrame(told.html, told.id);
  else if (told.kind === 'resync') resync();
  else if (told.kind === 'link') showLink(told.state, told.since);
  else {
    time.told = told.now;
    time.since = sinceNow();
    time.rate = told.rate;
    showMode(told.mode);
  }
}

/** A surge begins and ends while a page is open. @param {string | undefined} words */
function showMode(words) {
  const badge = document.getElementById('mode');
  if (!badge || words === undefined) return;
  badge.textContent = words;
  badge.hidden = words === '';
}

/** One worker for each session and shape: whoever signs in next gets a stream of their own. */
function connect() {
  const address = body.dataset.live;
  if (!address) return;
  const after = body.dataset.number ?? '';
  const worker = new URL('./live-worker.js', import.meta.url);
  let wake = () => {};
  try {
    const name = `${body.dataset.session} ${address} ${document.documentElement.lang}`;
    const shared = new SharedWorker(worker, { name, type: 'module' });
    shared.onerror = () => inPage(address, after);
    shared.port.onmessage = ({ data }) => heard(data);
    shared.port.postMessage({ kind: 'hello', address, after });
    addEventListener('pagehide', () => shared.port.postMessage({ kind: 'bye' }));
    wake = () => shared.port.postMessage({ kind: 'wake' });
  } catch {
    const source = inPage(address, after); // Android web views and old iPhones have no SharedWorker
    wake = () => source.wake();
  }
  addEventListener('online', () => wake());
  addEventListener('signed-in', () => wake());
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && wake());
  setInterval(() => lostSince && showLink('again', lostSince), 1_000);
}

/** @param {string} address @param {string} after */
function inPage(address, after) {
  return new LiveSource(address, after, heard);
}

connect();
tick();
