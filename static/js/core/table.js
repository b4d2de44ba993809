// The picture's equal in text: a step's lines, a run's rows under their headings, as tab-separated text and as CSV.
// Knows nothing of the page.

import { say } from "./say.js";

/** @import { Run, Journey, Row, Half, Mark } from "./messages.js" */

export const COLUMNS = Object.freeze([
  say("Layer"), say("Protocol"), say("PDU"), say("Info"), say("Ports"), say("IPs"), say("MACs"),
]);

export const SIMULATED_NOTE = say("SIMULATED: these frames were made by the program, no wire carried them.");

const LAYER_LABELS = Object.freeze({
  application: say("Application Layer"),
  transport: say("Transport Layer"),
  network: say("Network Layer"),
  link: say("Data Link Layer"),
  physical: say("Physical Layer"),
});

/** @type {Record<Mark, string>} */
const MARK_WORDS = {
  captured: say("captured"), computed: say("computed, not captured"), simulated: say("simulated"),
  good: say("checked: good"), bad: say("checked: BAD"), plain: "",
};

/**
 * Where a value comes from, or how its check ended; empty where there is nothing to say.
 * @param {Mark} mark
 * @returns {string}
 */
export function markText(mark) {
  return MARK_WORDS[mark];
}

/**
 * Where in the run the step is: 'Frame 3, SYN'.
 * @param {Journey} journey
 * @returns {string}
 */
export function frameText({ number, name }) {
  return say("Frame {number}, {name}", { number, name });
}

/**
 * Half of a frame's way: its heading and its rows, each with its index in journey.rows.
 * @typedef {{ half: Half, heading: string, rows: Array<{ index: number, cells: string[] }> }} Group
 */

/**
 * @param {Journey} journey
 * @returns {Group[]} down the sender, then up the receiver
 */
export function groups(journey) {
  return [
    { half: "down", heading: journey.down_heading, rows: rowsOf(journey, "down") },
    { half: "up", heading: journey.up_heading, rows: rowsOf(journey, "up") },
  ];
}

/**
 * @param {Journey} journey
 * @param {Half} half
 * @returns {Group["rows"]}
 */
function rowsOf(journey, half) {
  return journey.rows
    .map((row, index) => ({ row, index }))
    .filter(({ row }) => row.half === half)
    .map(({ row, index }) => ({ index, cells: cells(row) }));
}

/**
 * @param {Row} row
 * @returns {string[]} in the order of COLUMNS; a cell's lines are parted by a newline
 */
export function cells(row) {
  return [LAYER_LABELS[row.layer], row.protocol, row.pdu, row.info, row.ports, row.ips, row.macs];
}

/**
 * The whole table as lines of cells: for files and for the clipboard.
 * @param {Run} run
 * @returns {string[][]}
 */
export function lines(run) {
  const note = run.source === "simulated" ? [[SIMULATED_NOTE]] : [];
  return [...note, [say("Frame"), say("Part of the way"), ...COLUMNS], ...run.journeys.flatMap(linesOf)];
}

/**
 * @param {Journey} journey
 * @returns {string[][]}
 */
function linesOf(journey) {
  return groups(journey).flatMap(({ heading, rows }) =>
    rows.map((row) => [String(journey.number), heading, ...row.cells]));
}

/**
 * RFC 4180: CRLF, quotes where they are needed.
 * @param {Run} run
 * @returns {string}
 */
export function csv(run) {
  return lines(run).map((line) => line.map(quoted).join(",") + "\r\n").join("");
}

/**
 * What came off the wire must not become a formula in a spreadsheet: such a cell begins with an apostrophe.
 * @param {string} cell
 * @returns {string}
 */
function harmless(cell) {
  return /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
}

/**
 * @param {string} cell
 * @returns {string}
 */
function quoted(cell) {
  const text = harmless(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * For the clipboard: one line a row, so a cell's own lines are parted by a semicolon.
 * @param {Run} run
 * @returns {string}
 */
export function tabSeparated(run) {
  return lines(run).map((line) => line.map(oneLine).join("\t") + "\n").join("");
}

/**
 * @param {string} cell
 * @returns {string}
 */
function oneLine(cell) {
  return harmless(cell.replaceAll("\t", " ").split(/\s*\n\s*/).join("; "));
}
