// The picture's equal in text: the present step in full, and a table of every row of every frame with its row marked.

import { COLUMNS, SIMULATED_NOTE, csv, frameText, groups, markText, tabSeparated } from "../core/table.js";
import { stopAt } from "../core/timeline.js";
import { broken, make, setAttribute, setText } from "./make.js";

/** @import { Journey, Line, Run, Step } from "../core/messages.js" */
/** @import { Group } from "../core/table.js" */
/** @import { Stop } from "../core/timeline.js" */
/** @import { View } from "../live/player.js" */

const SAID_MS = 2500;
const HANDS_OFF_MS = 4000;
const LONG = 60;

/** A frame's rows: those of the steps by their index, and the headings of both halves. */
/** @typedef {{ rows: Map<number, HTMLElement>, headings: Map<string, HTMLElement> }} Drawn */

export class LvTable extends HTMLElement {
  #frame = make("span", { class: "number" });
  #title = make("strong", {});
  #lines = make("dl");
  #step = make("section", { class: "step", "aria-labelledby": "step-in-full" },
    make("h3", { id: "step-in-full" }, "This step in full"), make("p", {}, this.#frame, " ", this.#title), this.#lines);
  #caption = make("caption");
  #table = make("table", {}, this.#caption, make("thead", {}, make("tr", {},
    ...COLUMNS.map((name) => make("th", { scope: "col" }, name)))));
  #box = make("div", { class: "box", tabindex: "0", "data-scroller": "", role: "region", "aria-label": "Table of all steps" }, this.#table);
  #copy = make("button", { type: "button", class: "plain" }, "Copy");
  #download = make("button", { type: "button", class: "plain" }, "Download CSV");
  #said = make("span", { class: "said", role: "status" });
  #empty = make("p", { class: "empty" }, "The rows of each frame appear here when a run has begun.");
  /** @type {Map<Journey, Drawn>} */
  #drawn = new Map();
  /** @type {Run | null | undefined} undefined until the first update */
  #run;
  /** @type {Step | null | undefined} what stands in full; undefined until the first update */
  #shown;
  /** @type {HTMLElement | null} */
  #marked = null;
  #touchedMs = -HANDS_OFF_MS;
  #timer = 0;
  #listeners = new AbortController();

  connectedCallback() {
    this.#listeners = new AbortController();
    const { signal } = this.#listeners;
    this.#copy.addEventListener("click", () => this.#copied(), { signal });
    this.#download.addEventListener("click", () => this.#downloaded(), { signal });
    for (const touch of ["wheel", "touchmove", "pointerdown", "keydown"]) {
      this.#box.addEventListener(touch, () => { this.#touchedMs = performance.now(); }, { signal, passive: true });
    }
    const title = make("h3", {}, "Every layer of every frame");
    const actions = make("div", { class: "actions" }, title, this.#said, this.#copy, this.#download);
    this.replaceChildren(this.#step, actions, this.#box, this.#empty);
  }

  disconnectedCallback() {
    window.clearTimeout(this.#timer);
    this.#listeners.abort();
  }

  /** @param {View} view */
  update({ timeline, instantMs }) {
    if (timeline.run !== this.#run) this.#build(timeline.run);
    const stop = stopAt(timeline, instantMs);
    if ((stop?.step ?? null) !== this.#shown) this.#tell(stop);
    this.#mark(stop);
  }

  /** @param {Stop | null} stop */
  #tell(stop) {
    this.#shown = stop?.step ?? null;
    this.#step.hidden = stop === null;
    if (stop === null) return;
    const { journey, step } = stop;
    setText(this.#frame, frameText(journey));
    setText(this.#title, step.title);
    setAttribute(this.#step, "data-layer", step.layer);
    this.#lines.replaceChildren(...step.lines.map(told));
  }

  /** @param {Run | null} run */
  #build(run) {
    const journeys = run?.journeys ?? [];
    const grows = run?.number === this.#run?.number && [...this.#drawn.keys()].every((each, index) => each === journeys[index]);
    this.#run = run;
    if (!grows) this.#clear();
    for (const journey of journeys) if (!this.#drawn.has(journey)) this.#add(journey);
    setText(this.#caption, captionOf(run));
    this.#box.hidden = journeys.length === 0;
    this.#empty.hidden = journeys.length > 0;
    for (const button of [this.#copy, this.#download]) button.disabled = journeys.length === 0;
  }

  #clear() {
    for (const body of [...this.#table.tBodies]) body.remove();
    this.#drawn.clear();
    this.#marked = null;
  }

  /** @param {Journey} journey */
  #add(journey) {
    /** @type {Drawn} */
    const drawn = { rows: new Map(), headings: new Map() };
    for (const group of groups(journey)) this.#table.append(bodyOf(journey, group, drawn));
    this.#drawn.set(journey, drawn);
  }

  /** @param {Stop | null} stop */
  #mark(stop) {
    const row = stop === null ? null : this.#rowOf(stop);
    if (row === this.#marked) return;
    if (this.#marked !== null) setAttribute(this.#marked, "aria-current", null);
    this.#marked = row;
    if (row === null) return;
    row.setAttribute("aria-current", "step");
    this.#bringIntoView(row);
  }

  /**
   * The row that the step stands on; its half's heading where it stands on none.
   * @param {Stop} stop
   * @returns {HTMLElement | null}
   */
  #rowOf({ journey, step }) {
    const drawn = this.#drawn.get(journey);
    const row = step.row === null || step.row === undefined ? undefined : drawn?.rows.get(step.row);
    return row ?? drawn?.headings.get(step.half === "up" ? "up" : "down") ?? null;
  }

  /**
   * Moves nothing but the table's own box, and not while a reader is moving it.
   * @param {HTMLElement} row
   */
  #bringIntoView(row) {
    if (performance.now() - this.#touchedMs < HANDS_OFF_MS) return;
    const head = this.#table.tHead?.offsetHeight ?? 0;
    const above = row.offsetTop - head;
    const below = row.offsetTop + row.offsetHeight - this.#box.clientHeight;
    if (this.#box.scrollTop > above) this.#box.scrollTop = above;
    else if (this.#box.scrollTop < below) this.#box.scrollTop = below;
  }

  async #copied() {
    if (!this.#run) return;
    try {
      await navigator.clipboard.writeText(tabSeparated(this.#run));
      this.#say("Copied");
    } catch {
      this.#say("The browser did not allow copying. Download the CSV instead.");
    }
  }

  #downloaded() {
    if (!this.#run) return;
    const url = URL.createObjectURL(new Blob([csv(this.#run)], { type: "text/csv;charset=utf-8" }));
    make("a", { href: url, download: `layersviz-run-${this.#run.number}.csv` }).click();
    window.setTimeout(() => URL.revokeObjectURL(url), 1000);
    this.#say("Downloaded");
  }

  /** @param {string} text */
  #say(text) {
    setText(this.#said, text);
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => setText(this.#said, ""), SAID_MS);
  }
}

/**
 * @param {Run | null} run
 * @returns {string}
 */
function captionOf(run) {
  if (run === null || run.number === 0) return "";
  const note = run.source === "simulated" ? ` ${SIMULATED_NOTE}` : "";
  return `All ${run.journeys.length} frames of this run, layer by layer, in the order in which they are passed.${note}`;
}

/**
 * One line of the step: its label, its value, and where that comes from or how its check ended.
 * @param {Line} line
 * @returns {HTMLElement}
 */
function told({ label, text, mark }) {
  const words = markText(mark);
  const value = make("dd", {}, make("span", { class: "value" }, text));
  if (words !== "") value.append(" ", make("span", { class: "mark", "data-mark": mark }, words));
  return make("div", text.length > LONG ? { class: "long" } : {}, make("dt", {}, label), value);
}

/**
 * @param {Journey} journey
 * @param {Group} group
 * @param {Drawn} drawn
 * @returns {HTMLElement}
 */
function bodyOf(journey, { half, heading, rows }, drawn) {
  const number = make("span", { class: "number" }, `Frame ${journey.number}`);
  const head = make("tr", { class: "heading" },
    make("th", { scope: "rowgroup", colspan: String(COLUMNS.length) }, number, " ", heading));
  drawn.headings.set(half, head);
  const body = make("tbody", {}, head);
  for (const { index, cells } of rows) {
    const layer = journey.rows[index]?.layer ?? "";
    const row = make("tr", { "data-layer": layer }, ...cells.map((cell, column) => cellOf(cell, column)));
    drawn.rows.set(index, row);
    body.append(row);
  }
  return body;
}

/**
 * @param {string} text
 * @param {number} column
 * @returns {HTMLElement}
 */
function cellOf(text, column) {
  return column === 0 ? make("th", { scope: "row" }, text) : make("td", {}, ...broken(text));
}

customElements.define("lv-table", LvTable);
