// What happens now in one title and one sentence, with what Wireshark finds in the frame; the page's one live region.

import { say } from "../core/say.js";
import { findingName } from "../core/words.js";
import { make } from "./make.js";

/** @import { Timeline } from "../core/timeline.js" */
/** @import { View } from "../drawing/picture.js" */

const WAY = say("Each frame goes down the sender's layers, across the wire and up the receiver's layers.");
const LONG = 275;
const VERY_LONG = 345;
const QUIET_MS = 300;
const PLAYING_MS = 1000;

class Caption extends HTMLElement {
  #findings = make("span", { class: "findings", "aria-hidden": "true" });
  #title = document.createElement("h2");
  #sentence = document.createElement("p");
  #spoken = document.createElement("p");
  #shown = "";
  #waiting = 0;

  connectedCallback() {
    this.#title.className = "caption-title";
    this.#sentence.className = "caption-sentence";
    this.#title.setAttribute("aria-hidden", "true");
    this.#sentence.setAttribute("aria-hidden", "true");
    this.#spoken.className = "spoken";
    this.#spoken.setAttribute("aria-live", "polite");
    this.replaceChildren(this.#findings, this.#title, this.#sentence, this.#spoken);
  }

  disconnectedCallback() {
    clearTimeout(this.#waiting);
  }

  /** @param {View} view */
  update({ scene, state, timeline }) {
    const { step, journey } = scene;
    const title = step?.title ?? say("A handshake, layer by layer");
    const sentence = step?.sentence ?? (state.run?.problem || WAY);
    const names = (journey?.findings ?? []).map(({ name }) => findingName(name));
    this.dataset["length"] = lengthOf(timeline);
    const key = `${scene.index} ${title} ${sentence} ${names.join()}`;
    if (key === this.#shown) return;
    this.#shown = key;
    this.dataset.layer = step?.layer ?? "";
    this.#findings.replaceChildren(...names.map((each) => make("span", { class: "finding" }, each)));
    this.#findings.hidden = names.length === 0;
    this.#title.textContent = title;
    this.#sentence.textContent = sentence;
    const { playing, rate } = state.playhead;
    this.#speak(`${[...names, title].join(". ")}. ${sentence}`, playing && rate >= 1 ? PLAYING_MS * rate : QUIET_MS);
  }

  /**
   * Steps that pass more quickly than they could be heard are left out: only the one that stays is said.
   * @param {string} words
   * @param {number} waitMs
   */
  #speak(words, waitMs) {
    clearTimeout(this.#waiting);
    this.#waiting = setTimeout(() => { this.#spoken.textContent = words; }, waitMs);
  }
}

/** @type {WeakMap<Timeline, string>} */
const known = new WeakMap();

/**
 * How much room the run's longest step needs: all of its steps get it, so that nothing jumps from one to the next.
 * @param {Timeline} timeline
 * @returns {string} "usual", "long" or "very-long"
 */
function lengthOf(timeline) {
  const before = known.get(timeline);
  if (before !== undefined) return before;
  const lengths = timeline.steps.map(({ step, journey }) => (
    step.title.length + step.sentence.length + (journey.findings ?? []).reduce((sum, { name }) => sum + findingName(name).length + 3, 0)));
  const most = Math.max(0, ...lengths);
  const length = most > VERY_LONG ? "very-long" : most > LONG ? "long" : "usual";
  known.set(timeline, length);
  return length;
}

customElements.define("lv-caption", Caption);
