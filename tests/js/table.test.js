import "../../static/js/elements/lv-table.js";
import { COLUMNS, csv, groups, lines, tabSeparated } from "../../static/js/core/table.js";
import { initialState } from "../../static/js/core/store.js";
import { timeline } from "../../static/js/core/timeline.js";
import { recorded } from "./made.js";
import { journey, row, run } from "./samples.js";

/** @import { Assert } from "./runner.js" */
/** @import { Row } from "../../static/js/core/messages.js" */
/** @import { LvTable } from "../../static/js/elements/lv-table.js" */
/** @import { View } from "../../static/js/live/player.js" */

/** @param {object} cells */
const runWith = (cells) => run({ journeys: [journey(1, 2, 0, { rows: [/** @type {Row} */ (row("down", "transport", cells))] })] });

/** @param {Assert} assert */
export function eachHalfOfAFramesWayHasItsHeadingAndItsRows(assert) {
  const [down, up] = groups(journey(1));
  assert.equal(down?.heading, "The client sends SYN");
  assert.deepEqual(down?.rows.map(({ index }) => index), [0, 1]);
  assert.equal(up?.heading, "The server receives SYN");
  assert.deepEqual(up?.rows.map(({ index }) => index), [2, 3]);
}

/** @param {Assert} assert */
export function theColumnsAreThoseOfTheTextbook(assert) {
  assert.deepEqual(COLUMNS, ["Layer", "Protocol", "PDU", "Info", "Ports", "IPs", "MACs"]);
  assert.deepEqual(groups(journey(1))[0]?.rows[0]?.cells,
    ["Transport Layer", "TCP", "Segment", "3-way handshake (SYN)", "Src Port: 35310\nDst Port: 80", "", ""]);
}

/** @param {Assert} assert */
export function aCellWithTwoLinesIsQuotedInTheCsv(assert) {
  assert.ok(csv(runWith({})).includes('"Src Port: 35310\nDst Port: 80",,\r\n'));
}

/** @param {Assert} assert */
export function aQuoteInACellIsDoubled(assert) {
  assert.ok(csv(runWith({ info: 'says "hello", twice' })).includes('"says ""hello"", twice"'));
}

/** @param {Assert} assert */
export function aCellThatASpreadsheetWouldCalculateBecomesText(assert) {
  for (const formula of ["=1+1", "+1", "-1", "@sum(a1)", "\t=1"]) {
    assert.ok(lines(runWith({ info: formula })).flat().includes(formula), "the cell itself is left as it is");
    assert.ok(csv(runWith({ info: formula })).includes(`'${formula}`), formula);
  }
  assert.ok(tabSeparated(runWith({ info: "=1+1" })).includes("'=1+1"));
}

/** @param {Assert} assert */
export function everyLineOfTheClipboardHasTheSameNumberOfCells(assert) {
  const counts = tabSeparated(run()).slice(0, -1).split("\n").map((line) => line.split("\t").length);
  assert.deepEqual([...new Set(counts)], [9]);
}

/** @param {Assert} assert */
export function aSimulatedRunSaysSoInItsFirstLine(assert) {
  assert.ok(csv(run({ source: "simulated" })).startsWith('"SIMULATED'));
  assert.ok(tabSeparated(run({ source: "simulated" })).startsWith("SIMULATED"));
  assert.ok(!csv(run()).includes("SIMULATED"));
}

/**
 * @param {LvTable} table
 * @param {number} instantMs
 */
function show(table, instantMs) {
  const view = { state: initialState(), timeline: LINE, instantMs };
  table.update(/** @type {View} */ (/** @type {unknown} */ (view)));
}

const LINE = timeline(recorded());

/** @param {Assert} assert */
export function everyStepStandsInFullWithEachMarkInWords(assert) {
  const table = /** @type {LvTable} */ (document.createElement("lv-table"));
  document.body.append(table);
  const words = { captured: "captured", computed: "computed, not captured", good: "checked: good", bad: "checked: BAD", simulated: "simulated", plain: "" };
  for (const { step } of LINE.steps) {
    show(table, step.rest_ms);
    assert.equal(table.querySelector(".step strong")?.textContent, step.title);
    assert.deepEqual([...table.querySelectorAll("dl > div")].map(({ textContent }) => textContent),
      step.lines.map(({ label, text, mark }) => `${label}${text}${words[mark] && ` ${words[mark]}`}`));
  }
  table.remove();
}

/** @param {Assert} assert */
export async function theStepInFullIsWrittenOnceForEachStepAndIsNoLiveRegion(assert) {
  const table = /** @type {LvTable} */ (document.createElement("lv-table"));
  document.body.append(table);
  const { step } = /** @type {import("../../static/js/core/timeline.js").Stop} */ (LINE.steps[3]);
  show(table, step.start_ms);
  const list = /** @type {HTMLElement} */ (table.querySelector("dl"));
  let writes = 0;
  new MutationObserver((records) => { writes += records.length; }).observe(list, { childList: true, subtree: true });
  for (let instant = step.start_ms; instant < step.end_ms; instant += 16) show(table, instant);
  await Promise.resolve();
  assert.equal(writes, 0);
  assert.equal(list.closest("[aria-live], [role=status], [role=log]"), null);
  table.remove();
}
