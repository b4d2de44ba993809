// What is in the way: no connection, a run that is simulated or broke off, a request that was refused.

import { connectionText, whySimulated } from "../core/words.js";
import { make, setText } from "./make.js";

/** @import { View } from "../live/player.js" */

const SHOWN_MS = 6000;

export class LvNotice extends HTMLElement {
  #simulated = make("p", { class: "strip", "data-tone": "simulated" });
  #problem = make("p", { class: "strip", "data-tone": "bad" });
  #connection = make("p", { class: "banner", "aria-hidden": "true" });
  #announced = make("p", { class: "unseen", role: "status" });
  #refused = make("div", { class: "toast" });
  #sentence = make("p", { role: "status" });
  #dismiss = make("button", { type: "button", class: "plain" }, "Dismiss");
  #shown = 0;
  #timer = 0;
  #listeners = new AbortController();

  connectedCallback() {
    this.#listeners = new AbortController();
    this.#dismiss.addEventListener("click", () => this.#close(), { signal: this.#listeners.signal });
    this.#refused.replaceChildren(this.#sentence, this.#dismiss);
    this.#refused.hidden = true;
    this.replaceChildren(this.#simulated, this.#problem, this.#connection, this.#announced, this.#refused);
  }

  disconnectedCallback() {
    window.clearTimeout(this.#timer);
    this.#listeners.abort();
  }

  /** @param {View} view */
  update({ state, nowMs }) {
    const why = whySimulated(state);
    write(this.#simulated, why === "" ? "" : `SIMULATED: no wire carried these frames. ${why}`);
    write(this.#problem, state.run?.problem ?? "");
    write(this.#connection, connectionText(state, nowMs));
    setText(this.#announced, state.connection.phase === "lost" ? "Connection lost. Trying again." : "");
    if (state.notice !== null && state.notice.number !== this.#shown) this.#open(state.notice);
  }

  /** @param {{ number: number, sentence: string }} notice */
  #open({ number, sentence }) {
    this.#shown = number;
    this.#refused.hidden = false;
    setText(this.#sentence, sentence);
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#close(), SHOWN_MS);
  }

  #close() {
    window.clearTimeout(this.#timer);
    this.#refused.hidden = true;
    this.#sentence.textContent = "";
  }
}

/**
 * @param {HTMLElement} node
 * @param {string} text
 */
function write(node, text) {
  setText(node, text);
  node.hidden = text === "";
}

customElements.define("lv-notice", LvNotice);
