// The line by which the page about ports hears of the lab's sockets. While the page is looked at it says so now and
// then; the server tells what is new, and nothing to a page that is silent.

import { isFinal, pauseMs } from "./socket.js";

/** @import { LookerMessage, LookoutMessage } from "../core/messages.js" */

const LOOK_EVERY_MS = 5000;

export class LookoutLine {
  /** @type {WebSocket | null} */
  #socket = null;
  /** @type {{ path: string, onMessage: (message: LookoutMessage) => void, onLost: (reason: string) => void }} */
  #wiring;
  #failures = 0;
  #timer = 0;

  /** @param {{ path: string, onMessage: (message: LookoutMessage) => void, onLost: (reason: string) => void }} wiring */
  constructor(wiring) {
    this.#wiring = wiring;
    document.addEventListener("visibilitychange", () => this.#look());
    window.addEventListener("pagehide", () => this.#leave());
    window.addEventListener("pageshow", () => { if (this.#socket === null && this.#failures === 0) this.#connect(); });
    window.setInterval(() => this.#look(), LOOK_EVERY_MS);
    this.#connect();
  }

  /**
   * @param {LookerMessage} message
   * @returns {boolean} whether it was sent
   */
  send(message) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  #look() {
    if (!document.hidden) this.send({ kind: "look" });
  }

  #connect() {
    window.clearTimeout(this.#timer);
    const url = new URL(this.#wiring.path, location.href);
    url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(url);
    this.#socket = socket;
    socket.addEventListener("open", () => this.#look());
    socket.addEventListener("message", ({ data }) => {
      if (socket !== this.#socket) return;
      this.#failures = 0;
      this.#wiring.onMessage(JSON.parse(data));
    });
    socket.addEventListener("close", (event) => { if (socket === this.#socket) this.#closed(event); });
  }

  /** @param {CloseEvent} event */
  #closed({ code, reason }) {
    this.#socket = null;
    this.#failures += 1;
    this.#wiring.onLost(code >= 4400 && code < 4500 ? reason : "");
    if (!isFinal(code)) this.#timer = window.setTimeout(() => this.#connect(), pauseMs(this.#failures, code, Math.random()));
  }

  /** The page goes away, perhaps to come back out of the browser's cache. */
  #leave() {
    window.clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = null;
    this.#failures = 0;
    socket?.close();
  }
}
