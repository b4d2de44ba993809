// All frames of the run, one below the other, each with its steps as buttons grouped by layer: a press goes there.
// It comes with the first key "o" and makes its own dialog.

import { overview } from "../core/overview.js";
import { say } from "../core/say.js";
import { LAYER_NAMES } from "../core/text.js";
import { indexAt } from "../core/timeline.js";
import { ask, make, setText, styled } from "./make.js";

/** @import { Listed, Row } from "../core/overview.js" */
/** @import { Run } from "../core/messages.js" */
/** @import { View } from "../live/player.js" */

const SHEET = new URL("../../css/dialogs.css", import.meta.url).href;
const FRAMES_A_PAGE = 5;

/** @typedef {{ listed: Listed, row: number, told: string, button: HTMLButtonElement }} Stop */

export class LvOverview extends HTMLElement {
  #list = make("ol", { class: "frames" });
  #told = make("p", { class: "told", role: "status" });
  #close = make("button", { class: "plain", type: "submit" }, say("Close"));
  #dialog = make("dialog", { "aria-labelledby": "overview-title" },
    make("form", { method: "dialog", class: "head" },
      make("h2", { id: "overview-title" }, say("All frames and steps")), this.#close),
    this.#list, this.#told);
  /** @type {Run | null | undefined} undefined before the first opening */
  #run;
  /** @type {Stop[]} in the timeline's order */
  #stops = [];
  #here = -1;
  #isArriving = false;
  #listeners = new AbortController();

  connectedCallback() {
    this.#listeners = new AbortController();
    const { signal } = this.#listeners;
    this.#list.addEventListener("click", (event) => this.#pressed(event), { signal });
    this.#list.addEventListener("focusin", (event) => this.#tell(event), { signal });
    this.#list.addEventListener("pointerover", (event) => this.#tell(event), { signal });
    this.#dialog.addEventListener("keydown", (event) => this.#key(event), { signal });
    this.replaceChildren(this.#dialog);
  }

  disconnectedCallback() {
    this.#listeners.abort();
  }

  /** @param {View} view */
  open(view) {
    if (this.#dialog.open) return;
    this.#dialog.showModal();
    this.#close.focus();
    this.#isArriving = true;
    this.update(view);
  }

  /** @param {View} view */
  update({ timeline, instantMs }) {
    if (!this.#dialog.open) return;
    if (timeline.run !== this.#run) this.#build(timeline.run, overview(timeline));
    this.#mark(indexAt(timeline, instantMs));
    if (this.#isArriving) this.#arrive();
  }

  /** The reader begins at the step that is shown, as soon as there is one. */
  #arrive() {
    const here = this.#stops[this.#here]?.button;
    if (here === undefined) return;
    this.#isArriving = false;
    here.scrollIntoView({ block: "center" });
    here.focus({ preventScroll: true });
  }

  /**
   * @param {Run | null} run
   * @param {Row[]} rows
   */
  #build(run, rows) {
    const focused = this.#stops.findIndex(({ button }) => button === document.activeElement);
    this.#run = run;
    this.#here = -1;
    this.#stops = [];
    this.#list.replaceChildren(...rows.map((row, index) => this.#rowOf(row, index)));
    if (rows.length === 0) setText(this.#told, say("There are no frames yet."));
    this.#stops[focused]?.button.focus({ preventScroll: true });
  }

  /**
   * @param {Row} row
   * @param {number} index
   * @returns {HTMLElement}
   */
  #rowOf({ journey, groups }, index) {
    const way = make("span", { "aria-hidden": "true" }, journey.sender === "client" ? "→ " : "← ");
    const number = make("span", { class: "number" }, say("Frame {number}", { number: journey.number }));
    const title = make("h3", {}, number, " ", way, journey.name);
    const boxes = groups.map(({ layer, steps }) => make("li", { "data-layer": layer },
      make("span", { class: "layer" }, LAYER_NAMES[layer]),
      make("span", { class: "steps" }, ...steps.map((listed) => this.#button(listed, index, journey.number)))));
    return make("li", { class: "frame" }, title, make("ul", { class: "groups" }, ...boxes));
  }

  /**
   * @param {Listed} listed
   * @param {number} row
   * @param {number} frame
   * @returns {HTMLButtonElement}
   */
  #button(listed, row, frame) {
    const told = say("Frame {frame}, step {step}: {title}", { frame, step: listed.number, title: listed.title });
    const button = make("button", { type: "button", class: "stop", tabindex: "-1", "aria-label": told }, String(listed.number));
    this.#stops.push({ listed, row, told, button });
    return button;
  }

  /** @param {number} index of the step that is shown on the stage */
  #mark(index) {
    if (index === this.#here) return;
    this.#stops[this.#here]?.button.removeAttribute("aria-current");
    this.#here = index;
    const here = this.#stops[index];
    here?.button.setAttribute("aria-current", "step");
    if (here !== undefined && this.#focused() < 0) this.#makeReachable(here);
  }

  /** @returns {number} */
  #focused() {
    return this.#stops.findIndex(({ button }) => button === document.activeElement);
  }

  /**
   * Tab comes to one button of all; the arrows go on from there.
   * @param {Stop} stop
   */
  #makeReachable({ button }) {
    for (const each of this.#list.querySelectorAll('[tabindex="0"]')) each.setAttribute("tabindex", "-1");
    button.setAttribute("tabindex", "0");
  }

  /** @param {Event} event */
  #tell({ target, type }) {
    const stop = this.#stops.find(({ button }) => button === target);
    if (stop === undefined) return;
    setText(this.#told, stop.told);
    if (type === "focusin") this.#makeReachable(stop);
  }

  /** @param {Event} event */
  #pressed({ target }) {
    const stop = this.#stops.find(({ button }) => button === target);
    if (stop === undefined) return;
    this.#dialog.close();
    ask(this, { kind: "seek", instant_ms: stop.listed.instantMs });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const from = this.#focused();
    const to = from < 0 ? undefined : this.#stopBeside(from, event.key);
    const isClosing = event.key.toLowerCase() === "o";
    if (isClosing || to !== undefined) event.preventDefault();
    if (isClosing) return this.#dialog.close();
    if (to === undefined) return;
    to.button.focus({ preventScroll: true });
    to.button.scrollIntoView({ block: "nearest" });
  }

  /**
   * @param {number} from
   * @param {string} key
   * @returns {Stop | undefined}
   */
  #stopBeside(from, key) {
    switch (key) {
      case "ArrowRight": return this.#stops[from + 1];
      case "ArrowLeft": return this.#stops[from - 1];
      case "ArrowDown": return this.#stopInRow(from, 1);
      case "ArrowUp": return this.#stopInRow(from, -1);
      case "PageDown": return this.#stopInRow(from, FRAMES_A_PAGE);
      case "PageUp": return this.#stopInRow(from, -FRAMES_A_PAGE);
      case "Home": return this.#stops[0];
      case "End": return this.#stops.at(-1);
    }
    return undefined;
  }

  /**
   * The step of the same number, or the last one, so many frames further down.
   * @param {number} from
   * @param {number} by
   * @returns {Stop | undefined}
   */
  #stopInRow(from, by) {
    const { row, listed } = /** @type {Stop} */ (this.#stops[from]);
    const last = this.#stops.at(-1)?.row ?? 0;
    const inRow = this.#stops.filter((each) => each.row === Math.min(Math.max(row + by, 0), last));
    return inRow.find((each) => each.listed.number === listed.number) ?? inRow.at(-1);
  }
}

customElements.define("lv-overview", LvOverview);

/** @param {View} view */
export async function open(view) {
  await styled(SHEET);
  /** @type {LvOverview} */
  const element = document.querySelector("lv-overview") ?? new LvOverview();
  if (!element.isConnected) document.body.append(element);
  element.open(view);
}
