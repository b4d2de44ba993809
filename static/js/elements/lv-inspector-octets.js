// The captured bytes of the frame on the stage, in hexadecimal and as text. Choosing a byte chooses the field it is in.

import { choicesOfOctet, find, isSamePlace, lights, sections } from "../core/inspector.js";
import { octetsOf } from "../core/bits.js";
import { say, sayMany } from "../core/say.js";
import { chosen, hasComeByKey, make, setAttribute } from "./make.js";

/** @import { Section } from "../core/inspector.js" */
/** @import { Journey, Layer } from "../core/messages.js" */
/** @import { Choice } from "../core/store.js" */
/** @import { View } from "../live/player.js" */

const WIDE_EM = 43;

export class LvInspectorOctets extends HTMLElement {
  #grid = make("div", { class: "grid", role: "grid", "aria-label": say("Bytes of the frame, in hexadecimal") });
  #box = make("div", { class: "box", "data-scroller": "" }, this.#grid);
  #note = make("p", { class: "note" });
  #watch = new ResizeObserver(() => this.#resized());
  /** @type {HTMLElement[]} */
  #cells = [];
  /** @type {HTMLElement[]} */
  #signs = [];
  /** @type {Journey | null | undefined} undefined until the first update */
  #journey;
  /** @type {Choice | null} */
  #choice = null;
  #perRow = 16;
  #current = 0;
  #listeners = new AbortController();

