// The line to the server: it connects, comes back with growing pauses, acknowledges, and measures the server's clock.
// Knows nothing of what the messages mean for the page.

/** @import { ServerMessage, BrowserMessage } from "../core/messages.js" */
/** @import { Connection } from "../core/store.js" */

const SHORTEST_PAUSE_MS = 250;
const LONG_PAUSE_MS = 1400;
const FAILURES_SOON = 40;
const LONGEST_PAUSE_MS = 8000;
const PAUSE_AFTER_REFUSAL_MS = 4000;
const PING_EVERY_MS = 4000;
const FIRST_PINGS_MS = [0, 150, 400, 900];
const SILENCE_MS = 10000;
const DOUBT_MS = 2000;
const SAMPLES_KEPT = 8;
const ACKNOWLEDGE_AFTER_MS = 250;
const ACKNOWLEDGE_EVERY = 16;

/**
 * The pause before the next try: a quarter second, doubling to less than two, a quarter either way by chance so that a
 * whole class does not come back in one moment; a server that is started again finds its class there at once. After a
 * minute it is eight seconds. A server that gave a reason (4400 and up) is left in peace for longer.
 * @param {number} failures in a row, from 1
 * @param {number} code of the closing
 * @param {number} chance 0 to 1
 * @returns {number}
 */
export function pauseMs(failures, code, chance) {
  const most = failures > FAILURES_SOON ? LONGEST_PAUSE_MS : LONG_PAUSE_MS;
  const grown = Math.min(SHORTEST_PAUSE_MS * 2 ** Math.min(failures - 1, 10), most);
  const least = code >= 4400 && code < 4500 ? PAUSE_AFTER_REFUSAL_MS : 0;
  return Math.max(grown, least) * (0.75 + chance / 2);
}

/**
 * Whether another try is of no use: not allowed, no such room, closed for good (CloseCode in core/messages.js).
 * @param {number} code of the closing
 * @returns {boolean}
 */
export function isFinal(code) {
  return code === 4403 || code === 4404 || code === 4410;
}

/** @typedef {{ roundTripMs: number, offsetMs: number }} Sample */

/**
 * @param {number} sentMs
 * @param {number} serverMs
 * @param {number} backMs
 * @returns {Sample}
 */
export function sample(sentMs, serverMs, backMs) {
  return { roundTripMs: backMs - sentMs, offsetMs: serverMs - (sentMs + backMs) / 2 };
}

/**
 * The offset of the quickest of the last few round trips: it had the least room for error.
 * @param {Sample[]} samples
 * @returns {number}
 */
export function bestOffset(samples) {
  return samples.reduce((best, each) => (each.roundTripMs < best.roundTripMs ? each : best)).offsetMs;
}

/** @returns {number} this page's clock, milliseconds since 1970; it never jumps while the page is open */
export function pageNow() {
  return performance.timeOrigin + performance.now();
}

/**
 * @typedef {{
 *   path: () => string, signal: AbortSignal,
 *   onMessage: (message: ServerMessage) => void, onConnection: (connection: Connection) => void,
 * }} Wiring
 */

export class LiveSocket {
  /** @type {WebSocket | null} */
  #socket = null;
  /** @type {Wiring} */
  #wiring;
  /** @type {Sample[]} */
  #samples = [];
  #failures = 0;
  #isEnded = false;
  /** @type {number | null} the last one that was measured */
  #roundTripMs = null;
  #unansweredMs = 0;
  #applied = 0;
  #acknowledged = 0;
  #retryTimer = 0;
  #pingTimer = 0;
  #acknowledgeTimer = 0;

