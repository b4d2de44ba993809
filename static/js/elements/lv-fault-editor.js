// One fault, put together from lists and numbers, said as a sentence before it is added. A part of the start desk.
// It asks its parent to add it if it can be played alone; whether it can be played beside the others is said there.

import { BIT_OF_OURS, CHOICES, MOST, fault, faultText, whyNot, PLAIN } from "../core/order.js";
import { say } from "../core/say.js";
import { make, setText } from "./make.js";

/** @import { Deed, Fault, FrameKind, Place, Side } from "../core/messages.js" */

export class LvFaultEditor extends HTMLElement {
  #deed = choice(CHOICES.deeds);
  #sender = choice(CHOICES.senders);
  #nth = whole("1", MOST.nth);
  #frame = choice(CHOICES.kinds, "SYN");
  #count = whole("1", MOST.count);
  #place = choice(CHOICES.places, "transport");
  #bit = whole("", MOST.bits - 1, 0);
  #delay = whole("500", MOST.delayMs);
  #counted = field(say("how many in a row"), this.#count);
  #damaged = field(say("where"), this.#place);
  #flipped = field(say("which bit (none: ours to choose)"), this.#bit);
  #late = field(say("by how many ms"), this.#delay);
  #said = make("output", { class: "said" });
  #add = make("button", { type: "button", class: "plain" }, say("Add this fault"));
  #listeners = new AbortController();

  connectedCallback() {
    this.#listeners = new AbortController();
    const { signal } = this.#listeners;
    this.addEventListener("input", () => this.#told(), { signal });
    this.#add.addEventListener("click", () => this.#added(), { signal });
    this.replaceChildren(
      make("div", { class: "fields" },
        field(say("What the wire does"), this.#deed), field(say("whose frame"), this.#sender), field(say("which of them (1, 2, …)"), this.#nth),
        field(say("of which kind"), this.#frame), this.#counted, this.#damaged, this.#flipped, this.#late),
      make("div", { class: "told" }, this.#said, this.#add));
    this.#told();
  }

  disconnectedCallback() {
    this.#listeners.abort();
  }

  /** @returns {Fault} */
  get fault() {
    const deed = /** @type {Deed} */ (this.#deed.value);
    const isDamage = deed === "corrupt";
    return fault({
      deed, sender: /** @type {Side} */ (this.#sender.value), frame: /** @type {FrameKind} */ (this.#frame.value),
      nth: numberOf(this.#nth), count: numberOf(this.#count),
      place: isDamage ? /** @type {Place} */ (this.#place.value) : null,
      bit: isDamage && this.#bit.value.trim() !== "" ? numberOf(this.#bit) : BIT_OF_OURS,
      delay_ms: deed === "delay" ? numberOf(this.#delay) : 0,
    });
  }

  /** @returns {string} why this fault can't be played, whatever the others are; empty where nothing is wrong with it */
  get #why() {
    return whyNot({ ...PLAIN, faults: [this.fault] });
  }

  #told() {
    const { value } = this.#deed;
    this.#damaged.hidden = this.#flipped.hidden = value !== "corrupt";
    this.#late.hidden = value !== "delay";
    const wrong = this.#why;
    setText(this.#said, wrong === "" ? faultText(this.fault) : wrong);
    this.#said.toggleAttribute("data-wrong", wrong !== "");
  }

  /** What is wrong with the fault itself stands beside the button already: it leads back to the field. */
  #added() {
    if (this.#why !== "") return /** @type {HTMLElement | null} */ (this.querySelector("input:invalid"))?.focus();
    this.dispatchEvent(new CustomEvent("lv-fault", { bubbles: true, detail: this.fault }));
  }
}

/**
 * @param {string} words
 * @param {HTMLElement} input
 * @returns {HTMLElement}
 */
function field(words, input) {
  return make("label", {}, make("span", {}, words), input);
}

/**
 * @param {Array<[string, string]>} values each with its words
 * @param {string} [first]
 * @returns {HTMLSelectElement}
 */
function choice(values, first = values[0]?.[0] ?? "") {
  return make("select", {}, ...values.map(([value, words]) => (
    make("option", value === first ? { value, selected: "" } : { value }, words))));
}

/**
 * @param {string} value
 * @param {number} most
 * @param {number} [least]
 * @returns {HTMLInputElement}
 */
function whole(value, most, least = 1) {
  return make("input", { type: "number", inputmode: "numeric", step: "1", min: String(least), max: String(most), value });
}

/**
 * @param {HTMLInputElement} input
 * @returns {number} NaN where it is none
 */
function numberOf({ value }) {
  return value.trim() === "" ? NaN : Number(value);
}

customElements.define("lv-fault-editor", LvFaultEditor);
