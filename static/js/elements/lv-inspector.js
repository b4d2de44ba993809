// What is chosen of the frame on the stage: its value, its bits, its meaning, what would change it, and its sums.

import { whatChanges, whatFor } from "../core/inspector-changes.js";
import { choiceName, sums, valueText } from "../core/inspector-sums.js";
import { arrivedText, bitText, fieldsText, placeText } from "../core/inspector-words.js";
import { choose, find, networkBit, sections } from "../core/inspector.js";
import { say, sayMany } from "../core/say.js";
import { bytesText } from "../core/words.js";
import { chosen, make, setAttribute, setText } from "./make.js";

/** @import { Found, Section } from "../core/inspector.js" */
/** @import { Sum } from "../core/inspector-sums.js" */
/** @import { Journey, Run } from "../core/messages.js" */
/** @import { Choice } from "../core/store.js" */
/** @import { View } from "../live/player.js" */

const MOST_BITS = 96;
const HINT = say("Click or touch a header, a field or a bit: on the stage, in the table, in the bytes or in the diagram. With the keyboard: Tab to one of them, then the arrow keys. Esc clears the choice.");

export class LvInspector extends HTMLElement {
  #frame = make("p", { class: "frame" });
  #parts = make("div", { class: "parts", role: "group", "aria-label": say("Parts of the frame") });
  #name = make("h3", { class: "name" });
  #shark = make("code", { class: "shark" });
  #clear = make("button", { type: "button", class: "plain clear", title: say("Clear the choice (Esc)") }, say("Clear"));
  #value = make("p", { class: "value" });
  #place = make("p", { class: "place" });
  #bits = make("div", { class: "bits", role: "grid", "aria-label": say("Bits of the field, in the order of the header") });
  #bit = make("p", { class: "bit" });
  #words = make("dl");
  #told = make("div", { class: "told", tabindex: "0", role: "region", "aria-label": say("The chosen field"), "data-scroller": "" });
  #said = make("p", { class: "unseen", role: "status" });
  /** @type {Journey | null | undefined} undefined until the first update */
  #journey;
  /** @type {Choice | null} */
  #choice = null;
  /** @type {Run | null} */
  #run = null;
  #listeners = new AbortController();

