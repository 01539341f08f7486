// @ts-check
/**
 * Sound only where whoever sits here must act: a new case of level I or II, five minutes before a time of the centre's own
 * is up, and after it. Repeated until acknowledged; seen as well as heard: a bar, the title, a dot on the icon.
 */
import { heldRows } from './board.js';
import { onKey } from './keys.js';
import { serverNow } from './live.js';
import { isUnlocked, play, unlock } from './sound.js';
import { toast } from './toast.js';

const SOON_MS = 5 * 60_000;
const AGAIN_MS = 10_000;
const MUTED_MS = 5 * 60_000;
const KEPT = 'muster-alarms';
const OWN = 'tr[data-stage="accept"], tr[data-stage="dispatch"]';

const bar = /** @type {HTMLElement} */ (document.getElementById('alarm'));
const said = /** @type {HTMLElement} */ (document.getElementById('alarm-said'));
const duty = /** @type {HTMLButtonElement} */ (document.getElementById('on-duty'));
const rows = /** @type {HTMLElement} */ (document.getElementById('rows'));
const arrivals = /** @type {HTMLElement} */ (document.getElementById('arrivals'));
const words = bar.dataset;
const role = words.role ?? '';
const commands = role === 'commander' || role === 'deputy_commander';
const title = document.title;
const icon = /** @type {HTMLLinkElement} */ (document.querySelector('link[rel="icon"]'));
const plain = icon.href;
const dotted = new URL('./icon-dot.svg', import.meta.url).href;
const known = new Set([...rows.children].map((row) => /** @type {HTMLElement} */ (row).dataset.key));
/** @type {Set<string>} */
const heard = new Set(JSON.parse(sessionStorage.getItem(KEPT) ?? '[]'));
let mutedUntil = 0;
let playedAt = 0;

/** @typedef {{key: string, kind: 'new' | 'soon' | 'late'}} Alarm */

/** @param {HTMLElement} element @param {number} due @returns {Alarm[]} */
function timed(element, due) {
  const left = due - serverNow();
  if (!due || left > SOON_MS) return [];
  const kind = left < 0 ? 'late' : 'soon';
  return [{ key: `${kind} ${element.dataset.key} ${due}`, kind }];
}

/** What this post must act on now. @returns {Alarm[]} */
function all() {
  /** @type {Alarm[]} */
  const found = [];
  if (!commands) {
    for (const one of [...rows.children, ...heldRows()]) {
      const row = /** @type {HTMLElement} */ (one);
      if (row.classList.contains('gone')) continue;
      const grave = row.dataset.level === 'I' || row.dataset.level === 'II';
      const own = row.matches(OWN);
      if (grave && (own || !known.has(row.dataset.key))) found.push({ key: `new ${row.dataset.key}`, kind: 'new' });
      if (own) found.push(...timed(row, Number(row.querySelector('.due')?.getAttribute('data-due') ?? 0)));
    }
  }
  if (role !== 'dispatcher') {
    for (const one of arrivals.querySelectorAll('.arrivals-of')) {
      const card = /** @type {HTMLElement} */ (one);
      if (commands && card.querySelector('[data-state="asked"]')) found.push({ key: `new ${card.dataset.key} asked`, kind: 'new' });
      for (const left of card.querySelectorAll('[data-state="running"] > .left')) {
        const told = timed(card, Number(left.getAttribute('data-due') ?? 0));
        found.push(...told.filter((alarm) => !commands || alarm.kind === 'late'));
      }
    }
  }
  return found.filter((alarm) => !heard.has(alarm.key));
}

/** @param {Alarm[]} alarms */
function show(alarms) {
  /** @type {Record<string, number>} */
  const count = { late: 0, new: 0, soon: 0 };
  for (const alarm of alarms) count[alarm.kind] += 1;
  const text = Object.entries(count).filter(([, n]) => n).map(([kind, n]) => `${words[kind]} ${n}`).join(' · ');
  if (said.textContent !== text) said.textContent = text;
  bar.hidden = alarms.length === 0;
  bar.dataset.kind = count.late ? 'late' : 'soon';
  document.title = alarms.length ? `(${alarms.length}) ${title}` : title;
  const wanted = alarms.length ? dotted : plain;
  if (icon.href !== wanted) icon.href = wanted;
}

function look() {
  const alarms = all();
  show(alarms);
  const now = Date.now();
  duty.textContent = !isUnlocked() ? words.begin ?? '' : now < mutedUntil ? words.muted ?? '' : words.on ?? '';
  if (!alarms.length || now < mutedUntil || now - playedAt < AGAIN_MS || !isUnlocked()) return;
  playedAt = now;
  let after = 0;
  for (const kind of ['late', 'new', 'soon']) if (alarms.some((alarm) => alarm.kind === kind)) after = play(kind, after);
}

function acknowledge() {
  for (const alarm of all()) heard.add(alarm.key);
  sessionStorage.setItem(KEPT, JSON.stringify([...heard].slice(-500)));
  look();
}

function mute() {
  mutedUntil = Date.now() < mutedUntil ? 0 : Date.now() + MUTED_MS;
  look();
}

/** Unlocks the sound and lets each tone be heard once, the volume's own test. */
async function begin() {
  if (isUnlocked()) {
    mute();
    return;
  }
  await unlock();
  playedAt = Date.now();
  play('late', play('soon', play('new')));
  toast(words.test ?? '');
  look();
}

duty.addEventListener('click', begin);
document.getElementById('alarm-heard')?.addEventListener('click', acknowledge);
onKey('.', acknowledge);
onKey('m', mute);
duty.hidden = false;
setInterval(look, 1_000);
look();
