// The stage's middle. The ladder: two life lines with their TCP states, and an arrow for each frame so far. The caption: what
// happens now in one title and one sentence, with what Wireshark finds in the frame; the page's one live region.

import { TIME_GAP_EM, layoutLadder } from "../core/ladder.js";
import { say, sayMany } from "../core/say.js";
import { monoWidth, sansWidth, wrapped } from "../core/text.js";
import { LOST_AT } from "../core/timeline.js";
import { beginText, captionMore, sharkText } from "../core/words.js";
import { Picture } from "../drawing/picture.js";
import { make } from "./make.js";

/** @import { Ladder, Point, Rung, Segment, Tie } from "../core/ladder.js" */
/** @import { Arrow, Timeline } from "../core/timeline.js" */
/** @import { Pen, View } from "../drawing/picture.js" */

class LadderPicture extends Picture {
  /**
   * @override
   * @param {Pen} pen
   * @param {View} view
   * @param {number} width
   * @param {number} height
   * @param {number} em
   */
  draw(pen, { scene, state }, width, height, em) {
    const ladder = layoutLadder(scene.ladder, width, height, em);
    const { rungs, segments, top, bottom } = ladder;
    const invitation = (state.run?.number ?? 0) > 0 ? say("Waiting for the first frame") : beginText(state);
    this.name(spoken(scene.ladder.arrows));
    drawEnds(pen, ladder, em);
    if (ladder.earlier > 0 && ladder.gapY === 0) drawEarlier(pen, ladder, scene.simulated, em);
    if (scene.simulated) drawSimulated(pen, width / 2, em);
    if (rungs.length === 0) return drawInvitation(pen, ladder, invitation, em);
    const window = { x: 0, y: top, width, height: bottom - top, viewBox: `0 ${top} ${width} ${bottom - top}` };
    pen.inside("svg", "window", window, () => {
      for (const segment of segments) drawSegment(pen, segment, em);
      for (const tie of ladder.ties) drawTie(pen, tie, em);
      for (const rung of rungs) drawRung(pen, rung, em);
      if (ladder.gapY > 0) pen.text("gap", say("⋮ {count} more ⋮", { count: ladder.earlier }), "middle quiet", width / 2, ladder.gapY - 0.15 * em);
      for (const segment of segments.filter(({ isNamed, state }) => isNamed && state !== "")) drawState(pen, segment, em);
    });
  }
}

/**
 * @param {Pen} pen
 * @param {Ladder} ladder
 * @param {number} em
 */
function drawEnds(pen, { left, right }, em) {
  pen.text("client", say("Client"), "bold ink", left - 0.6 * em, 1.2 * em);
  pen.text("server", say("Server"), "bold ink end", right + 0.6 * em, 1.2 * em);
}

/**
 * How many arrows have gone out at the top, where there is room to say it.
 * @param {Pen} pen
 * @param {Ladder} ladder
 * @param {boolean} simulated
 * @param {number} em
 */
function drawEarlier(pen, { left, right, top, earlier, segments }, simulated, em) {
  const words = say("↑ {count} earlier", { count: earlier });
  const states = segments.filter(({ cut }) => cut).map(({ state }) => sansWidth(state, true));
  const roomEm = (right - left) / em - 2 * Math.max(...states) - 3;
  if (!simulated) pen.text("earlier", words, "middle quiet", (left + right) / 2, 1.2 * em);
  else if (sansWidth(words) <= roomEm) pen.text("earlier", words, "middle quiet", (left + right) / 2, top + 1.35 * em);
}

/**
 * @param {Pen} pen
 * @param {number} middle
 * @param {number} em
 */
function drawSimulated(pen, middle, em) {
  const width = (sansWidth(say("SIMULATED"), true) + 1) * em;
  pen.rect("plate", { class: "simulated", x: middle - width / 2, y: 0.1 * em, width, height: 1.5 * em, rx: 0.2 * em });
  pen.text("simulated", say("SIMULATED"), "bold middle on-simulated", middle, 1.22 * em);
}

/**
 * @param {Pen} pen
 * @param {Ladder} ladder
 * @param {string} words
 * @param {number} em
 */
function drawInvitation(pen, { left, right, top, bottom }, words, em) {
  pen.path("client line", { class: "life waiting", d: `M${left} ${top}V${bottom}` });
  pen.path("server line", { class: "life waiting", d: `M${right} ${top}V${bottom}` });
  const roomEm = (right - left) / em - 1.6;
  const press = wrapped(words, roomEm, (text) => sansWidth(text, true));
  const then = wrapped(say("each frame draws its arrow here"), roomEm, sansWidth);
  const y = (top + bottom) / 2 - (press.length - 1) * 0.7 * em;
  for (const [row, text] of press.entries()) {
    pen.text(`press ${row}`, text, "bold middle ink invitation", (left + right) / 2, y + row * 1.4 * em);
  }
  for (const [row, text] of then.entries()) {
    pen.text(`then ${row}`, text, "middle quiet", (left + right) / 2, y + ((press.length - 1 + row) * 1.4 + 1.6) * em);
  }
}

