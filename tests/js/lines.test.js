import { breakLines } from "../../static/js/core/lines.js";
import { scene } from "../../static/js/core/scene.js";
import { PAD_EM, TILE_EM, headEm, layoutStack, openLines } from "../../static/js/core/stack.js";
import { monoWidth, sansWidth } from "../../static/js/core/text.js";
import { timeline } from "../../static/js/core/timeline.js";
import { recorded } from "./made.js";

/** @import { Assert } from "./runner.js" */
/** @import { Piece, ShownLine } from "../../static/js/core/host.js" */
/** @import { Lines } from "../../static/js/core/lines.js" */
/** @import { Mark, Step } from "../../static/js/core/messages.js" */

/**
 * What an lv-stack had in Chromium on Linux (DejaVu fonts), width and height by its font size, all in px; with the
 * strip above it that says SIMULATED where that is named.
 */
const SIZES = {
  "/ at 1280x720": [426.5, 435.3, 15.04],
  "/ at 1280x720, simulated": [426.5, 401.2, 15.04],
  "/ at 1920x1080": [644.5, 697.9, 19.2],
  "/show/ at 1280x720": [422.4, 502.2, 16],
  "/show/ at 1920x1080": [633.6, 753.8, 24],
  "/show/ at 1920x1080, simulated": [633.6, 700, 24],
  "/show/ at 1024x768": [322.1, 585.9, 12.8],
};
const STEPS = recorded().journeys.flatMap(({ number, steps }) => steps.map((step) => ({ frame: number, step })));
const BELOW = STEPS.filter(({ step: { half, layer } }) => half !== "wire" && layer !== "application");

/**
 * @param {string} label
 * @param {string} text
 * @param {Mark} mark
 * @returns {ShownLine}
 */
function shown(label, text, mark = "captured") {
  return { label, text, mark, shown: 1 };
}

/**
 * Whether a PDU stands in the layer: what came, or what it makes.
 * @param {Step} step
 * @returns {boolean}
 */
function hasBar({ parts, half }) {
  return parts.length > 0 || half === "up";
}

const RUN_HOSTS = { hosts: recorded().hosts };

/**
 * The lines of a step in its open layer on a stack of that size.
 * @param {Step} step
 * @param {number[]} size
 * @returns {ReturnType<typeof openLines>}
 */
function linesOf(step, [width = 0, height = 0, em = 1]) {
  const lines = step.lines.map((line) => ({ ...line, shown: 1 }));
  const pieces = hasBar(step) ? [{ ...ANY_PIECE }] : [];
  return openLines({ lines, pieces }, height / em - headEm(RUN_HOSTS, width / em), width / em);
}

/** @type {Piece} */
const ANY_PIECE = { key: "", part: "", layer: "transport", label: "TCP", octets: 32, computed: false, entering: 1, leaving: 0 };

/**
 * Labels of the lines that are not there; a size is said by the sum in the title.
 * @param {Step} step
 * @param {Lines} shownLines
 * @returns {string[]}
 */
function missing(step, { lines: placed }) {
  const said = hasBar(step) ? ["Size", "Taken off", "Bits"] : [];
  const there = placed.map(({ line }) => line.label);
  return step.lines.map(({ label }) => label).filter((label) => !there.includes(label) && !said.includes(label));
}

/** @param {Assert} assert */
export function noLineIsLeftOutBelowTheApplicationInAnyStepOfARealRun(assert) {
  assert.ok(BELOW.length > 80);
  for (const [where, size] of Object.entries(SIZES)) {
    for (const { frame, step } of BELOW) {
      const placed = linesOf(step, size);
      assert.deepEqual([placed.more, ...missing(step, placed)], [0], `${where}, frame ${frame}, ${step.title}`);
    }
  }
}

/** @param {Assert} assert */
export function everyValueBelowTheApplicationStandsThereWholeInARunOfTheLab(assert) {
  const whole = Object.entries(SIZES).filter(([where]) => !where.includes("simulated"));
  for (const [where, size] of whole) {
    for (const { frame, step } of BELOW) {
      for (const { line, values } of linesOf(step, size).lines) {
        const [got, wanted, brief] = [values.join(""), line.text, line.text.replace(/ \([^()]*\)$/, "")].map((text) => text.replaceAll(" ", ""));
        assert.ok(got === wanted || (line.mark !== "captured" && got === brief), `${where}, frame ${frame}, ${line.label}: ${got}`);
      }
    }
  }
}

/** @param {Assert} assert */
export function theCompressedAnswerKeepsBothBodiesAndAWholeVerdict(assert) {
  const answers = STEPS.filter(({ step: { lines } }) => lines.some(({ label }) => label === "Compressed"));
  assert.equal(answers.length, 2);
  for (const [where, size] of Object.entries(SIZES)) {
    for (const { step } of answers) {
      const placed = linesOf(step, size);
      const left = missing(step, placed);
      assert.ok(left.every((label) => /^(Content-|Vary|Connection|Status)/.test(label)), `${where}: ${left}`);
      const verdict = placed.lines.find(({ line }) => line.label === "Was gzip worth it?");
      assert.equal(verdict?.values.join(" "), verdict?.line.text, where);
      assert.equal(placed.more, left.length, where);
    }
  }
}