  /** @param {Wiring} wiring */
  constructor(wiring) {
    this.#wiring = wiring;
    const { signal } = wiring;
    const now = () => this.#connectNow();
    window.addEventListener("online", now, { signal });
    window.addEventListener("offline", () => this.#doubt(), { signal });
    window.addEventListener("pageshow", now, { signal });
    window.addEventListener("pagehide", () => this.#leave(), { signal });
    document.addEventListener("visibilitychange", () => { if (!document.hidden) now(); }, { signal });
    signal.addEventListener("abort", () => this.#leave());
    this.#connect();
  }

  /** @returns {number} the server's clock, milliseconds since 1970, as far as it is known */
  serverNow() {
    return pageNow() + (this.#samples.length > 0 ? bestOffset(this.#samples) : 0);
  }

  /**
   * Nothing waits for a better moment: what can't be sent now is not sent at all.
   * @param {BrowserMessage} message
   * @returns {boolean} whether it was sent
   */
  send(message) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  #connectNow() {
    if (this.#socket !== null || this.#isEnded) return;
    this.#failures = 0;
    this.#connect();
  }

  #connect() {
    window.clearTimeout(this.#retryTimer);
    const url = new URL(this.#wiring.path(), location.href);
    url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(url);
    this.#socket = socket;
    socket.addEventListener("open", () => this.#opened(socket));
    socket.addEventListener("message", (event) => this.#heard(socket, event.data));
    socket.addEventListener("close", (event) => this.#closed(socket, event));
  }

  /** @param {WebSocket} socket */
  #opened(socket) {
    if (socket !== this.#socket) return;
    this.#samples = [];
    this.#unansweredMs = 0;
    this.#applied = this.#acknowledged = 0;
    for (const afterMs of FIRST_PINGS_MS) window.setTimeout(() => this.#ping(), afterMs);
    window.clearInterval(this.#pingTimer);
    this.#pingTimer = window.setInterval(() => this.#beat(), PING_EVERY_MS);
    this.#wiring.onConnection({ phase: "open", retryAtMs: 0, reason: "" });
  }

  #ping() {
    const client_ms = pageNow();
    if (this.send({ kind: "ping", client_ms, round_trip_ms: this.#roundTripMs })) this.#unansweredMs ||= client_ms;
  }

  /** A line on which nothing answers is a dead one, whatever the browser believes. */
  #beat() {
    if (this.#unansweredMs > 0 && pageNow() - this.#unansweredMs > SILENCE_MS) this.#drop();
    else this.#ping();
  }

  /** The device says that it has no network; a server on this very machine may still answer. */
  #doubt() {
    this.#ping();
    window.setTimeout(() => { if (this.#unansweredMs > 0 && !navigator.onLine) this.#drop(); }, DOUBT_MS);
  }

  /**
   * @param {WebSocket} socket
   * @param {string} text
   */
  #heard(socket, text) {
    if (socket !== this.#socket) return;
    this.#unansweredMs = 0;
    /** @type {ServerMessage} */
    const message = JSON.parse(text);
    if (message.kind === "pong") this.#answered(message.client_ms, message.now_ms);
    if (message.kind === "snapshot") {
      this.#failures = 0;
      if (this.#samples.length === 0) this.#measured(pageNow(), message.now_ms, 1e6);
    }
    this.#wiring.onMessage(message);
    if ("seq" in message) this.#acknowledge(message.seq);
  }

  /**
   * @param {number} sentMs
   * @param {number} serverMs
   */
  #answered(sentMs, serverMs) {
    this.#measured(sentMs, serverMs);
    this.#wiring.onConnection({ phase: "open", retryAtMs: 0, reason: "", roundTripMs: this.#roundTripMs });
  }

  /**
   * @param {number} sentMs
   * @param {number} serverMs
   * @param {number} doubtMs added where it is a guess (a snapshot's one way is not a round trip)
   */
  #measured(sentMs, serverMs, doubtMs = 0) {
    const made = sample(sentMs, serverMs, pageNow());
    if (doubtMs === 0) this.#roundTripMs = Math.max(made.roundTripMs, 0);
    this.#samples.push({ ...made, roundTripMs: made.roundTripMs + doubtMs });
    if (this.#samples.length > SAMPLES_KEPT) this.#samples.shift();
  }

  /** @param {number} seq */
  #acknowledge(seq) {
    this.#applied = seq;
    if (seq - this.#acknowledged >= ACKNOWLEDGE_EVERY) this.#sendAcknowledgement();
    else if (this.#acknowledgeTimer === 0) {
      this.#acknowledgeTimer = window.setTimeout(() => this.#sendAcknowledgement(), ACKNOWLEDGE_AFTER_MS);
    }
  }

  #sendAcknowledgement() {
    window.clearTimeout(this.#acknowledgeTimer);
    this.#acknowledgeTimer = 0;
    if (this.send({ kind: "acknowledge", seq: this.#applied })) this.#acknowledged = this.#applied;
  }

  /**
   * @param {WebSocket} socket
   * @param {CloseEvent} event
   */
  #closed(socket, event) {
    if (socket !== this.#socket) return;
    this.#socket = null;
    window.clearInterval(this.#pingTimer);
    this.#failures += 1;
    const { code } = event;
    const reason = code >= 4400 && code < 4500 ? event.reason : "";
    this.#isEnded = isFinal(code);
    if (this.#isEnded) return this.#wiring.onConnection({ phase: "ended", retryAtMs: 0, reason, code });
    const waitMs = pauseMs(this.#failures, code, Math.random());
    this.#retryTimer = window.setTimeout(() => this.#connect(), waitMs);
    this.#wiring.onConnection({ phase: "lost", retryAtMs: pageNow() + waitMs, reason, code, offline: !navigator.onLine });
  }

  /** The browser may take half a minute to notice: count it as closed at once. */
  #drop() {
    const socket = this.#socket;
    if (socket === null) return;
    this.#closed(socket, new CloseEvent("close", { code: 1006 }));
    socket.close();
  }

  /** The page goes away, perhaps to come back out of the browser's cache: no socket stays open behind it. */
  #leave() {
    window.clearTimeout(this.#retryTimer);
    window.clearInterval(this.#pingTimer);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }
}