  connectedCallback() {
    this.#listeners = new AbortController();
    const { signal } = this.#listeners;
    this.#parts.addEventListener("click", (event) => this.#partPressed(event), { signal });
    this.#bits.addEventListener("click", (event) => this.#bitPressed(event), { signal });
    this.#bits.addEventListener("keydown", (event) => this.#bitKey(event), { signal });
    this.#clear.addEventListener("click", () => { chosen(this, null); this.#told.focus(); }, { signal });
    const head = make("div", { class: "title" }, this.#name, this.#shark, this.#clear);
    this.#told.replaceChildren(head, this.#value, this.#place, this.#bits, this.#bit, this.#words);
    this.replaceChildren(this.#frame, this.#parts, this.#told, this.#said);
  }

  disconnectedCallback() {
    this.#listeners.abort();
  }

  /** @param {View} view */
  update({ state: { choice, run }, scene: { journey } }) {
    if (journey === this.#journey && choice === this.#choice && run === this.#run) return;
    const isNewChoice = choice !== this.#choice;
    if (journey !== this.#journey) this.#drawParts(journey);
    [this.#journey, this.#choice, this.#run] = [journey, choice, run];
    const found = find(journey, choice);
    for (const button of this.#parts.children) {
      setAttribute(button, "aria-pressed", String(/** @type {HTMLElement} */ (button).dataset["key"] === found?.section.key));
    }
    this.#tell(journey, found, choice);
    if (isNewChoice) this.#announce(journey, found);
  }

  /** @param {Journey | null} journey */
  #drawParts(journey) {
    setText(this.#frame, journey === null ? "" : frameText(journey));
    this.#parts.replaceChildren(...(journey === null ? [] : sections(journey)).map(partButton));
  }

  /**
   * @param {Journey | null} journey
   * @param {Found | null} found
   * @param {Choice | null} choice
   */
  #tell(journey, found, choice) {
    const isChosen = choice !== null;
    document.querySelector('a[href="#inspector"]')?.toggleAttribute("data-chosen", isChosen);
    setAttribute(this.#told, "data-layer", found?.section.layer ?? null);
    this.#clear.hidden = !isChosen;
    for (const part of [this.#shark, this.#value, this.#place, this.#bits, this.#bit]) part.hidden = true;
    if (journey === null || found === null) {
      setText(this.#name, !isChosen ? say("Nothing is chosen") : say("Not in this frame"));
      const hint = make("dd", {}, choice === null ? HINT : lackText(choice));
      this.#words.replaceChildren(make("div", { class: "hint" }, make("dt", { class: "unseen" }, say("What to do")), hint));
      return;
    }
    const { section, field } = found;
    setText(this.#name, field?.label ?? section.label);
    this.#write(this.#shark, field?.name ?? "");
    this.#write(this.#value, field === null ? "" : valueText(this.#run, journey, field));
    this.#write(this.#place, placeText(section, found.first, found.bits));
    this.#drawBits(journey, found);
    this.#write(this.#bit, bitText(journey, found));
    this.#words.replaceChildren(...linesOf(this.#run, journey, found));
  }

  /**
   * @param {HTMLElement} node
   * @param {string} text
   */
  #write(node, text) {
    setText(node, text);
    node.hidden = text === "";
  }

  /**
   * The field's own bits, not those of a whole header; a bit of such a one with those of its byte.
   * @param {Journey} journey
   * @param {Found} found
   */
  #drawBits(journey, found) {
    const [first, count] = shownBits(found);
    this.#bits.hidden = count === 0;
    const hadFocus = this.#bits.contains(document.activeElement);
    const cells = Array.from({ length: count }, (_, index) => bitCell(journey, found, first + index));
    /** @type {HTMLElement[]} */
    const octets = [];
    for (const [index, cell] of cells.entries()) {
      if (index === 0 || (first + index) % 8 === 0) octets.push(make("span", { class: "octet", role: "presentation" }));
      octets.at(-1)?.append(cell);
    }
    const current = cells.find(({ dataset }) => Number(dataset["bit"]) === found.bit) ?? cells[0];
    if (current !== undefined) current.tabIndex = 0;
    this.#bits.replaceChildren(make("div", { role: "row" }, ...octets));
    if (hadFocus) current?.focus({ preventScroll: true });
  }

  /** @param {Event} event */
  #partPressed(event) {
    const key = event.target instanceof Element ? event.target.closest("button")?.dataset["key"] : undefined;
    if (key !== undefined) chosen(this, { section: key, field: "", label: "", nth: 0, bit: -1 });
  }

  /** @param {Event} event */
  #bitPressed(event) {
    const bit = event.target instanceof Element ? event.target.closest("[data-bit]")?.getAttribute("data-bit") : null;
    if (bit !== null && bit !== undefined) this.#chooseBit(Number(bit));
  }

  /** @param {KeyboardEvent} event */
  #bitKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || !(event.target instanceof HTMLElement)) return;
    const all = /** @type {NodeListOf<HTMLElement>} */ (this.#bits.querySelectorAll("[data-bit]"));
    const at = [...all].indexOf(event.target);
    const to = {
      ArrowLeft: at - 1, ArrowRight: at + 1, ArrowUp: at - 8, ArrowDown: at + 8, Home: 0, End: all.length - 1, Enter: at,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const cell = all[Math.min(Math.max(to, 0), all.length - 1)];
    cell?.focus();
    if (cell !== undefined) this.#chooseBit(Number(cell.dataset["bit"]));
  }

  /** @param {number} bit */
  #chooseBit(bit) {
    const found = find(this.#journey ?? null, this.#choice);
    if (found === null) return;
    const field = found.field === null ? null : { field: found.field, nth: found.nth };
    chosen(this, choose(found.section, field, bit - found.first));
  }

  /**
   * Said to those who hear it where the choice was made out of sight of these panes, which say themselves what they are.
   * @param {Journey | null} journey
   * @param {Found | null} found
   */
  #announce(journey, found) {
    const isHere = document.activeElement?.closest("#inspector") !== null;
    if (isHere || journey === null || found === null || this.#choice === null) return setText(this.#said, "");
    const value = found.field === null ? "" : `: ${valueText(this.#run, journey, found.field)}`;
    setText(this.#said, `${choiceName(journey, this.#choice)}${value}. ${bitText(journey, found)}`);
  }
}

/**
 * @param {Journey} journey
 * @returns {string}
 */
function frameText({ number, name, sender, octets, wire_octets: whole }) {
  const captured = octets.length / 2;
  const size = whole > captured
    ? sayMany("{captured} of {count} byte captured", "{captured} of {count} bytes captured", whole, { captured })
    : bytesText(captured);
  return sender === "client"
    ? say("Frame {number}, {name}: client to server, {size}", { number, name, size })
    : say("Frame {number}, {name}: server to client, {size}", { number, name, size });
}

/**
 * @param {Section} section
 * @returns {HTMLElement}
 */
function partButton({ key, label, layer, bits }) {
  const attributes = { type: "button", "data-key": key, "data-layer": layer, "aria-pressed": "false" };
  return make("button", attributes, `${label} `, make("small", {}, String(bits / 8)));
}

/**
 * @param {Choice} choice
 * @returns {string}
 */
function lackText({ section, field, label }) {
  return field === ""
    ? say("This frame has no {part}. The choice waits for the next one that has it.", { part: section })
    : say("This frame has no {part} field {field}. The choice waits for the next one that has it.", { part: section, field: label });
}

/**
 * @param {Found} found
 * @returns {[number, number]} the first of the bits and how many
 */
function shownBits({ field, section, first, bits, bit }) {
  if (field === null && bit !== null) return [bit - (bit & 7), 8];
  if (field === null && bits > 64) return [0, 0];
  if (!section.known || (field === null && !section.computed)) return [0, 0];
  return [first, bits <= MOST_BITS ? bits : 0];
}

/**
 * @param {Journey} journey
 * @param {Found} found
 * @param {number} bit
 * @returns {HTMLElement}
 */
function bitCell(journey, found, bit) {
  const value = String(networkBit(journey, bit));
  const isLit = bit === found.bit;
  return make("span", {
    role: "gridcell", tabindex: "-1", "data-bit": String(bit), "aria-selected": String(isLit),
    "aria-label": say("bit {bit} is {value}", { bit: bit - found.first + 1, value }), ...(isLit ? { "data-lit": "all" } : {}),
  }, value);
}

/**
 * @param {Run | null} run
 * @param {Journey} journey
 * @param {Found} found
 * @returns {HTMLElement[]}
 */
function linesOf(run, journey, found) {
  const { section, field } = found;
  const meaning = field === null ? whatFor(section.key) : field.meaning;
  const changes = field === null ? "" : whatChanges(field.name);
  const holds = field === null && section.header !== null ? fieldsText(section.fields.length) : "";
  const lines = [[say("On the way"), arrivedText(journey, found)], [say("Meaning"), meaning], [say("Holds"), holds], [say("What would change it"), changes]];
  return [...sums(run, journey, found).map(sumLine), ...lines.flatMap(([label, text]) => line(label ?? "", text ?? ""))];
}

/**
 * @param {Sum} sum
 * @returns {HTMLElement}
 */
function sumLine({ sum, words }) {
  const told = make("dd", {}, make("span", { class: "sum" }, sum), " ", make("span", { class: "why" }, words));
  return make("div", {}, make("dt", {}, sum.includes("=") ? say("Sum") : say("Comes from")), told);
}

/**
 * @param {string} label
 * @param {string} text
 * @returns {HTMLElement[]}
 */
function line(label, text) {
  return text === "" ? [] : [make("div", {}, make("dt", {}, label), make("dd", {}, text))];
}

customElements.define("lv-inspector", LvInspector);
