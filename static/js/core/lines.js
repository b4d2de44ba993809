// How the lines of an open layer stand in its room: broken, in one column or two, the least important left out.
// Knows nothing of the page: em come in, rows and columns go out.

import { monoWidth, sansWidth, shortened, wrapped } from "./text.js";

/** @import { ShownLine } from "./host.js" */

export const LABEL_GAP_EM = 0.8;
export const MARK_EM = 1.4;
const LINE_EM = 1.34;
const TIGHT_EM = 1.19;
const COLUMN_GAP_EM = 1;
const CUTS = [Infinity, 4, 3, 2, 1];
const LONG = 36; // a value with fewer signs is never cut
/**
 * How long a line stays where not all fit, by its key: 0 is said by the sum too, carried values have 1 and words 3, a bad check 5.
 * @type {Record<string, number>}
 */
const WEIGHTS = {
  Size: 0, "Taken off": 0, Bits: 0, "Status line": 2, "Content-Encoding": 2, Compressed: 4, State: 4,
};

/**
 * One line of an open layer, broken: `row` is its first row, `startEm` where its column begins, `labelEm` how wide that
 * column's labels are. A long value `flows` where the column has no room for it: it goes on in the whole width.
 * @typedef {{
 *   line: ShownLine, row: number, startEm: number, labelEm: number, labels: string[], values: string[], flows: boolean,
 * }} BrokenLine
 * @typedef {{ lines: BrokenLine[], more: number, rows: number, lineEm: number }} Lines
 */

/**
 * Breaks the lines for that room: at ease where they fit so, else in two columns, then closer together, then with long values that flow, then without
 * what the sum in the title says too, then without remarks in brackets, then with long values cut. What fits in no way goes from the least important on;
 * `more` says how many are gone.
 * @param {ShownLine[]} lines
 * @param {number} widthEm behind the mark
 * @param {number} roomEm
 * @param {boolean} [hasSum] whether the sum stands in the title
 * @returns {Lines}
 */
export function breakLines(lines, widthEm, roomEm, hasSum = false) {
  const labelEm = labelWidth(lines, widthEm);
  const told = hasSum ? lines.filter((line) => weight(line) > 0) : lines;
  const tight = Math.floor(roomEm / TIGHT_EM);
  const ease = Math.floor(roomEm / LINE_EM);
  const inColumn = [ease, tight].map((rows) => placed(lines, labelEm, widthEm, rows, [Infinity], undefined, false)).find((each) => each !== null);
  const fitted = inColumn ?? placed(lines, labelEm, widthEm, ease, [Infinity])
    ?? placed(lines, labelEm, widthEm, tight, [Infinity])
    ?? placed(told, labelEm, widthEm, tight, [Infinity], withoutRemark)
    ?? placed(told, labelEm, widthEm, tight, CUTS, withoutRemark);
  if (fitted !== null) return spread(fitted, 0, roomEm);
  let kept = told;
  while (kept.length > 0 && placed(kept, labelEm, widthEm, tight - 1, [1], withoutRemark) === null) kept = withoutLeast(kept);
  for (const line of told) {
    const tried = told.filter((each) => each === line || kept.includes(each));
    if (placed(tried, labelEm, widthEm, tight - 1, [1], withoutRemark) !== null) kept = tried;
  }
  const left = placed(kept, labelEm, widthEm, tight - 1, CUTS, withoutRemark) ?? [];
  return spread(left, told.length - kept.length, roomEm);
}

/**
 * The lines in those rows, in one column if that goes, with carried values cut as little as that allows; null if not.
 * @param {ShownLine[]} lines
 * @param {number} labelEm
 * @param {number} widthEm
 * @param {number} rows
 * @param {number[]} cuts
 * @param {(line: ShownLine) => string} [textOf]
 * @param {boolean} [mayFlow] else all values keep to their column
 * @returns {BrokenLine[] | null}
 */
function placed(lines, labelEm, widthEm, rows, cuts, textOf = ({ text }) => text, mayFlow = true) {
  for (const most of cuts) {
    const broken = stacked(lines.map((line) => broke(line, textOf(line), labelEm, widthEm, most, mayFlow)));
    if (rowsOf(broken) <= rows) return broken;
    const paired = inColumns(broken, widthEm);
    if (rowsOf(paired) <= rows) return paired;
  }
  return null;
}

/**
 * @param {BrokenLine[]} lines
 * @param {number} more
 * @param {number} roomEm
 * @returns {Lines}
 */
function spread(lines, more, roomEm) {
  const rows = rowsOf(lines);
  const all = Math.max(1, rows + (more > 0 ? 1 : 0));
  return { lines, more, rows, lineEm: Math.min(LINE_EM, Math.max(TIGHT_EM, roomEm / all)) };
}

/**
 * The width of the labels' column that needs the fewest rows and cuts no word.
 * @param {ShownLine[]} lines
 * @param {number} widthEm
 * @returns {number}
 */
function labelWidth(lines, widthEm) {
  const most = widthEm * 0.55;
  const widest = Math.min(most, Math.max(0, ...lines.map(({ label }) => sansWidth(label))));
  const words = lines.flatMap(({ label }) => label.split(" "));
  const word = Math.min(most, Math.max(0, ...words.map((each) => sansWidth(each))));
  const candidates = [widest, Math.min(widest, Math.max(word, widthEm * 0.38)), word];
  const costs = candidates.map((each) => rowsOf(stacked(lines.map((line) => broke(line, line.text, each, widthEm, Infinity)))));
  return candidates[costs.indexOf(Math.min(...costs))] ?? widest;
}