/** @type {Record<string, string>} */
const WEIGHTS = { CLOSED: "faint", LISTEN: "faint", ESTABLISHED: "open" };

/**
 * A stretch of a life line: thick while the connection is open, thin before and after.
 * @param {Pen} pen
 * @param {Segment} segment
 * @param {number} em
 */
function drawSegment(pen, { key, state, x, fromY, toY, cut, shown }, em) {
  pen.path(`${key} line`, { class: `life ${WEIGHTS[state] ?? ""}`, d: `M${x} ${fromY}V${Math.max(fromY, toY)}` });
  if (!cut) pen.circle(`${key} begin`, { class: "begin", cx: x, cy: fromY, r: 0.26 * em, opacity: shown });
}

/**
 * @param {Pen} pen
 * @param {Segment} segment
 * @param {number} em
 */
function drawState(pen, { key, side, state, x, labelY, fresh, shown }, em) {
  const width = (sansWidth(state, true) + 0.6) * em;
  const left = side === "client" ? x + 0.55 * em : x - 0.55 * em - width;
  const plate = { x: left, y: labelY - 1.02 * em, width, height: 1.36 * em, rx: 0.25 * em };
  pen.inside("g", `${key} label`, { opacity: shown }, () => {
    pen.rect("plate", { ...plate, class: fresh ? "now" : "card" });
    pen.text("state", state, `bold middle ${fresh ? "on-now" : "quiet"}`, left + width / 2, labelY);
  });
}

/**
 * @param {Pen} pen
 * @param {Rung} rung
 * @param {number} em
 */
function drawRung(pen, { key, arrow, label, time, labelY, tail, head, start, tip, waited, waitedY, shown }, em) {
  const current = `${arrow.current ? "current" : ""} ${arrow.damaged && arrow.drawn >= LOST_AT ? "damaged" : ""}`.trim();
  const width = (sansWidth(label, arrow.current) + (time === "" ? 0 : TIME_GAP_EM + monoWidth(time))) * em;
  const left = (tail.x + head.x - width) / 2;
  const d = `M${start.x} ${start.y}L${tip.x} ${tip.y}`;
  pen.inside("g", key, { opacity: shown }, () => {
    if (arrow.drawn > 0) pen.path("line", { class: `arrow ${current}`, d });
    if (arrow.copied && arrow.drawn > 0) pen.circle("origin", { class: "begin", cx: start.x, cy: start.y, r: 0.26 * em });
    if (waited !== "") pen.text("waited", waited, "middle quiet", (tail.x + head.x) / 2, waitedY);
    if (arrow.damaged && arrow.drawn > LOST_AT) drawDamage(pen, tail, head, em);
    if (arrow.drawn === 1 && arrow.refused) pen.path("cross", { class: "cross", d: crossPath(beside(tail, head, em), em) });
    else if (arrow.drawn === 1) pen.path("head", { class: `head ${current}`, d: headPath(tail, head, em) });
    else if (arrow.lost && arrow.drawn === LOST_AT) pen.path("cross", { class: "cross", d: crossPath({ x: tip.x, y: tip.y + 0.12 * em }, em) });
    else pen.circle("dot", { class: `head ${current}`, cx: tip.x, cy: tip.y, r: 0.36 * em });
    pen.text("label", label, arrow.current ? "bold words transport" : "ink", left, labelY);
    pen.text("time", time, "mono end quiet", left + width, labelY);
  });
}

/**
 * From a frame to the one that sends it again: outside of the sender's life line.
 * @param {Pen} pen
 * @param {Tie} tie
 * @param {number} em
 */
function drawTie(pen, { key, x, outerX, fromY, toY, shown }, em) {
  const way = Math.sign(x - outerX);
  pen.path(key, { class: "tie", d: `M${x} ${fromY}H${outerX}V${toY}H${x - way * 0.5 * em}`, opacity: shown });
  const tip = `M${x} ${toY}l${-way * 0.55 * em} ${-0.3 * em}v${0.6 * em}Z`;
  pen.path(`${key} head`, { class: "tie-head", d: tip, opacity: shown });
}

/**
 * Where the bit was flipped: a flag in the middle of the way.
 * @param {Pen} pen
 * @param {Point} tail
 * @param {Point} head
 * @param {number} em
 */
function drawDamage(pen, tail, head, em) {
  const [x, y] = [(tail.x + head.x) / 2, (tail.y + head.y) / 2];
  pen.path("damage", { class: "flag", d: `M${x - 0.4 * em} ${y}L${x} ${y - 0.4 * em}L${x + 0.4 * em} ${y}L${x} ${y + 0.4 * em}Z` });
}

/**
 * @param {Point} tail
 * @param {Point} head
 * @param {number} em
 * @returns {Point} just before the arrow's head
 */
function beside(tail, head, em) {
  return { x: head.x + Math.sign(tail.x - head.x) * 0.6 * em, y: head.y };
}

