// @ts-check
/** A SharedWorker: one stream for all tabs of this browser (over HTTP/1.1 a seventh tab would wait for ever). */
import { LiveSource } from './live-source.js';

const KEPT_MAX = 600;

/** @type {Set<MessagePort>} */
const ports = new Set();
/** @type {LiveSource | null} */
let source = null;
/** What was told last, for a tab that comes later: @type {{id: string, told: any}[]} */
let kept = [];
let floor = '';
/** @type {any} */
let link = null;
/** @type {any} */
let clock = null;

/** @param {any} told */
function tellAll(told) {
  if (told.kind === 'row') {
    kept.push({ id: told.id, told });
    if (kept.length > KEPT_MAX) floor = /** @type {{id: string}} */ (kept.shift()).id;
  } else if (told.kind === 'resync') {
    kept = [];
    floor = told.id;
  } else if (told.kind === 'link') {
    link = told;
  } else if (told.kind === 'clock') {
    clock = told;
  }
  for (const port of ports) port.postMessage(told);
}

/** @param {string} id */
function parts(id) {
  const cut = id.lastIndexOf('-');
  return { epoch: id.slice(0, cut), number: Number(id.slice(cut + 1)) };
}

/**
 * A tab whose page is older than the stream is here gets what it missed; one that is too old reads its list anew.
 * @param {MessagePort} port
 * @param {string} after
 */
function catchUp(port, after) {
  const own = parts(after);
  const from = parts(floor);
  if (own.epoch !== from.epoch || own.number < from.number) port.postMessage({ kind: 'resync', id: floor });
  else for (const one of kept) if (parts(one.id).number > own.number) port.postMessage(one.told);
}

/** @type {any} */ (self).onconnect = (/** @type {MessageEvent} */ event) => {
  const port = event.ports[0];
  port.onmessage = ({ data }) => {
    if (data.kind === 'hello') {
      ports.add(port);
      if (source === null) {
        floor = data.after;
        source = new LiveSource(data.address, data.after, tellAll);
      } else {
        catchUp(port, data.after);
      }
      if (link) port.postMessage(link);
      if (clock) port.postMessage({ ...clock, mode: undefined }); // the tab's own page may know a later one
    } else if (data.kind === 'bye') {
      ports.delete(port);
    } else if (data.kind === 'wake') {
      source?.wake();
    }
  };
  port.start();
};
