// Every field of the frame on the stage, a row each, under its header's row. Choosing a row lights it everywhere.

import { valueParts } from "../core/inspector-sums.js";
import { choose, find, isSamePlace, lights, sections } from "../core/inspector.js";
import { say, sayMany } from "../core/say.js";
import { chosen, hasComeByKey, make, setAttribute } from "./make.js";

/** @import { Numbered, Section } from "../core/inspector.js" */
/** @import { Journey, Run } from "../core/messages.js" */
/** @import { Choice } from "../core/store.js" */
/** @import { View } from "../live/player.js" */

/** @typedef {{ node: HTMLElement, choice: Choice, first: number, bits: number }} Drawn */

export class LvInspectorFields extends HTMLElement {
  #table = make("table", { role: "grid", "aria-label": say("Fields of the frame") }, make("thead", {}, make("tr", {},
    ...[say("Field"), say("Value"), say("Bits"), say("In Wireshark")].map((name) => make("th", { scope: "col" }, name)))));
  #box = make("div", { class: "box", "data-scroller": "" }, this.#table);
  /** @type {Drawn[]} */
  #rows = [];
  /** @type {Journey | null | undefined} undefined until the first update */
  #journey;
  /** @type {Choice | null} */
  #choice = null;
  /** @type {number | undefined} how many frames the run had when the values were written */
  #frames;
  #listeners = new AbortController();

  connectedCallback() {
    this.#listeners = new AbortController();
    const { signal } = this.#listeners;
    this.#table.addEventListener("click", (event) => this.#pressed(event), { signal });
    this.#table.addEventListener("focusin", (event) => { if (hasComeByKey(this, event)) this.#pressed(event); }, { signal });
    this.#table.addEventListener("keydown", (event) => this.#key(event), { signal });
    this.replaceChildren(this.#box);
  }

  disconnectedCallback() {
    this.#listeners.abort();
  }

  /** @param {View} view */
  update({ state: { choice, run }, scene: { journey } }) {
    const isNew = journey !== this.#journey || run?.journeys.length !== this.#frames;
    if (!isNew && choice === this.#choice) return;
    const hadFocus = isNew && this.#table.contains(document.activeElement);
    [this.#journey, this.#choice, this.#frames] = [journey, choice, run?.journeys.length];
    if (isNew) this.#build(run, journey);
    this.#mark(hadFocus);
  }

  /**
   * @param {Run | null} run
   * @param {Journey | null} journey
   */
  #build(run, journey) {
    for (const body of [...this.#table.tBodies]) body.remove();
    this.#rows = [];
    this.#box.hidden = journey === null;
    if (journey === null) return;
    for (const section of sections(journey)) {
      const rows = [headingRow(section), ...section.fields.map((each) => fieldRow(run, journey, section, each))];
      this.#rows.push(...rows);
      this.#table.append(make("tbody", { "data-layer": section.layer }, ...rows.map(({ node }) => node)));
    }
  }

  /** @param {boolean} hadFocus */
  #mark(hadFocus) {
    const found = find(this.#journey ?? null, this.#choice);
    let current = this.#rows[0];
    for (const row of this.#rows) {
      const isChosen = found !== null && isSamePlace(row.choice, this.#choice);
      const lit = isChosen ? "all" : row.choice.field !== "" && row.bits > 0 ? lights(found, row.first, row.bits) : "";
      setAttribute(row.node, "data-lit", lit === "" ? null : lit);
      setAttribute(row.node, "aria-selected", String(isChosen));
      setAttribute(row.node, "tabindex", "-1");
      if (isChosen) current = row;
    }
    if (current === undefined) return;
    current.node.tabIndex = 0;
    if (hadFocus) current.node.focus({ preventScroll: true });
    if (found !== null) this.#bringIntoView(current.node);
  }

  /**
   * Moves nothing but the table's own box: into its middle, so that the neighbours are seen.
   * @param {HTMLElement} row
   */
  #bringIntoView(row) {
    const head = this.#table.tHead?.offsetHeight ?? 0;
    const above = row.offsetTop - head;
    const below = row.offsetTop + row.offsetHeight - this.#box.clientHeight;
    if (this.#box.scrollTop > above || this.#box.scrollTop < below) this.#box.scrollTop = (above + below) / 2;
  }

  /** @param {Event} event */
  #pressed(event) {
    const row = this.#rowOf(event.target);
    if (row !== undefined && !isSamePlace(row.choice, this.#choice)) chosen(this, row.choice);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const from = this.#rowOf(event.target);
    if (from === undefined) return;
    const at = this.#rows.indexOf(from);
    const last = this.#rows.length - 1;
    const to = {
      ArrowUp: at - 1, ArrowLeft: at - 1, ArrowDown: at + 1, ArrowRight: at + 1, Home: 0, End: last, Enter: at,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const row = this.#rows[Math.min(Math.max(to, 0), last)];
    if (row === undefined) return;
    row.node.focus({ preventScroll: true });
    this.#bringIntoView(row.node);
    chosen(this, row.choice);
  }

  /**
   * @param {EventTarget | null} target
   * @returns {Drawn | undefined}
   */
  #rowOf(target) {
    const node = target instanceof Element ? target.closest("tr") : null;
    return this.#rows.find((row) => row.node === node);
  }
}

/**
 * @param {Section} section
 * @returns {Drawn}
 */
function headingRow(section) {
  const { label, bits, first } = section;
  const node = make("tr", { class: "heading" }, make("th", { scope: "rowgroup" }, label), make("td", { colspan: "3" }, sizeText(section)));
  return { node, choice: choose(section), first, bits };
}

/**
 * @param {Section} section
 * @returns {string}
 */
function sizeText({ bits, computed, known, first }) {
  const octets = bits / 8;
  if (!known) return sayMany("{count} byte that the capture left out", "{count} bytes that the capture left out", octets);
  if (computed) return sayMany("{count} byte, computed: in no capture", "{count} bytes, computed: in no capture", octets);
  return sayMany("{count} byte from byte {first}", "{count} bytes from byte {first}", octets, { first: first / 8 });
}

/**
 * @param {Run | null} run
 * @param {Journey} journey
 * @param {Section} section
 * @param {Numbered} numbered
 * @returns {Drawn}
 */
function fieldRow(run, journey, section, numbered) {
  const { field } = numbered;
  const { bit_offset: first, bit_length: bits } = field;
  const parts = valueParts(run, journey, field);
  const value = parts.length === 1 ? parts[0] ?? "" : parts.map((part) => part.replaceAll(" ", "\u00a0")).join(" · ");
  const name = field.name.split(/(?<=[._])/).flatMap((part) => [part, make("wbr")]);
  const node = make("tr", {}, make("th", { scope: "row" }, field.label), make("td", { class: "mono" }, value),
    make("td", { class: "size" }, bits === 0 ? say("none") : String(bits)), make("td", { class: "mono shark" }, ...name));
  return { node, choice: choose(section, numbered), first, bits };
}

customElements.define("lv-inspector-fields", LvInspectorFields);
