// The chosen header as the RFCs draw it: 32 bits to a row, a box for each field. Choosing a box chooses its field.

import { ROW_BITS, cellBeside, cellText, diagram } from "../core/inspector-diagram.js";
import { valueText } from "../core/inspector-sums.js";
import { choose, find, isSamePlace, lights, sections } from "../core/inspector.js";
import { say } from "../core/say.js";
import { monoWidth } from "../core/text.js";
import { Picture } from "../drawing/picture.js";
import { chosen, hasComeByKey } from "./make.js";

/** @import { Cell, DiagramRow } from "../core/inspector-diagram.js" */
/** @import { Found, Section } from "../core/inspector.js" */
/** @import { Journey, Run } from "../core/messages.js" */
/** @import { Choice } from "../core/store.js" */
/** @import { Pen, View } from "../drawing/picture.js" */

const HEAD_EM = 1.5;
const ROW_EM = 2.6;
const OFFSET_EM = 2.2;
const EDGE_EM = 0.15;
const SMALL = 0.8125;

/**
 * @typedef {{
 *   run: Run | null, journey: Journey, section: Section, rows: DiagramRow[], found: Found | null, choice: Choice | null,
 * }} Shown
 */

class Diagram extends Picture {
  /** @type {Shown | null} */
  #shown = null;
  #focused = -1;
  #listeners = new AbortController();

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    this.#listeners = new AbortController();
    const { signal } = this.#listeners;
    this.setAttribute("data-scroller", "");
    this.querySelector("svg")?.setAttribute("role", "grid");
    this.addEventListener("click", (event) => this.#pressed(event), { signal });
    this.addEventListener("focusin", (event) => this.#focusedIn(event), { signal });
    this.addEventListener("keydown", (event) => this.#key(event), { signal });
  }

  /** @override */
  disconnectedCallback() {
    super.disconnectedCallback();
    this.#listeners.abort();
  }

  /**
   * The height follows the header, so it is set before the picture is drawn.
   * @override
   * @param {View} view
   */
  update(view) {
    const { state: { choice, run }, scene: { journey } } = view;
    const before = this.#shown;
    if (before?.journey !== journey || before?.choice !== choice || before === null) this.#shown = shownOf(run, journey, choice);
    const rows = this.#shown?.rows.length ?? 0;
    this.hidden = rows === 0;
    this.style.setProperty("--diagram-height", `${HEAD_EM + rows * ROW_EM + 2 * EDGE_EM}em`);
    if (this.#shown !== null) this.name(say("Header diagram: {part}, 32 bits to a row", { part: this.#shown.section.label }));
    super.update(view);
    if (before?.section !== this.#shown?.section) this.#focused = -1;
    if (before?.choice !== choice) this.#bringIntoView();
  }

  /**
   * @override
   * @param {View} one
   * @param {View} other
   * @returns {boolean}
   */
  isSame(one, other) {
    return one.state.choice === other.state.choice && one.scene.journey === other.scene.journey;
  }

  /**
   * @override
   * @param {Pen} pen
   * @param {View} _view
   * @param {number} width
   * @param {number} _height
   * @param {number} em
   */
  draw(pen, _view, width, _height, em) {
    const shown = this.#shown;
    if (shown === null) return;
    const pitch = (width - (OFFSET_EM + 2 * EDGE_EM) * em) / ROW_BITS;
    const left = (OFFSET_EM + EDGE_EM) * em;
    const current = currentOf(shown, this.#focused);
    pen.inside("g", "ruler", { "aria-hidden": "true" }, () => drawRuler(pen, left, pitch, em));
    for (const [index, row] of shown.rows.entries()) {
      const y = (HEAD_EM + EDGE_EM + index * ROW_EM) * em;
      pen.inside("g", `${shown.section.key} ${row.offset}`, { role: "row", class: shown.section.layer }, () => {
        pen.text("offset", offsetText(row), "quiet end small", left - 0.4 * em, y + 1.6 * em, { "aria-hidden": "true" });
        for (const cell of row.cells) {
          const box = { x: left + cell.column * pitch, y, width: cell.span * pitch, height: ROW_EM * em };
          drawCell(pen, shown, cell, box, cell.first === current?.first ? 0 : -1, em);
        }
      });
    }
    drawLit(pen, shown, left, pitch, em);
  }

  /** Moves nothing but the box around the diagram, where that is narrower. */
  #bringIntoView() {
    const box = this.parentElement;
    const cell = this.#cells().find(({ first, bits }) => lights(this.#shown?.found ?? null, first, bits) !== "");
    if (box === null || cell === undefined || box.scrollWidth <= box.clientWidth) return;
    const pitch = this.clientWidth / (ROW_BITS + 2);
    const [from, to] = [cell.column * pitch, (cell.column + cell.span + 2) * pitch];
    if (box.scrollLeft > from) box.scrollLeft = from;
    else if (box.scrollLeft + box.clientWidth < to) box.scrollLeft = Math.min(from, to - box.clientWidth);
  }

  /** @param {FocusEvent} event */
  #focusedIn(event) {
    const isChosen = event.target instanceof Element && event.target.getAttribute("aria-selected") === "true";
    if (!isChosen && hasComeByKey(this, event)) this.#pressed(event);
  }

  /** @param {Event} event */
  #pressed(event) {
    const first = event.target instanceof Element ? event.target.closest("[data-first]")?.getAttribute("data-first") : null;
    const cell = this.#cells().find((each) => String(each.first) === first);
    if (cell !== undefined) this.#choose(cell);
  }

  /** @returns {Cell[]} */
  #cells() {
    return this.#shown?.rows.flatMap(({ cells }) => cells) ?? [];
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (this.#shown === null || !(event.target instanceof Element)) return;
    const first = event.target.closest("[data-first]")?.getAttribute("data-first");
    const from = this.#cells().find((each) => String(each.first) === first);
    if (from === undefined) return;
    const to = event.key === "Enter" ? from : cellBeside(this.#shown.rows, from, event.key);
    if (to === null) return;
    event.preventDefault();
    this.#choose(to);
  }

  /** @param {Cell} cell */
  #choose(cell) {
    if (this.#shown === null) return;
    this.#focused = cell.first;
    /** @type {SVGElement | null} */ (this.querySelector(`[data-first="${cell.first}"]`))?.focus();
    chosen(this, choose(this.#shown.section, cell.owner));
  }
}

/**
 * Without a choice the innermost header is drawn that RFCs draw: the application's is text.
 * @param {Run | null} run
 * @param {Journey | null} journey
 * @param {Choice | null} choice
 * @returns {Shown | null}
 */
function shownOf(run, journey, choice) {
  if (journey === null) return null;
  const found = find(journey, choice);
  const headers = sections(journey).filter(({ fields }) => fields.length > 0);
  const binary = headers.filter(({ layer }) => layer !== "application");
  const section = headers.find(({ key }) => key === found?.section.key) ?? binary.at(-1) ?? headers[0];
  if (section === undefined) return null;
  return { run, journey, section, rows: diagram(section), found, choice };
}

/**
 * The box that Tab leads to: the one that was chosen here, else the first of the chosen field, else the first of all.
 * @param {Shown} shown
 * @param {number} focused
 * @returns {Cell | undefined}
 */
function currentOf({ rows, section, choice }, focused) {
  const all = rows.flatMap(({ cells }) => cells);
  const isChosen = (/** @type {Cell} */ cell) => isSamePlace(choose(section, cell.owner), choice);
  const kept = all.find(({ first }) => first === focused);
  if (kept !== undefined && (choice === null || isChosen(kept))) return kept;
  return all.find(isChosen) ?? kept ?? all[0];
}

/**
 * @param {DiagramRow} row
 * @returns {string}
 */
function offsetText({ offset }) {
  return String(offset);
}

/**
 * A value's text, and what of it stands in front of brackets.
 * @param {string} text
 * @returns {string[]}
 */
function shorterValues(text) {
  return [text, text.replace(/ \(.*\)$/, "")];
}

/**
 * The numbers of the bits, as the RFCs write them over their figures.
 * @param {Pen} pen
 * @param {number} left
 * @param {number} pitch
 * @param {number} em
 */
function drawRuler(pen, left, pitch, em) {
  const isWide = pitch > 1.5 * em;
  for (let bit = 0; bit < ROW_BITS; bit += 1) {
    const isTold = isWide || bit % 4 === 0 || bit === ROW_BITS - 1;
    const tall = bit % 8 === 0 ? 0.35 : 0.2;
    pen.path(`tick ${bit}`, { class: "tick", d: `M${left + bit * pitch} ${HEAD_EM * em}v${-tall * em}` });
    if (isTold) pen.text(`bit ${bit}`, String(bit), "quiet middle small", left + (bit + 0.5) * pitch, 0.95 * em);
  }
}

/**
 * @param {Pen} pen
 * @param {Shown} shown
 * @param {Cell} cell
 * @param {{ x: number, y: number, width: number, height: number }} box
 * @param {0 | -1} tabindex
 * @param {number} em
 */
function drawCell(pen, { run, journey, section, found, choice }, cell, box, tabindex, em) {
  const { owner, first, bits, parts } = cell;
  const value = owner === null ? "" : valueText(run, journey, owner.field);
  const lit = lights(found, first, bits);
  const isField = owner !== null && isSamePlace(choose(section, owner), choice);
  const isSolid = lit !== "" && (isField || (found?.field === null && found.bit === null));
  const words = cellText(cell, box.width / em, [value, ...shorterValues(owner?.field.text ?? "")], (text) => monoWidth(text) * SMALL);
  const told = `${owner?.field.label}: ${value}`;
  const said = parts > 1 ? say("{field}, part {part} of {parts}", { field: told, part: cell.part + 1, parts }) : told;
  const label = owner === null ? say("bits of no field") : said;
  const attributes = {
    role: "gridcell", tabindex, "data-first": first, "aria-label": label, "aria-selected": String(isSolid),
    class: isSolid ? "cell lit" : "cell",
  };
  pen.inside("g", `cell ${first}`, attributes, () => {
    pen.rect("box", { ...box, class: isSolid ? "solid edge" : owner === null ? "card edge dashed" : "soft edge" });
    const [x, tone] = [box.x + box.width / 2, isSolid ? "on-solid" : owner === null ? "quiet" : "ink"];
    const hasValue = words.value !== "";
    if (words.name !== "") pen.text("name", words.name, `bold middle ${tone}`, x, box.y + (hasValue ? 1.1 : 1.65) * em);
    if (hasValue) pen.text("value", words.value, `mono middle small ${tone}`, x, box.y + 2.15 * em);
    const right = box.x + box.width - 0.5 * em;
    if (bits > ROW_BITS) pen.text("words", say("{count} rows", { count: bits / ROW_BITS }), `end small ${tone}`, right, box.y + 1.1 * em);
    const [inset, inner] = [0.18 * em, Math.max(1, box.width - 0.36 * em)];
    pen.rect("focus", { class: "focus", x: box.x + inset, y: box.y + inset, width: inner, height: box.height - 2 * inset });
  });
}

/**
 * A frame around what is lit, over all boxes, and a notch under the one bit that is meant.
 * @param {Pen} pen
 * @param {Shown} shown
 * @param {number} left
 * @param {number} pitch
 * @param {number} em
 */
function drawLit(pen, { found, rows, section }, left, pitch, em) {
  if (found === null || found.section.key !== section.key || (found.field === null && found.bit === null)) return;
  for (const [index, { cells }] of rows.entries()) {
    const y = (HEAD_EM + EDGE_EM + index * ROW_EM) * em;
    for (const { first, bits, column, span } of cells) {
      const from = Math.max(found.first, first);
      const to = Math.min(found.first + found.bits, first + bits);
      if (to <= from) continue;
      const isWhole = from === first && to === first + bits;
      const x = left + (isWhole ? column : column + from - first) * pitch;
      const width = (isWhole ? span : to - from) * pitch;
      pen.rect(`lit ${first}`, { class: "ring", x, y, width, height: ROW_EM * em });
      if (found.bit === null || found.bit < first || found.bit >= first + bits || bits > ROW_BITS) continue;
      const notch = left + (column + found.bit - first) * pitch;
      pen.rect("bit", { class: "notch", x: notch, y: y + (ROW_EM - 0.45) * em, width: pitch, height: 0.45 * em });
    }
  }
}

customElements.define("lv-inspector-diagram", Diagram);