/**
 * What is said about the frame may do without its last words in brackets; what stands in the frame may not.
 * @param {ShownLine} line
 * @returns {string}
 */
function withoutRemark(line) {
  return isCarried(line) ? line.text : line.text.replace(/(?<=.) \([^()]*\)$/, "");
}

/**
 * @param {ShownLine} line
 * @param {string} text what of it is written
 * @param {number} labelEm
 * @param {number} widthEm
 * @param {number} most rows of one carried value
 * @param {boolean} [mayFlow]
 * @returns {BrokenLine}
 */
function broke(line, text, labelEm, widthEm, most, mayFlow = true) {
  const labels = wrapped(line.label, labelEm, sansWidth);
  const all = wrapped(text, widthEm - labelEm - LABEL_GAP_EM, monoWidth);
  const limit = isCarried(line) && text.length > LONG ? most : Infinity;
  const beside = { line, row: 0, startEm: 0, labelEm, labels, flows: false, values: all };
  if (all.length < 3 || !mayFlow) return { ...beside, values: shortened(all, limit, widthEm - labelEm - LABEL_GAP_EM) };
  const ownEm = Math.max(labelEm, sansWidth(line.label));
  const firstEm = widthEm - ownEm - LABEL_GAP_EM;
  const flowing = wrapped(text, widthEm, monoWidth, firstEm);
  const values = shortened(flowing, limit, limit === 1 ? firstEm : widthEm);
  return { ...beside, flows: true, labelEm: ownEm, labels: [line.label], values };
}

/**
 * @param {BrokenLine[]} lines placed
 * @returns {number}
 */
function rowsOf(lines) {
  return Math.max(0, ...lines.map(endOf));
}

/**
 * The row behind a line.
 * @param {BrokenLine} line
 * @returns {number}
 */
export function endOf({ row, labels, values }) {
  return row + Math.max(labels.length, values.length);
}

/**
 * One under the other.
 * @param {BrokenLine[]} lines
 * @returns {BrokenLine[]}
 */
function stacked(lines) {
  let row = 0;
  return lines.map((each) => {
    const at = { ...each, row };
    row = endOf(at);
    return at;
  });
}

/**
 * Short neighbours side by side, where that saves the most rows: one grid for all of them, in reading order.
 * @param {BrokenLine[]} lines
 * @param {number} widthEm
 * @returns {BrokenLine[]}
 */
function inColumns(lines, widthEm) {
  const starts = new Set(lines.filter(isShort).map((each) => columnEnd(each, each.labelEm) + MARK_EM + COLUMN_GAP_EM));
  const ways = [...starts].map((startEm) => inGrid(lines, startEm, widthEm - startEm));
  return ways.reduce((best, each) => (rowsOf(each) < rowsOf(best) ? each : best), lines);
}

/**
 * @param {BrokenLine[]} lines
 * @param {number} startEm
 * @param {number} roomEm of the right column, behind its mark
 * @returns {BrokenLine[]}
 */
function inGrid(lines, startEm, roomEm) {
  const isLeft = (/** @type {BrokenLine} */ each) => isShort(each)
    && columnEnd(each, each.labelEm) + MARK_EM + COLUMN_GAP_EM <= startEm;
  const isRight = (/** @type {BrokenLine} */ each, labelEm = sansWidth(each.line.label)) => isShort(each)
    && sansWidth(each.line.label) <= labelEm && columnEnd(each, labelEm) <= roomEm;
  const loose = paired(lines, isLeft, (each) => isRight(each));
  const labelEm = Math.max(0, ...[...loose].map(({ line }) => sansWidth(line.label)));
  const right = paired(lines, isLeft, (each) => isRight(each, labelEm));
  let row = 0;
  return lines.map((each) => {
    const at = right.has(each) ? { ...each, row: row - 1, startEm, labelEm } : { ...each, row };
    row = endOf(at);
    return at;
  });
}

/**
 * The lines that stand to the right of the one before them.
 * @param {BrokenLine[]} lines
 * @param {(line: BrokenLine) => boolean} isLeft
 * @param {(line: BrokenLine) => boolean} isRight
 * @returns {Set<BrokenLine>}
 */
function paired(lines, isLeft, isRight) {
  /** @type {Set<BrokenLine>} */
  const found = new Set();
  for (const [index, each] of lines.entries()) {
    const before = lines[index - 1];
    if (before !== undefined && !found.has(before) && isLeft(before) && isRight(each)) found.add(each);
  }
  return found;
}

/**
 * @param {BrokenLine} line
 * @returns {boolean}
 */
function isShort({ labels, values, flows }) {
  return labels.length === 1 && values.length === 1 && !flows;
}

/**
 * @param {BrokenLine} line
 * @param {number} labelEm
 * @returns {number}
 */
function columnEnd({ values }, labelEm) {
  return labelEm + LABEL_GAP_EM + monoWidth(values[0] ?? "");
}

/**
 * Values of the frame itself may be cut; what is said about them in words stays whole.
 * @param {ShownLine} line
 * @returns {boolean}
 */
function isCarried({ mark }) {
  return mark === "captured" || mark === "simulated";
}

/**
 * @param {ShownLine[]} lines
 * @returns {ShownLine[]}
 */
function withoutLeast(lines) {
  const weights = lines.map(weight);
  const least = weights.lastIndexOf(Math.min(...weights));
  return lines.filter((_, index) => index !== least);
}

/**
 * @param {ShownLine} line
 * @returns {number}
 */
function weight(line) {
  return line.mark === "bad" ? 5 : WEIGHTS[line.key] ?? (isCarried(line) ? 1 : 3);
}
