// The picture's equal in text: the present step in full, and a table of every row of every frame with its row marked.

import { say, sayMany } from "../core/say.js";
import { isBeginning } from "../core/store.js";
import { COLUMNS, SIMULATED_NOTE, csv, frameText, groups, markText, tabSeparated } from "../core/table.js";
import { stopAt } from "../core/timeline.js";
import { broken, chosen, make, setAttribute, setText } from "./make.js";

/** @import { EndingLine } from "../core/ending.js" */
/** @import { Journey, Layer, Line, Run, Step } from "../core/messages.js" */
/** @import { Choice } from "../core/store.js" */
/** @import { Group } from "../core/table.js" */
/** @import { Stop } from "../core/timeline.js" */
/** @import { View } from "../live/player.js" */

const SAID_MS = 2500;
const HANDS_OFF_MS = 4000;
const LONG = 60;
const AT_ONCE = 30;
const PAUSE_MS = 60;

/** @typedef {{ choice: Choice, choices: Choice[] }} Field what a line chooses, and what lights it */
/** @typedef {(journey: Journey, layer: Layer, line: Line) => Field | null} Choosable */

/** A frame's rows: those of the steps by their index, and the headings of both halves. */
/** @typedef {{ rows: Map<number, HTMLElement>, headings: Map<string, HTMLElement> }} Drawn */