  connectedCallback() {
    this.#listeners = new AbortController();
    const { signal } = this.#listeners;
    this.#grid.addEventListener("click", (event) => this.#pressed(event), { signal });
    this.#grid.addEventListener("focusin", (event) => this.#focused(event), { signal });
    this.#grid.addEventListener("keydown", (event) => this.#key(event), { signal });
    this.replaceChildren(this.#box, this.#note);
    this.#watch.observe(this);
  }

  disconnectedCallback() {
    this.#watch.disconnect();
    this.#listeners.abort();
  }

  /** @param {View} view */
  update({ state: { choice }, scene: { journey } }) {
    const isNew = journey !== this.#journey;
    if (!isNew && choice === this.#choice) return;
    [this.#journey, this.#choice] = [journey, choice];
    if (isNew) this.#build();
    this.#mark();
  }

  #resized() {
    const perRow = this.clientWidth / parseFloat(getComputedStyle(this).fontSize) < WIDE_EM ? 8 : 16;
    if (perRow === this.#perRow) return;
    this.#perRow = perRow;
    this.#build();
    this.#mark();
  }

  #build() {
    const hadFocus = this.#grid.contains(document.activeElement);
    const journey = this.#journey ?? null;
    const octets = journey === null ? [] : octetsOf(journey.octets);
    const layers = layersOf(journey, octets.length);
    this.#cells = octets.map((octet, index) => octetCell(octet, index, layers[index]));
    this.#signs = octets.map((octet) => make("span", {}, signOf(octet)));
    const rows = Array.from({ length: Math.ceil(octets.length / this.#perRow) }, (_, row) => this.#rowOf(row * this.#perRow));
    this.#grid.replaceChildren(...rows);
    this.#grid.dataset["row"] = String(this.#perRow);
    this.#box.hidden = octets.length === 0;
    this.#current = Math.min(this.#current, Math.max(0, octets.length - 1));
    if (hadFocus) this.#cells[this.#current]?.focus({ preventScroll: true });
  }

  /**
   * @param {number} from
   * @returns {HTMLElement}
   */
  #rowOf(from) {
    const to = from + this.#perRow;
    return make("div", { role: "row", class: "row" },
      make("span", { role: "rowheader", class: "offset" }, from.toString(16).padStart(4, "0")),
      make("span", { class: "octets", role: "presentation" }, ...this.#cells.slice(from, to)),
      make("span", { class: "signs", "aria-hidden": "true" }, ...this.#signs.slice(from, to)));
  }

  #mark() {
    const found = find(this.#journey ?? null, this.#choice);
    const lit = this.#cells.map((_, index) => lights(found, index * 8, 8));
    for (const [index, cell] of this.#cells.entries()) {
      const here = lit[index] ?? "";
      setAttribute(cell, "data-lit", here === "" ? null : here);
      setAttribute(/** @type {HTMLElement} */ (this.#signs[index]), "data-lit", here === "" ? null : here);
      setAttribute(cell, "aria-selected", String(here !== ""));
      setAttribute(cell, "tabindex", "-1");
    }
    const first = lit.findIndex((here) => here !== "");
    if (first >= 0 && lit[this.#current] === "") this.#current = first;
    const current = this.#cells[this.#current];
    if (current !== undefined) current.tabIndex = 0;
    if (first >= 0) this.#bringIntoView(/** @type {HTMLElement} */ (this.#cells[first]));
    this.#note.textContent = noteOf(this.#journey ?? null, found?.section);
  }

  /**
   * Moves nothing but this pane's own box.
   * @param {HTMLElement} cell
   */
  #bringIntoView(cell) {
    const above = cell.offsetTop - 4;
    const below = cell.offsetTop + cell.offsetHeight + 4 - this.#box.clientHeight;
    if (this.#box.scrollTop > above || this.#box.scrollTop < below) this.#box.scrollTop = (above + below) / 2;
  }

  /** @param {Event} event */
  #pressed(event) {
    const index = event.target instanceof HTMLElement ? this.#indexOf(event.target) : -1;
    if (index >= 0) this.#choose(index, true);
  }

  /** @param {FocusEvent} event */
  #focused(event) {
    const index = event.target instanceof HTMLElement ? this.#cells.indexOf(event.target) : -1;
    const isLit = this.#cells[index]?.hasAttribute("data-lit") ?? true;
    if (!isLit && hasComeByKey(this, event)) this.#choose(index, false);
  }

  /**
   * @param {HTMLElement} node
   * @returns {number}
   */
  #indexOf(node) {
    return Math.max(this.#cells.indexOf(node), this.#signs.indexOf(node));
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || !(event.target instanceof HTMLElement)) return;
    const at = this.#cells.indexOf(event.target);
    const begin = at - (at % this.#perRow);
    const to = {
      ArrowLeft: at - 1, ArrowRight: at + 1, ArrowUp: at - this.#perRow, ArrowDown: at + this.#perRow, Home: begin,
      End: begin + this.#perRow - 1, Enter: at,
    }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    const last = this.#cells.length - 1;
    const isOut = (event.key === "ArrowUp" && to < 0) || (event.key === "ArrowDown" && to > last);
    this.#choose(isOut ? at : Math.min(Math.max(to, 0), last), event.key === "Enter");
  }

  /**
   * The byte's first field; pressed again, the next one that has bits in it.
   * @param {number} index
   * @param {boolean} next
   */
  #choose(index, next) {
    if (!this.#journey) return;
    this.#current = index;
    this.#cells[index]?.focus({ preventScroll: true });
    const choices = choicesOfOctet(this.#journey, index);
    const now = choices.findIndex((each) => isSamePlace(each, this.#choice));
    const choice = choices[next ? (now + 1) % choices.length : Math.max(0, now)];
    if (choice !== undefined) chosen(this, choice);
  }
}

/**
 * Why no byte lights up for what is chosen, or how many are not here.
 * @param {Journey | null} journey
 * @param {Section | undefined} section
 * @returns {string}
 */
function noteOf(journey, section) {
  if (section?.computed === true) {
    return say("{part} is on the wire only: a capture holds none of it, so no byte lights up here.", { part: section.label });
  }
  const left = journey === null ? undefined : sections(journey).find(({ known }) => !known);
  return left === undefined ? "" : sayMany("The capture left out the last {count} byte of this frame.",
    "The capture left out the last {count} bytes of this frame.", left.bits / 8);
}

/**
 * @param {Journey | null} journey
 * @param {number} count
 * @returns {Array<Layer | undefined>} each byte's
 */
function layersOf(journey, count) {
  /** @type {Array<Layer | undefined>} */
  const layers = new Array(count).fill(undefined);
  for (const { first, bits, layer, computed, known } of journey === null ? [] : sections(journey)) {
    if (!computed && known) layers.fill(layer, first / 8, (first + bits) / 8);
  }
  return layers;
}

/**
 * @param {number} octet
 * @param {number} index
 * @param {Layer | undefined} layer
 * @returns {HTMLElement}
 */
function octetCell(octet, index, layer) {
  const text = octet.toString(16).padStart(2, "0");
  const attributes = { role: "gridcell", tabindex: "-1", "aria-label": say("byte {index}: {value}", { index, value: text }) };
  return make("span", layer === undefined ? attributes : { ...attributes, "data-layer": layer }, text);
}

/**
 * @param {number} octet
 * @returns {string}
 */
function signOf(octet) {
  return octet > 32 && octet < 127 ? String.fromCharCode(octet) : octet === 32 ? "\u00a0" : "·";
}

customElements.define("lv-inspector-octets", LvInspectorOctets);
