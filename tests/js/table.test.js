import { COLUMNS, csv, groups, lines, tabSeparated } from "../../static/js/core/table.js";
import { journey, row, run } from "./samples.js";

/** @import { Assert } from "./runner.js" */
/** @import { Row } from "../../static/js/core/messages.js" */

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
