// "Go to": a frame's number and a step's, and one sentence where there is no such place.
// It comes with the first key "g" and makes its own dialog.

import { placeOf } from "../core/overview.js";
import { say } from "../core/say.js";
import { isBeginning } from "../core/store.js";
import { EMPTY, stopAt } from "../core/timeline.js";
import { ask, make, setAttribute, setText, styled } from "./make.js";

/** @import { Run } from "../core/messages.js" */
/** @import { Place } from "../core/overview.js" */
/** @import { View } from "../live/player.js" */

const SHEET = new URL("../../css/dialogs.css", import.meta.url).href;

export class LvGoto extends HTMLElement {
  #frame = numberField();
  #step = numberField();
  #why = make("p", { class: "why", id: "goto-why", role: "alert" });
  #form = make("form", { novalidate: "" },
    make("h2", { id: "goto-title" }, say("Go to")),
    make("div", { class: "numbers" },
      make("label", {}, say("Frame"), this.#frame), make("label", {}, say("Step"), this.#step)),
    this.#why,
    make("div", { class: "actions" },
      make("button", { class: "plain", type: "button", value: "close" }, say("Close")),
      make("button", { class: "primary", type: "submit" }, say("Go"))));
  #dialog = make("dialog", { "aria-labelledby": "goto-title" }, this.#form);
  #timeline = EMPTY;
  #isStepTyped = false;
  #listeners = new AbortController();

  connectedCallback() {
    this.#listeners = new AbortController();
    const { signal } = this.#listeners;
    this.#form.addEventListener("submit", (event) => this.#submitted(event), { signal });
    this.#form.querySelector('[value="close"]')?.addEventListener("click", () => this.#dialog.close(), { signal });
    this.#step.addEventListener("input", () => { this.#isStepTyped = this.#step.value !== ""; }, { signal });
    this.#frame.addEventListener("input", () => { if (!this.#isStepTyped) this.#step.value = "1"; }, { signal });
    this.replaceChildren(this.#dialog);
  }

  disconnectedCallback() {
    this.#listeners.abort();
  }

  /** @param {View} view */
  open(view) {
    if (this.#dialog.open) return;
    this.update(view);
    this.#isStepTyped = false;
    const stop = stopAt(view.timeline, view.instantMs);
    this.#frame.value = String(stop?.journey.number ?? "");
    this.#step.value = String(stop?.step.number ?? "");
    this.#say("", null);
    this.#dialog.showModal();
    this.#frame.select();
  }

  /** @param {View} view */
  update({ timeline }) {
    this.#timeline = timeline;
  }

  /** @param {SubmitEvent} event */
  #submitted(event) {
    event.preventDefault();
    if (this.#step.value === "") this.#step.value = "1";
    const unread = [this.#frame, this.#step].find(({ value }) => !/^\d+$/.test(value));
    if (unread !== undefined) return this.#say(say("Write a whole number."), unread);
    const place = placeOf(this.#timeline, Number(this.#frame.value), Number(this.#step.value));
    if (!("instantMs" in place)) return this.#say(whyNot(place, this.#frame.value, this.#timeline.run), place.missing === "step" ? this.#step : this.#frame);
    this.#dialog.close();
    ask(this, { kind: "seek", instant_ms: place.instantMs });
  }

  /**
   * @param {string} sentence
   * @param {HTMLInputElement | null} field that it is about
   */
  #say(sentence, field) {
    setText(this.#why, sentence);
    for (const each of [this.#frame, this.#step]) {
      setAttribute(each, "aria-invalid", each === field ? "true" : null);
      setAttribute(each, "aria-describedby", each === field ? this.#why.id : null);
    }
    field?.select();
  }
}

/** @returns {HTMLInputElement} */
function numberField() {
  return make("input", { type: "text", inputmode: "numeric", autocomplete: "off", maxlength: "7" });
}

/**
 * @param {Exclude<Place, { instantMs: number }>} place
 * @param {string} frame
 * @param {Run | null} run
 * @returns {string}
 */
function whyNot(place, frame, run) {
  switch (place.missing) {
    case "run": return say("There are no frames yet.");
    case "frame": return isBeginning(run) ? say("While the class is asked, nothing behind frame {last} is shown.", { last: place.last }) : say("There is no frame {frame}: this run has the frames {first} to {last}.", { frame, first: place.first, last: place.last });
    case "step": return say("Frame {frame} has the steps 1 to {steps}.", { frame, steps: place.steps });
  }
}

customElements.define("lv-goto", LvGoto);

/** @param {View} view */
export async function open(view) {
  await styled(SHEET);
  /** @type {LvGoto} */
  const element = document.querySelector("lv-goto") ?? new LvGoto();
  if (!element.isConnected) document.body.append(element);
  element.open(view);
}
