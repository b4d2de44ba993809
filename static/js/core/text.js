// How wide a text is at most, in em, and how it breaks into rows. Reckoned from the widest of the fonts that the tokens
// name, so that nothing has to be measured on the page.

/** @import { Piece, ShownLine } from "./host.js" */

export const MONO_EM = 0.615;
export const LABEL_GAP_EM = 0.8;

export const LAYER_NAMES = {
  application: "Application", transport: "Transport", network: "Network", link: "Data link", physical: "Physical",
};
export const LAYER_TASKS = {
  application: "what programs say to each other", transport: "ports: which program",
  network: "IP addresses: which host", link: "MAC addresses: which card", physical: "bits on the wire",
};

const NARROW = "iljI.,:;|'!`·";
const SLIM = "ftr()[]-/ \"{}";
const BROAD = "mwMW@%—→…";

/**
 * @param {string} text
 * @param {boolean} [bold]
 * @returns {number} em
 */
export function sansWidth(text, bold = false) {
  let width = 0;
  for (const sign of text) width += signWidth(sign);
  return bold ? width * 1.1 : width;
}

/**
 * @param {string} sign
 * @returns {number}
 */
function signWidth(sign) {
  if (NARROW.includes(sign)) return 0.33;
  if (SLIM.includes(sign)) return 0.4;
  if (BROAD.includes(sign)) return 0.98;
  return sign >= "A" && sign <= "Z" ? 0.72 : 0.63;
}

/**
 * @param {string} text
 * @returns {number} em
 */
export function monoWidth(text) {
  return text.length * MONO_EM;
}

/**
 * The text, or its beginning with an ellipsis where it is too wide.
 * @param {string} text
 * @param {number} widthEm
 * @param {boolean} [bold]
 * @returns {string}
 */
export function fitted(text, widthEm, bold = false) {
  if (sansWidth(text, bold) <= widthEm) return text;
  let kept = text;
  while (kept.length > 0 && sansWidth(`${kept}…`, bold) > widthEm) kept = kept.slice(0, -1);
  return kept === "" ? "" : `${kept.trimEnd()}…`;
}

/** @type {Record<string, string>} */
const SHORT = { Ethernet: "Eth", Preamble: "Pre", padding: "pad", "gzip body": "gzip" };

/**
 * What is written on a piece that is so wide, the most telling first.
 * @param {Piece} piece
 * @param {number} widthEm
 * @param {boolean} sized whether the size is to stand beside the name
 * @returns {string}
 */
export function pieceText({ label, octets, layer }, widthEm, sized) {
  const short = SHORT[label] ?? label;
  const names = sized ? [`${label} ${octets}`, `${short} ${octets}`, label, short] : [label, short];
  return names.find((each) => sansWidth(each, true) <= widthEm - 0.3) ?? (widthEm > 0.85 ? letterOf(layer) : "");
}

/**
 * @param {string} layer
 * @returns {string}
 */
export function letterOf(layer) {
  return layer === "link" ? "L" : layer.slice(0, 1).toUpperCase();
}

/**
 * Words on lines that are no wider than `widthEm`; a word that is wider by itself is cut.
 * @param {string} text
 * @param {number} widthEm
 * @param {(text: string) => number} widthOf em
 * @param {number} [firstEm] the room on the first line
 * @returns {string[]}
 */
export function wrapped(text, widthEm, widthOf, firstEm = widthEm) {
  /** @type {string[]} */
  const lines = [];
  let line = "";
  for (const word of text.split(/\s+/).filter((each) => each !== "")) {
    for (const piece of cut(word, widthEm, widthOf)) {
      const longer = line === "" ? piece : `${line} ${piece}`;
      if (widthOf(longer) <= (lines.length === 0 ? firstEm : widthEm)) line = longer;
      else {
        lines.push(line);
        line = piece;
      }
    }
  }
  return line === "" ? lines : [...lines, line];
}

/**
 * @param {string} word
 * @param {number} widthEm
 * @param {(text: string) => number} widthOf
 * @returns {string[]}
 */