export class LvTable extends HTMLElement {
  #frame = make("span", { class: "number" });
  #title = make("strong", {});
  #lines = make("dl");
  #step = make("section", { class: "step", "aria-labelledby": "step-in-full" },
    make("h3", { id: "step-in-full" }, say("This step in full")), make("p", {}, this.#frame, " ", this.#title), this.#lines);
  #caption = make("caption");
  #table = make("table", {}, this.#caption, make("thead", {}, make("tr", {},
    ...COLUMNS.map((name) => make("th", { scope: "col" }, name)))));
  #box = make("div", { class: "box", tabindex: "0", "data-scroller": "", role: "region", "aria-label": say("Table of all steps") }, this.#table);
  #copy = make("button", { type: "button", class: "plain" }, say("Copy"));
  #download = make("button", { type: "button", class: "plain" }, say("Download CSV"));
  #said = make("span", { class: "said", role: "status" });
  #empty = make("p", { class: "empty" }, say("The rows of each frame appear here when a run has begun."));
  /** @type {Map<Journey, Drawn>} */
  #drawn = new Map();
  /** @type {Run | null | undefined} undefined until the first update */
  #run;
  /** @type {Step | null | undefined} what stands in full; undefined until the first update */
  #shown;
  /** @type {EndingLine[]} */
  #ending = [];
  /** @type {HTMLElement | null} */
  #marked = null;
  #touchedMs = -HANDS_OFF_MS;
  #timer = 0;
  /** @type {Journey[]} whose rows are to come */
  #wanted = [];
  #adding = 0;
  /** @type {Choosable | null} until the inspector has come */
  #choosable = null;
  /** @type {{ node: HTMLElement, button: HTMLElement, choice: Choice, choices: Choice[] }[]} */
  #fields = [];
  /** @type {Choice | null} */
  #choice = null;
  #listeners = new AbortController();

  connectedCallback() {
    this.#listeners = new AbortController();
    const { signal } = this.#listeners;
    this.#lines.addEventListener("click", (event) => this.#linePressed(event), { signal });
    this.#copy.addEventListener("click", () => this.#copied(), { signal });
    this.#download.addEventListener("click", () => this.#downloaded(), { signal });
    for (const touch of ["wheel", "touchmove", "pointerdown", "keydown"]) {
      this.#box.addEventListener(touch, () => { this.#touchedMs = performance.now(); }, { signal, passive: true });
    }
    this.#box.addEventListener("contentvisibilityautostatechange", () => {
      if (this.#marked !== null) this.#bringIntoView(this.#marked);
    }, { signal });
    const title = make("h3", {}, say("Every layer of every frame"));
    const actions = make("div", { class: "actions" }, title, this.#said, this.#copy, this.#download);
    this.replaceChildren(this.#step, actions, this.#box, this.#empty);
  }

  disconnectedCallback() {
    window.clearTimeout(this.#timer);
    window.clearTimeout(this.#adding);
    this.#listeners.abort();
  }

  /** @param {View} view */
  update({ timeline, instantMs, state: { choice }, ending }) {
    if (timeline.run !== this.#run) this.#build(timeline.run);
    const stop = stopAt(timeline, instantMs);
    const lines = ending?.lines ?? [];
    if ((stop?.step ?? null) !== this.#shown || !isEqual(lines, this.#ending)) this.#tell(stop, lines);
    else if (choice === this.#choice) return this.#mark(stop);
    this.#choice = choice;
    this.#light();
    this.#mark(stop);
  }

  /**
   * From now on each line that says something of a field or of a header can be chosen for the inspector.
   * @param {Choosable} choosable
   */
  makeChoosable(choosable) {
    this.#choosable = choosable;
    this.#shown = undefined;
  }

  /**
   * @param {Stop | null} stop
   * @param {EndingLine[]} ending what is known of the run's end, where this is its last step
   */
  #tell(stop, ending) {
    this.#shown = stop?.step ?? null;
    this.#ending = ending;
    this.#step.hidden = stop === null;
    if (stop === null) return;
    const { journey, step } = stop;
    setText(this.#frame, frameText(journey));
    setText(this.#title, step.title);
    setAttribute(this.#step, "data-layer", step.layer);
    const hadFocus = this.#lines.contains(document.activeElement);
    const told = step.lines.map((line) => toldLine(line, this.#choosable?.(journey, step.layer, line) ?? null));
    const last = ending.map(({ label, text }) => toldLine({ label, text, mark: "plain", key: "" }, null));
    this.#lines.replaceChildren(...told.map(({ node }) => node), ...last.map(({ node }) => node));
    this.#fields = told.flatMap(({ node, button, field }) => (button === null || field === null ? [] : [{ node, button, ...field }]));
    if (hadFocus) this.#fields[0]?.button.focus({ preventScroll: true });
  }

  /** Marks the lines that say something of what is chosen. */
  #light() {
    for (const { node, button, choices, choice } of this.#fields) {
      const isLit = this.#choice !== null && [choice, ...choices].some((each) => isSame(each, this.#choice));
      setAttribute(node, "data-lit", isLit ? "" : null);
      setAttribute(button, "aria-pressed", String(isLit));
    }
  }

  /** @param {Event} event */
  #linePressed({ target }) {
    const found = this.#fields.find(({ node }) => target instanceof Node && node.contains(target));
    if (found !== undefined && window.getSelection()?.isCollapsed !== false) chosen(this, found.choice);
  }

  /** @param {Run | null} run */
  #build(run) {
    const journeys = run?.journeys ?? [];
    const grows = run?.number === this.#run?.number && [...this.#drawn.keys()].every((each, index) => each === journeys[index]);
    this.#run = run;
    if (!grows) this.#clear();
    this.#wanted = journeys.filter((journey) => !this.#drawn.has(journey));
    this.#addSome();
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

  /** Many frames' rows come a few at a time: the picture is not to wait for them. */
  #addSome() {
    window.clearTimeout(this.#adding);
    for (const journey of this.#wanted.splice(0, AT_ONCE)) this.#add(journey);
    if (this.#wanted.length > 0) this.#adding = window.setTimeout(() => { this.#addSome(); this.#marked = null; }, PAUSE_MS);
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
    if (this.#table.checkVisibility?.({ contentVisibilityAuto: true }) === false) return;
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
      this.#say(say("Copied"));
    } catch {
      this.#say(say("The browser did not allow copying. Download the CSV instead."));
    }
  }

  #downloaded() {
    if (!this.#run) return;
    const url = URL.createObjectURL(new Blob([csv(this.#run)], { type: "text/csv;charset=utf-8" }));
    make("a", { href: url, download: `layersviz-run-${this.#run.number}.csv` }).click();
    window.setTimeout(() => URL.revokeObjectURL(url), 1000);
    this.#say(say("Downloaded"));
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
  if (isBeginning(run)) return say("The frames so far, layer by layer: while the class is asked, what comes next is not shown.");
  const all = sayMany("The only frame of this run, layer by layer, in the order in which they are passed.",
    "All {count} frames of this run, layer by layer, in the order in which they are passed.", run.journeys.length);
  return run.source === "simulated" ? `${all} ${SIMULATED_NOTE}` : all;
}

/**
 * @param {EndingLine[]} some
 * @param {EndingLine[]} others
 * @returns {boolean}
 */
function isEqual(some, others) {
  return some.length === others.length && some.every(({ text }, index) => text === others[index]?.text);
}

/**
 * @param {Choice} one
 * @param {Choice | null} other
 * @returns {boolean}
 */
function isSame(one, other) {
  return one.section === other?.section && one.field === other.field && one.label === other.label && one.nth === other.nth;
}

/**
 * One line of the step: its label, its value, and where that comes from or how its check ended. The label of one that can
 * be chosen is a button; a press anywhere on the line does the same.
 * @param {Line} line
 * @param {Field | null} field
 * @returns {{ node: HTMLElement, button: HTMLElement | null, field: Field | null }}
 */
function toldLine({ label, text, mark }, field) {
  const words = markText(mark);
  const value = make("dd", {}, make("span", { class: "value" }, text));
  if (words !== "") value.append(" ", make("span", { class: "mark", "data-mark": mark }, words));
  const button = field === null ? null : make("button", { type: "button", class: "line" }, label);
  const node = make("div", { class: `${text.length > LONG ? "long" : ""}${button === null ? "" : " choosable"}`.trim() },
    make("dt", {}, button ?? label), value);
  return { node, button, field };
}

/**
 * @param {Journey} journey
 * @param {Group} group
 * @param {Drawn} drawn
 * @returns {HTMLElement}
 */
function bodyOf(journey, { half, heading, rows }, drawn) {
  const number = make("span", { class: "number" }, say("Frame {number}", { number: journey.number }));
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
