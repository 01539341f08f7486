// @ts-check
/**
 * 弱网: what was found is kept on the phone until it could be sent. Each keeps its own key, so that sending it twice is
 * one act. Kept are the task's id, the outcome and the worker's note; nothing about who asked.
 */
import { toast } from './toast.js';

const KEPT = 'muster.grid';
const AGAIN_MS = 20_000;
const said = document.getElementById('waiting');

/** @returns {Record<string, Record<string, string>>} */
function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? '{}');
  } catch {
    return {};
  }
}

/** @param {Record<string, Record<string, string>>} all */
function keep(all) {
  localStorage.setItem(KEPT, JSON.stringify(all));
  show(all);
}

/** @param {Record<string, Record<string, string>>} all */
function show(all) {
  const number = Object.keys(all).length;
  for (const task of document.querySelectorAll('.look')) task.toggleAttribute('data-waiting', task.id.slice(5) in all);
  if (!said) return;
  said.hidden = number === 0;
  said.textContent = `${said.dataset.say} ${number}`;
}

/** The page's own token: the one of when it was kept may be of another session. @param {string} task */
async function send(task) {
  const fields = kept()[task];
  if (!fields) return;
  const body = new URLSearchParams({ ...fields, csrf: document.body.dataset.csrf ?? '' });
  let answer;
  try {
    answer = await fetch(`/grid/${task}`, { method: 'POST', body, credentials: 'same-origin', headers: { 'X-Muster-Part': 'done' } });
  } catch {
    return; // no network: it stays
  }
  if (answer.status === 401 || answer.status === 429 || answer.status >= 500) return;
  const all = kept();
  delete all[task];
  keep(all);
  if (answer.ok) {
    document.getElementById(`look-${task}`)?.remove();
  } else {
    const told = document.createElement('template');
    told.innerHTML = await answer.text();
    toast(told.content.querySelector('.fault')?.textContent ?? '');
  }
}

async function sendAll() {
  for (const task of Object.keys(kept())) await send(task);
}

document.addEventListener('submit', (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  const task = form.dataset.kept;
  if (!task) return;
  event.preventDefault();
  const data = new FormData(form);
  const fields = Object.fromEntries(['outcome', 'note', 'key'].map((name) => [name, String(data.get(name) ?? '')]));
  keep({ ...kept(), [task]: fields });
  send(task);
});
addEventListener('online', sendAll);
setInterval(sendAll, AGAIN_MS);
show(kept());
sendAll();
