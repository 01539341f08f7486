// @ts-check
/**
 * A wall renews its one part whenever the stream says that something changed (at once, then once a second at most), and
 * every fifteen seconds for what only time changes. Server time counts; nothing moves but digits.
 */
import { LiveSource } from './live-source.js';

const AGAIN_MS = 1_000;
const EVERY_MS = 15_000;
const LOST_MS = 10_000;
const body = document.body;
const say = body.dataset;
const path = say.path ?? location.pathname;
const time = { told: Number(say.now), at: performance.now(), rate: Number(say.rate) };

function serverNow() {
  return time.told + (performance.now() - time.at) * time.rate;
}

/** @param {number} n */
const two = (n) => String(n).padStart(2, '0');

/** @param {number} now */
function clockWords(now) {
  return new Date(now + 8 * 3_600_000).toISOString().slice(11, 19);
}

function tick() {
  const now = serverNow();
  /** @type {HTMLElement} */ (document.getElementById('clock')).textContent = clockWords(now);
  for (const element of document.querySelectorAll('.left[data-due]')) {
    const place = /** @type {HTMLElement} */ (element);
    const seconds = Math.round((Number(place.dataset.due) - now) / 1000);
    const words = `${seconds < 0 ? '+' : ''}${two(Math.floor(Math.abs(seconds) / 60))}:${two(Math.abs(seconds) % 60)}`;
    if (place.textContent !== words) place.textContent = words;
    place.classList.toggle('late', seconds < 0);
  }
}

let busy = false;
let wanted = false;
let last = -AGAIN_MS;
let heardAt = Date.now();

async function renew() {
  if (busy) {
    wanted = true;
    return;
  }
  busy = true;
  wanted = false;
  const wait = last + AGAIN_MS - performance.now();
  if (wait > 0) await new Promise((done) => setTimeout(done, wait));
  last = performance.now();
  try {
    const answer = await fetch(path, { headers: { 'X-Muster-Part': 'wall' }, cache: 'no-store', credentials: 'same-origin' });
    if (answer.status === 404) location.reload();
    if (answer.ok) {
      /** @type {HTMLElement} */ (document.getElementById('wall')).innerHTML = await answer.text();
      heardAt = Date.now();
      tick();
    }
  } catch {
    wanted = false; // the line is down: the stream says so, and begins anew
  }
  busy = false;
  if (wanted) renew();
}

let lostSince = 0;

/** @param {string} state @param {number} since */
function showLink(state, since) {
  const link = /** @type {HTMLElement} */ (document.getElementById('link'));
  if (state === 'live') {
    if (lostSince) renew();
    lostSince = 0;
    link.dataset.state = 'live';
    link.textContent = say.sayLive ?? '';
    return;
  }
  lostSince = lostSince || since;
  const lost = Date.now() - lostSince > LOST_MS;
  link.dataset.state = lost ? 'lost' : 'again';
  const at = clockWords(serverNow() - (Date.now() - heardAt) * time.rate);
  link.textContent = lost ? `${say.sayLost} ${at}` : say.sayAgain ?? '';
}

/** @param {import('./live-source.js').Told} told */
function heard(told) {
  if (told.kind === 'row' || told.kind === 'resync') renew();
  else if (told.kind === 'clock') Object.assign(time, { told: told.now, at: performance.now(), rate: told.rate });
  else if (told.kind === 'link' && told.state === 'out') location.reload();
  else if (told.kind === 'link') showLink(told.state, told.since);
}

const source = new LiveSource(`${path}/live?wall`, say.number ?? '', heard, `${path}/state`);
addEventListener('online', () => source.wake());
setInterval(tick, 1_000);
setInterval(renew, EVERY_MS);
setInterval(() => lostSince && showLink('again', lostSince), 1_000);
tick();