function cut(word, widthEm, widthOf) {
  /** @type {string[]} */
  const pieces = [];
  let rest = word;
  while (rest.length > 1 && widthOf(rest) > widthEm) {
    let length = rest.length - 1;
    while (length > 1 && widthOf(rest.slice(0, length)) > widthEm) length -= 1;
    pieces.push(rest.slice(0, length));
    rest = rest.slice(length);
  }
  return [...pieces, rest];
}

/**
 * One line of an open layer, broken: `row` is its first row. A long value `flows`: it begins
 * behind its label and goes on in the whole width.
 * @typedef {{ line: ShownLine, row: number, labels: string[], values: string[], flows: boolean }} BrokenLine
 * @typedef {{ lines: BrokenLine[], labelEm: number, more: number, rows: number }} Lines
 */

/**
 * Breaks the lines for that room. What does not fit goes from the least important on; `more` says how many are gone.
 * @param {ShownLine[]} lines
 * @param {number} widthEm
 * @param {number} rows
 * @returns {Lines}
 */
export function breakLines(lines, widthEm, rows) {
  const labelEm = labelWidth(lines, widthEm);
  for (const most of [Infinity, 4, 3]) {
    const broken = lines.map((line) => broke(line, labelEm, widthEm, most));
    if (rowsOf(broken) <= rows) return stacked(broken, labelEm, 0);
  }
  let kept = lines.map((line) => broke(line, labelEm, widthEm, rows < 6 ? 1 : 3));
  while (kept.length > 0 && rowsOf(kept) > rows - 1) {
    const least = leastImportant(kept);
    kept = kept.filter((each) => each !== least);
  }
  return stacked(kept, labelEm, lines.length - kept.length);
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
  const costs = candidates.map((each) => rowsOf(lines.map((line) => broke(line, each, widthEm, Infinity))));
  return candidates[costs.indexOf(Math.min(...costs))] ?? widest;
}

/**
 * @param {ShownLine} line
 * @param {number} labelEm
 * @param {number} widthEm
 * @param {number} most rows of one value
 * @returns {BrokenLine}
 */
function broke(line, labelEm, widthEm, most) {
  const labels = wrapped(line.label, labelEm, sansWidth);
  const beside = wrapped(line.text, widthEm - labelEm - LABEL_GAP_EM, monoWidth);
  if (beside.length < 3) return { line, row: 0, flows: false, labels, values: beside };
  const firstEm = widthEm - sansWidth(line.label) - LABEL_GAP_EM;
  const flowing = wrapped(line.text, widthEm, monoWidth, firstEm);
  return { line, row: 0, flows: true, labels: [line.label], values: shortened(flowing, most, widthEm) };
}

/**
 * @param {string[]} all
 * @param {number} most rows
 * @param {number} widthEm
 * @returns {string[]}
 */
function shortened(all, most, widthEm) {
  if (all.length <= most) return all;
  const room = Math.floor(widthEm / monoWidth("0")) - 2;
  return [...all.slice(0, most - 1), `${(all[most - 1] ?? "").slice(0, room).trimEnd()} …`];
}

/**
 * @param {BrokenLine[]} lines
 * @returns {number}
 */
export function rowsOf(lines) {
  return lines.reduce((sum, { labels, values }) => sum + Math.max(labels.length, values.length), 0);
}

/**
 * @param {BrokenLine[]} lines
 * @param {number} labelEm
 * @param {number} more
 * @returns {Lines}
 */
function stacked(lines, labelEm, more) {
  let row = 0;
  const placed = lines.map((each) => {
    const at = row;
    row += rowsOf([each]);
    return { ...each, row: at };
  });
  return { lines: placed, labelEm, more, rows: row };
}

const FIRST_TO_GO = ["Size", "Taken off"];
const LAST_TO_GO = ["Compressed"];

/**
 * A size is written in the sum already. Then captured values go, the last first; then words; a bad check stays.
 * @param {BrokenLine[]} lines
 * @returns {BrokenLine | undefined}
 */
function leastImportant(lines) {
  return lines.find(({ line }) => FIRST_TO_GO.includes(line.label))
    ?? lines.findLast(({ line }) => line.mark === "captured" && !LAST_TO_GO.includes(line.label))
    ?? lines.findLast(({ line }) => line.mark !== "bad")
    ?? lines.at(-1);
}