/** @param {Assert} assert */
export function aChangeOfStateIsNeverLeftOut(assert) {
  const changes = STEPS.filter(({ step: { lines } }) => lines.some(({ label }) => label === "State"));
  assert.ok(changes.length > 5);
  for (const { step } of changes) {
    const placed = linesOf(step, [426, 300, 15]);
    assert.ok(placed.lines.some(({ line: { label } }) => label === "State"), step.title);
  }
}

/** @param {Assert} assert */
export function linesNeverEndBelowTheirOpenLayer(assert) {
  const run = timeline(recorded());
  for (const [width = 0, height = 0, em = 1] of Object.values(SIZES)) {
    for (const { step } of run.steps.filter(({ step: { half } }) => half !== "wire")) {
      const host = scene(run, step.rest_ms).hosts[step.side ?? "client"];
      const open = layoutStack(host, width, height, em).rows.find(({ layer }) => layer.open === 1);
      if (open === undefined) throw new Error("no layer is open");
      const { rows, more, lineEm, linesEm } = openLines(open.layer, height / em - headEm(host, width / em), width / em);
      const end = linesEm + (rows + (more > 0 ? 1 : 0)) * lineEm;
      assert.ok(end * em <= open.box.height - 0.2 * em, `${step.title}: ${end * em} of ${open.box.height}`);
    }
  }
}

/** @param {Assert} assert */
export function aLineIsShownAsFarAsThisFrameShowsIt(assert) {
  const at = (/** @type {number} */ amount) => (
    openLines({ lines: [{ ...shown("To", "x"), shown: amount }], pieces: [] }, 30, 30));
  assert.deepEqual([0.25, 0.75].map((amount) => at(amount).lines[0]?.line.shown), [0.25, 0.75]);
}

/** @param {Assert} assert */
export function whereAStackIsWideAndLowShortNeighboursStandSideBySideOnOneGrid(assert) {
  const full = STEPS.find(({ step: { layer, lines } }) => layer === "transport" && lines.length > 7);
  const syn = /** @type {Step} */ (full?.step);
  const placed = linesOf(syn, [43 * 15, 26 * 15, 15]);
  const right = placed.lines.filter(({ startEm }) => startEm > 0);
  assert.ok(right.some(({ line }) => line.label === "Flags"));
  assert.equal(new Set(right.map(({ startEm, labelEm }) => `${startEm} ${labelEm}`)).size, 1);
  for (const each of right) {
    const left = placed.lines.find(({ row, startEm }) => row === each.row && startEm === 0);
    assert.ok(left !== undefined && left.labelEm + monoWidth(left.values[0] ?? "") < each.startEm);
    assert.ok(sansWidth(each.line.label) <= each.labelEm);
    assert.ok(each.startEm + each.labelEm + monoWidth(each.values[0] ?? "") < 43 - TILE_EM - 2 * PAD_EM);
  }
  assert.deepEqual(placed.lines.map(({ line }) => line.label), syn.lines.map(({ label }) => label));
}

/** @param {Assert} assert */
export function aValueThatFlowsTakesTheRowsThatAreLeft(assert) {
  const long = shown("Compressed", `49 bytes: ${"1f ".repeat(49)}`);
  const rows = [8, 6, 4].map((roomEm) => breakLines([long, shown("To", "10.0.0.2")], 24, roomEm).rows);
  assert.deepEqual(rows, [6, 5, 3]);
}

/** @param {Assert} assert */
export function aLongValueKeepsToItsColumnWhereThereIsRoomAndBeginsThereInAnyCase(assert) {
  const lines = [shown("Checksum", "right"), shown("Ack", "196: everything up to the client's number 195 has arrived at the server and was read by its program")];
  const ways = [12, 5].map((roomEm) => breakLines(lines, 24, roomEm).lines);
  assert.deepEqual(ways.map((each) => each.at(-1)?.flows), [false, true]);
  for (const each of ways) assert.equal(new Set(each.map(({ labelEm }) => labelEm)).size, 1);
}

/** @param {Assert} assert */
export function noRowOfAnyLineIsWiderThanItsRoom(assert) {
  const long = shown("Compressed", `49 bytes: ${"1f ".repeat(49)}`);
  const lines = [long, shown("Frame check sequence", "x".repeat(70)), shown("To", "10.0.0.2")];
  for (const widthEm of [14, 20, 27, 40]) {
    const { lines: broken } = breakLines(lines, widthEm, 60);
    for (const { labels, values, flows, labelEm } of broken) {
      assert.ok(labels.every((each) => sansWidth(each) <= (flows ? widthEm : labelEm) + 0.01));
      assert.ok(values.every((each) => monoWidth(each) <= widthEm), values.join("|"));
    }
  }
}

/** @param {Assert} assert */
export function whenThereAreMoreLinesThanRowsTheRestIsCounted(assert) {
  const lines = Array.from({ length: 9 }, (_, index) => shown(`Field ${index}`, "value"));
  const { lines: kept, more, rows } = breakLines(lines, 14, 6);
  assert.deepEqual([kept.length, more, rows], [4, 5, 4]);
}

/** @param {Assert} assert */
export function aFailedCheckIsTheLastToGo(assert) {
  const good = Array.from({ length: 5 }, (_, index) => shown(`Field ${index}`, "value"));
  const lines = [...good, shown("Checksum", "wrong", "bad")];
  assert.deepEqual(breakLines(lines, 14, 2.5).lines.map(({ line: { label } }) => label), ["Checksum"]);
}
