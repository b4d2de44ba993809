// What faults hold on the wire now, for all to see, and how long it has been there; who may lets it go. It comes with the
// first held frame.

import { whichFrame } from "../core/order.js";
import { decimal, say } from "../core/say.js";
import { ask, make, setText, styled } from "./make.js";

/** @import { HeldFrame } from "../core/messages.js" */
/** @import { State } from "../core/store.js" */
/** @import { View } from "../live/player.js" */

const SHEET = new URL("../../css/faults.css", import.meta.url).href;

export class LvHeld extends HTMLElement {
  #words = make("p", { role: "status" });
  #times = make("span", { class: "times", role: "timer" });
  #go = make("button", { type: "button", class: "primary", title: say("Let it go (l)") });
  #stop = make("button", { type: "button", class: "plain" }, say("Stop the run"));
  #listeners = new AbortController();

  connectedCallback() {
    this.#listeners = new AbortController();
    const { signal } = this.#listeners;
    void styled(SHEET);
    this.#go.addEventListener("click", () => ask(this, { kind: "let_go", held: 0 }), { signal });
    this.#stop.addEventListener("click", () => ask(this, { kind: "stop_run" }), { signal });
    this.replaceChildren(make("div", { class: "strip" }, this.#words, this.#times, this.#go, this.#stop));
    this.hidden = true;
  }

  disconnectedCallback() {
    this.#listeners.abort();
  }

  /** @param {View} view */
  update({ state, serverMs }) {
    const held = state.run?.held ?? [];
    this.hidden = held.length === 0;
    if (held.length === 0) return;
    setText(this.#words, say("The wire holds {frames}.", { frames: held.map(whichFrame).join(", ") }));
    setText(this.#times, held.map((each) => sinceText(each, serverMs)).join(", "));
    const presents = document.body.dataset["page"] === "present";
    this.#go.hidden = !(presents || mayLetGo(state));
    this.#stop.hidden = !presents;
    setText(this.#go, held.length === 1 ? say("Let it go") : say("Let them go"));
  }
}

/**
 * @param {HeldFrame} held
 * @param {number} serverMs
 * @returns {string}
 */
function sinceText({ since_ns: sinceNs }, serverMs) {
  return say("{seconds} s", { seconds: decimal(Math.max(0, serverMs - sinceNs / 1e6) / 1000, 1) });
}

/**
 * @param {State} state
 * @returns {boolean} whether a student may
 */
function mayLetGo({ allowed }) {
  return document.body.dataset["page"] === "join" && allowed.includes("let_go");
}

customElements.define("lv-held", LvHeld);
