// How wide a text is at most, in em, and how it breaks into rows. Reckoned from the widest of the fonts that the tokens
// name, so that nothing has to be measured on the page.

import { say, sayAs } from "./say.js";

/** @import { Piece } from "./host.js" */
/** @import { Layer } from "./messages.js" */

export const MONO_EM = 0.615;

export const LAYER_NAMES = {
  application: say("Application"), transport: say("Transport"), network: say("Network"), link: say("Data link"),
  physical: say("Physical"),
};
export const LAYER_TASKS = {
  application: say("what programs say to each other"), transport: say("ports: which program"),
  network: say("IP addresses: which host"), link: say("MAC addresses: which card"), physical: say("bits on the wire"),
};
/** @type {Record<Layer, string>} */
const LAYER_LETTERS = {
  application: sayAs("letter of the application layer", "A"), transport: sayAs("letter of the transport layer", "T"),
  network: sayAs("letter of the network layer", "N"), link: sayAs("letter of the link layer", "L"),
  physical: sayAs("letter of the physical layer", "P"),
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
  for (const sign of isSimple(text) ? text : signsOf(text)) width += signWidth(sign);
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
  if (isWide(sign)) return 1.4;
  return sign >= "A" && sign <= "Z" ? 0.72 : 0.63;
}

/**
 * @param {string} text
 * @returns {number} em
 */
export function monoWidth(text) {
  if (isSimple(text)) return text.length * MONO_EM;
  return signsOf(text).reduce((columns, sign) => columns + (isWide(sign) ? 2.3 : 1), 0) * MONO_EM;
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
  const signs = signsOf(text);
  while (signs.length > 0 && sansWidth(`${signs.join("")}…`, bold) > widthEm) signs.pop();
  return signs.length === 0 ? "" : `${signs.join("").trimEnd()}…`;
}

/**
 * Whether each of the text's code units is a sign by itself: Latin letters, dashes, arrows.
 * @param {string} text
 * @returns {boolean}
 */
function isSimple(text) {
  return /^[\x20-\u024f\u2010-\u2027\u2190-\u21ff\u2212]*$/.test(text);
}

/**
 * Pictures, and the scripts of East Asia: each sign is as broad as it is high.
 * @param {string} sign
 * @returns {boolean}
 */
function isWide(sign) {
  return sign > "\u02af" && /\p{Extended_Pictographic}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]/u.test(sign);
}

const SEGMENTER = new Intl.Segmenter("en", { granularity: "grapheme" });

/**
 * A text's signs as a reader sees them: an emoji of several parts and a letter with its accents are one each.
 * @param {string} text
 * @returns {string[]}
 */
export function signsOf(text) {
  return isSimple(text) ? [...text] : Array.from(SEGMENTER.segment(text), ({ segment }) => segment);
}

/**
 * Shorter names of pieces by their key, of headers by their label: that is their protocol.
 * @type {Record<string, string[]>}
 */
const SHORT = {
  Ethernet: ["Eth"], "Preamble+SFD": [say("Pre+SFD"), say("Pre")], padding: [say("pad")], "gzip body": ["gzip"],
};

/**
 * What a piece can be called, the most telling first: three names with its size, then the same without it.
 * @param {Pick<Piece, "label" | "part" | "octets">} piece
 * @returns {string[]}
 */
export function pieceNames({ label, part, octets }) {
  const [short = label, shortest = short] = SHORT[part || label] ?? [];
  const names = [label, short, shortest];
  return [...names.map((name) => `${name} ${octets}`), ...names];
}

/**
 * What is written on a piece that is so wide.
 * @param {Piece} piece
 * @param {number} widthEm
 * @param {boolean} sized whether the size is to stand beside the name
 * @returns {string}
 */
export function pieceText(piece, widthEm, sized) {
  const names = pieceNames(piece).slice(sized ? 0 : 3);
  return names.find((each) => sansWidth(each, true) <= widthEm - 0.3) ?? (widthEm > 0.85 ? letterOf(piece.layer) : "");
}

/**
 * @param {Layer} layer
 * @returns {string} the one that stands for it where there is no room for its name
 */
export function letterOf(layer) {
  return LAYER_LETTERS[layer];
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
  if (widthOf(word) <= widthEm) return [word];
  let rest = signsOf(word);
  while (rest.length > 1 && widthOf(rest.join("")) > widthEm) {
    let length = rest.length - 1;
    while (length > 1 && widthOf(rest.slice(0, length).join("")) > widthEm) length -= 1;
    pieces.push(rest.slice(0, length).join(""));
    rest = rest.slice(length);
  }
  return [...pieces, rest.join("")];
}

/**
 * The first rows of a wrapped text in the mono face, with an ellipsis where more would follow.
 * @param {string[]} all
 * @param {number} most rows
 * @param {number} widthEm of the last of them
 * @returns {string[]}
 */
export function shortened(all, most, widthEm) {
  if (all.length <= most) return all;
  const room = Math.floor(widthEm / MONO_EM) - 2;
  return [...all.slice(0, most - 1), `${signsOf(all[most - 1] ?? "").slice(0, room).join("").trimEnd()} …`];
}
