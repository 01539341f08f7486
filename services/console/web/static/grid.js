// @ts-check
/**
 * 弱网: what was found is kept on the phone, with its photos, until it could be sent. Each keeps its own key, so that
 * sending it twice is one act, and when it was looked at, by the centre's time and not the telephone's. Kept are the
 * task's id, the outcome, the worker's note and the photos; nothing about who asked. Whoever signs in next on the same phone
 * neither sees nor sends them: a finding is the one's who was there.
 */
import { signInAgain } from './again.js';
import { serverNow } from './live.js';
import { small } from './photos.js';
import { toast } from './toast.js';

const AGAIN_MS = 20_000;
/** Nobody has looked at it: the line was too slow, or too much was sent. */
const NOT_JUDGED = new Set([408, 429]);
const said = document.getElementById('waiting');

/** @typedef {{task: string, key: string, outcome: string, note: string, photos: File[], at: number, staff: string}} Finding */

const staff = document.body.dataset.staff ?? '';

/** @type {Promise<IDBDatabase> | null} */
let opened = null;

/** Telephones close it at times, in the background; then it is opened anew. @returns {Promise<IDBDatabase>} */
function store() {
  opened ??= new Promise((/** @type {(store: IDBDatabase) => void} */ done, failed) => {
    const asked = indexedDB.open('muster.grid', 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore('findings', { keyPath: 'task' });
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  }).then((found) => {
    found.onclose = () => { opened = null; };
    return found;
  });
  opened.catch(() => { opened = null; });
  return opened;
}

/** @param {IDBTransactionMode} mode @param {(findings: IDBObjectStore) => IDBRequest} act @returns {Promise<any>} */
async function inStore(mode, act) {
  const transaction = (await store()).transaction('findings', mode);
  const asked = act(transaction.objectStore('findings'));
  return new Promise((done, failed) => {
    transaction.oncomplete = () => done(asked.result);
    transaction.onerror = transaction.onabort = () => failed(transaction.error);
  });
}

/** None where nothing can be kept. @returns {Promise<Finding[]>} */
async function kept() {
  const all = await inStore('readonly', (findings) => findings.getAll()).catch(() => []);
  return all.filter((/** @type {Finding} */ one) => (one.staff ?? staff) === staff);
}
/** @param {Finding} finding */
const keep = (finding) => inStore('readwrite', (findings) => findings.put(finding));
/** @param {string} task */
const forget = (task) => inStore('readwrite', (findings) => findings.delete(task)).catch(() => {}); // sent again it is one act

async function show() {
  const waiting = new Set((await kept()).map((one) => one.task));
  for (const look of document.querySelectorAll('.look')) look.toggleAttribute('data-waiting', waiting.has(look.id.slice(5)));
  if (!said) return;
  said.hidden = waiting.size === 0;
  said.textContent = `${said.dataset.say} ${waiting.size}`;
}

/** The page's own token: the one of when it was kept may be of another session. @param {Finding} finding */
function bodyOf(finding) {
  const body = new FormData();
  const { key, outcome, note, at } = finding;
  const fields = { csrf: document.body.dataset.csrf ?? '', key, outcome, note, found_at: String(at) };
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  for (const photo of finding.photos) body.append('photos', photo, 'photo.jpg');
  return body;
}

/** Whether it was answered. @param {Finding} finding */
async function send(finding) {
  const { task } = finding;
  let answer;
  try {
    const headers = { 'X-Muster-Part': 'done' };
    answer = await fetch(`/grid/${task}/upload`, { method: 'POST', body: bodyOf(finding), credentials: 'same-origin', headers });
  } catch {
    return false; // no network: it stays
  }
  const html = await answer.text();
  const signedOut = answer.status === 401 || (answer.status === 403 && html.includes('forged_request'));
  if (signedOut) signInAgain();
  if (signedOut || answer.status >= 500 || NOT_JUDGED.has(answer.status)) return false;
  if (answer.ok) {
    document.getElementById(`look-${task}`)?.remove();
  } else {
    const told = document.createElement('template');
    told.innerHTML = html;
    giveBack(finding, told.content.querySelector('.fault')?.textContent ?? document.body.dataset.sayFailed ?? '');
  }
  await forget(task);
  return true;
}

const MINUTE = 60_000;

/** To the minute, never before the task was there nor after now: the same each time it is sent. @param {HTMLFormElement} form */
function lookedAt(form) {
  return Math.max(Number(form.dataset.assigned), Math.floor(serverNow() / MINUTE) * MINUTE);
}

/** A refused finding goes back into its form, with why. @param {Finding} finding @param {string} words */
function giveBack(finding, words) {
  toast(words);
  const form = /** @type {HTMLFormElement | null} */ (document.querySelector(`form[data-kept="${finding.task}"]`));
  if (!form) return;
  for (const one of /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll('input[name="outcome"]'))) one.checked = one.value === finding.outcome;
  /** @type {HTMLTextAreaElement} */ (form.elements.namedItem('note')).value = finding.note;
  givePhotosBack(/** @type {HTMLInputElement | null} */ (form.querySelector('input[type="file"]')), finding.photos);
  const told = /** @type {HTMLElement} */ (form.querySelector('.refused-told'));
  told.textContent = words;
  told.hidden = false;
}

/** Where a page was opened since, its field is empty. @param {HTMLInputElement | null} field @param {File[]} photos */
function givePhotosBack(field, photos) {
  if (!field || field.files?.length || !photos.length) return;
  const given = new DataTransfer();
  for (const photo of photos) given.items.add(photo);
  field.files = given.files;
  field.dispatchEvent(new Event('change'));
}

let sending = false;
let again = false;

/** One after the other, and never two rounds at once: who asks meanwhile (the network is back) gets a round after it. */
async function sendAll() {
  again = sending;
  if (sending) return;
  sending = true;
  try {
    do {
      again = false;
      for (const finding of await kept()) await send(finding);
    } while (again);
  } finally {
    sending = false;
    await show();
  }
}

document.addEventListener('submit', async (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  const task = form.dataset.kept;
  if (!task) return;
  event.preventDefault();
  const data = new FormData(form);
  const text = (/** @type {string} */ name) => String(data.get(name) ?? '');
  const files = /** @type {File[]} */ (data.getAll('photos')).filter((one) => one.size > 0);
  const photos = (await Promise.all(files.map(small))).map((one) => one.file);
  const finding = { task, key: text('key'), outcome: text('outcome'), note: text('note'), photos, at: lookedAt(form), staff };
  try {
    await keep(finding);
  } catch {
    if (!(await send(finding))) toast(said?.dataset.sayFull ?? '');
    return; // nothing was kept: what was written stays in the form
  }
  await show();
  sendAll();
});
addEventListener('online', sendAll);
addEventListener('signed-in', sendAll);
setInterval(sendAll, AGAIN_MS);
show();
sendAll();