/**
 * @param {Point} at
 * @param {number} em
 * @returns {string}
 */
function crossPath({ x, y }, em) {
  const reach = 0.36 * em;
  return `M${x - reach} ${y - reach}L${x + reach} ${y + reach}M${x - reach} ${y + reach}L${x + reach} ${y - reach}`;
}

/**
 * @param {Point} tail
 * @param {Point} head
 * @param {number} em
 * @returns {string}
 */
function headPath(tail, head, em) {
  const length = Math.hypot(head.x - tail.x, head.y - tail.y) || 1;
  const along = { x: ((head.x - tail.x) / length) * em, y: ((head.y - tail.y) / length) * em };
  const tip = { x: head.x - along.x * 0.2, y: head.y - along.y * 0.2 };
  const back = { x: tip.x - along.x * 0.85, y: tip.y - along.y * 0.85 };
  const side = { x: -along.y * 0.42, y: along.x * 0.42 };
  return `M${tip.x} ${tip.y}L${back.x + side.x} ${back.y + side.y}L${back.x - side.x} ${back.y - side.y}Z`;
}

/**
 * @param {Arrow[]} arrows
 * @returns {string}
 */
function spoken(arrows) {
  const last = arrows.at(-1);
  if (last === undefined) return say("Ladder diagram, empty as yet");
  const { lost, marks } = last;
  const label = [last.label, ...(last.drawn < LOST_AT ? [] : marks)].join(", ");
  return lost
    ? sayMany("Ladder diagram with {count} arrow, the last: {label}, lost on the way",
      "Ladder diagram with {count} arrows, the last: {label}, lost on the way", arrows.length, { label })
    : sayMany("Ladder diagram with {count} arrow, the last: {label}", "Ladder diagram with {count} arrows, the last: {label}",
      arrows.length, { label });
}

customElements.define("lv-ladder", LadderPicture);

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
  #more = make("p", { class: "caption-more", "aria-hidden": "true" });
  #shown = "";
  #waiting = 0;

  connectedCallback() {
    this.#title.className = "caption-title";
    this.#sentence.className = "caption-sentence";
    this.#title.setAttribute("aria-hidden", "true");
    this.#sentence.setAttribute("aria-hidden", "true");
    this.#spoken.className = "spoken";
    this.#spoken.setAttribute("aria-live", "polite");
    this.replaceChildren(this.#findings, this.#title, this.#sentence, this.#more, this.#spoken);
  }

  disconnectedCallback() {
    clearTimeout(this.#waiting);
  }

  /** @param {View} view */
  update({ scene, state, timeline, ending }) {
    const { step, journey } = scene;
    const title = step?.title ?? say("A handshake, layer by layer");
    const sentence = step?.sentence ?? (state.run?.problem || WAY);
    const names = (journey?.findings ?? []).map(({ name }) => sharkText(name));
    this.toggleAttribute("data-ending", (ending?.caption ?? "") !== "");
    this.dataset["length"] = lengthOf(timeline, ending?.caption ?? "");
    const more = step === null || journey === null ? "" : `${captionMore(journey, step)} ${ending?.caption ?? ""}`.trim();
    const key = `${scene.index} ${title} ${sentence} ${names.join()} ${more}`;
    if (key === this.#shown) return;
    this.#shown = key;
    this.dataset.layer = step?.layer ?? "";
    this.#findings.replaceChildren(...names.map((each) => make("span", { class: "finding" }, each)));
    this.#findings.hidden = names.length === 0;
    this.#title.textContent = title;
    this.#sentence.textContent = sentence;
    this.#more.textContent = more;
    this.#more.hidden = more === "";
    const { playing, rate } = state.playhead;
    this.#speak(`${[...names, title].join(". ")}. ${sentence} ${more}`.trimEnd(), playing && rate >= 1 ? PLAYING_MS * rate : QUIET_MS);
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

/** @type {WeakMap<Timeline, { ending: string, length: string }>} */
const known = new WeakMap();

/**
 * How much room the run's longest step needs: all of its steps get it, so that nothing jumps from one to the next.
 * @param {Timeline} timeline
 * @param {string} ending what is added to its last step, once it is known: then nothing moves any more
 * @returns {string} "usual", "long" or "very-long"
 */
function lengthOf(timeline, ending) {
  const before = known.get(timeline);
  if (before?.ending === ending) return before.length;
  const lengths = timeline.steps.map(({ step, journey }) => (
    step.title.length + step.sentence.length + captionMore(journey, step).length + (journey.findings ?? []).reduce((sum, { name }) => sum + sharkText(name).length + 3, 0)));
  const most = Math.max(0, ...lengths, ending === "" ? 0 : (lengths.at(-1) ?? 0) + ending.length);
  const length = most > VERY_LONG ? "very-long" : most > LONG ? "long" : "usual";
  known.set(timeline, { ending, length });
  return length;
}

customElements.define("lv-caption", Caption);
