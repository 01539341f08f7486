// @ts-check
/**
 * One stream of server-sent events that never gives up: EventSource ends for good on a 502, so it is closed and opened
 * again here, after the last number seen. 40 seconds without a word count as a broken line (the server speaks every 15).
 *
 * @typedef {{kind: 'row', id: string, html: string} | {kind: 'clock', now: number, rate: number, mode?: string}
 *   | {kind: 'resync', id: string} | {kind: 'link', state: 'live' | 'again' | 'out', since: number}} Told
 */

const SILENCE_MS = 40_000;
const AGAIN_MS = [500, 1_000, 2_000, 4_000, 8_000];

export class LiveSource {
  /**
   * @param {string} address with a question mark in it
   * @param {string} after the number of the page
   * @param {(told: Told) => void} tell
   * @param {string} state where to ask whether it is the line, or nobody may look any more
   */
  constructor(address, after, tell, state = '/live/state') {
    this.state = state;
    this.address = address;
    this.after = after;
    this.tell = tell;
    this.failures = 0;
    this.heardAt = Date.now();
    /** @type {EventSource | null} */
    this.source = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.open();
    setInterval(() => this.listen(), 5_000);
  }

  open() {
    clearTimeout(this.timer);
    this.source?.close();
    const source = new EventSource(`${this.address}&after=${encodeURIComponent(this.after)}`);
    this.source = source;
    this.heardAt = Date.now();
    source.addEventListener('row', (event) => {
      this.heard(event);
      this.tell({ kind: 'row', id: event.lastEventId, html: event.data });
    });
    source.addEventListener('clock', (event) => {
      this.heard(event);
      this.failures = 0;
      this.tell({ kind: 'link', state: 'live', since: Date.now() });
      this.tell({ kind: 'clock', ...JSON.parse(event.data) });
    });
    source.addEventListener('resync', (event) => {
      this.heard(event);
      this.tell({ kind: 'resync', id: event.lastEventId });
    });
    source.addEventListener('bye', () => this.out());
    source.onerror = () => this.broken();
  }

  /** @param {MessageEvent} event */
  heard(event) {
    this.heardAt = Date.now();
    if (event.lastEventId) this.after = event.lastEventId;
  }

  listen() {
    if (this.source && Date.now() - this.heardAt > SILENCE_MS) this.broken();
  }

  /** Is it the line, or is nobody signed in any more? */
  async broken() {
    if (!this.source) return;
    this.source.close();
    this.source = null;
    this.tell({ kind: 'link', state: 'again', since: this.heardAt });
    let answer = null;
    try {
      answer = await fetch(this.state, { credentials: 'same-origin', cache: 'no-store' });
    } catch {
      answer = null; // the line itself is down: tried again below
    }
    if (answer && answer.status === 401) {
      this.out();
      return;
    }
    const wait = AGAIN_MS[Math.min(this.failures, AGAIN_MS.length - 1)] * (0.7 + 0.6 * Math.random());
    this.failures += 1;
    this.timer = setTimeout(() => this.open(), wait);
  }

  out() {
    this.source?.close();
    this.source = null;
    this.tell({ kind: 'link', state: 'out', since: this.heardAt });
  }

  /** The machine was asleep or offline: look at once instead of waiting for silence. */
  wake() {
    if (!this.source) this.open();
  }
}
