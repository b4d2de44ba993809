// Where the two lanes stand in a box of that size: arrows, labels, and the words under them. Knows nothing of the page.

import { readLines } from "./beside.js";
import { number, say } from "./say.js";
import { fitted, sansWidth, wrapped } from "./text.js";

/** @import { Lane, Passing } from "./beside.js" */

/**
 * @typedef {{ passing: Passing, label: string, fromX: number, fromY: number, toX: number, toY: number, labelX: number, labelY: number, isWhole: boolean }} Slope
 * @typedef {{ key: "tcp" | "udp", left: number, right: number, slopes: Slope[], lines: string[] }} Pane
 * @typedef {{ words: string, isBold: boolean, x: number, y: number }} Caption
 * @typedef {{ panes: Pane[], top: number, bottom: number, captions: Caption[] }} Beside
 */

export const TITLES = Object.freeze({ tcp: "TCP", udp: "UDP" });
const TOP_EM = 3.4;
const ROW_EM = 1.5;
const LONGEST_PAUSE_EM = 2.2;
const EM_PER_US = 1 / 1500;
const LINE_EM = 1.35;
const GAP_EM = 2.6;
const NARROW = { widthEm: 40, gapEm: 0.6 };
const MOST_APART = 1.7;
const FIRST_EM = 0.9;
const LAST_EM = 0.6;
const ASIDE_EM = { wide: 0.8, narrow: 0.4 };
/** How far from its life line a label begins, where there is room for it, and where there is not. */
const LABEL_EM = { wide: 1, narrow: 0.75 };
const FARTHEST = 0.92;

/**
 * Time runs down, the same for both; a pause longer than a few rows is shortened, and no row is so near that it could not be read.
 * @param {Lane[]} both
 * @param {number} widthPx
 * @param {number} heightPx
 * @param {number} emPx
 * @returns {Beside}
 */
export function layoutBeside(both, widthPx, heightPx, emPx) {
  const isNarrow = widthPx / emPx < NARROW.widthEm;
  const gapPx = (isNarrow ? NARROW.gapEm : GAP_EM) * emPx;
  const asideEm = isNarrow ? ASIDE_EM.narrow : ASIDE_EM.wide;
  const paneWidth = (widthPx - gapPx) / 2;
  const columns = isNarrow ? [narrowWords(both, widthPx / emPx - asideEm)] : both.map((lane) => wideWords(lane, paneWidth / emPx - asideEm));
  const top = TOP_EM * emPx;
  const bottom = heightPx - (Math.max(...columns.map(({ length }) => length)) * LINE_EM + 0.55) * emPx;
  const at = axis(both, (bottom - top) / emPx - FIRST_EM - LAST_EM * MOST_APART);
  const leftOf = (/** @type {number} */ index) => index * (paneWidth + gapPx) + asideEm * emPx;
  const panes = both.map((lane, index) => {
    const ends = { left: leftOf(index), right: leftOf(index) + paneWidth - 2 * asideEm * emPx };
    const slopes = lane.passings.map((each) => slope(each, ends, (us) => top + (at(us) + FIRST_EM) * emPx, emPx, isNarrow));
    return { key: lane.key, ...ends, lines: readLines(lane), slopes };
  });
  const captions = columns.flatMap((words, index) => words.map((each, row) => (
    { ...each, x: leftOf(index), y: bottom + (row * LINE_EM + 1.5) * emPx })));
  return { panes, top, bottom, captions };
}

/**
 * @param {Lane} lane
 * @returns {string}
 */
function headingOf({ heard }) {
  return heard === null ? say("What the server's application could read") : say("What the server's program has read");
}

/**
 * Under a lane of its own.
 * @param {Lane} lane
 * @param {number} roomEm
 * @returns {Pick<Caption, "words" | "isBold">[]}
 */
function wideWords(lane, roomEm) {
  return [...rowsOf(headingOf(lane), roomEm, true), ...readLines(lane).flatMap((line) => rowsOf(line, roomEm))];
}

/**
 * One lane's under the other's, over the whole width.
 * @param {Lane[]} both
 * @param {number} roomEm
 * @returns {Pick<Caption, "words" | "isBold">[]}
 */
function narrowWords(both, roomEm) {
  const told = both.flatMap((lane) => [...rowsOf(TITLES[lane.key], roomEm, true), ...readLines(lane).flatMap((line) => rowsOf(line, roomEm))]);
  return [...both.slice(0, 1).flatMap((lane) => rowsOf(headingOf(lane), roomEm, true)), ...told];
}

/**
 * @param {string} text
 * @param {number} roomEm
 * @param {boolean} [isBold]
 * @returns {Pick<Caption, "words" | "isBold">[]}
 */
function rowsOf(text, roomEm, isBold = false) {
  return wrapped(text, roomEm, (each) => sansWidth(each, isBold)).map((words) => ({ words, isBold }));
}

/**
 * @param {Passing} passing
 * @param {{ left: number, right: number }} ends
 * @param {(us: number) => number} yOf
 * @param {number} emPx
 * @param {boolean} isNarrow
 * @returns {Slope}
 */
function slope(passing, { left, right }, yOf, emPx, isNarrow) {
  const [plugX, farX] = passing.sender === "client" ? [left, right] : [right, left];
  const fromX = passing.copied ? (left + right) / 2 : plugX;
  const isWhole = passing.arrivedUs !== null;
  const fromY = yOf(beganUs(passing));
  const farY = Math.max(fromY + 0.15 * emPx, isWhole ? yOf(passing.arrivedUs ?? 0) : fromY + 0.3 * emPx);
  const time = say("{ms} ms", { ms: number(passing.sentUs / 1000, ONE_PLACE) });
  const asideEm = isNarrow ? LABEL_EM.narrow : LABEL_EM.wide;
  const roomEm = (right - left) / emPx - asideEm - 0.1;
  const [full = "", ...shorter] = passing.labels;
  const label = [`${full} · ${time}`, full, ...shorter].find((each) => sansWidth(each) <= roomEm) ?? fitted(shorter.at(-1) ?? full, roomEm);
  const labelX = plugX + Math.sign(farX - plugX) * asideEm * emPx;
  const behindLabel = (Math.abs(labelX - plugX) + (sansWidth(label) + 0.8) * emPx) / (right - left);
  const part = isWhole ? 1 : Math.min(FARTHEST, Math.max(0.5, behindLabel));
  const [toX, toY] = [fromX + part * (farX - fromX), fromY + part * (farY - fromY)];
  return { passing, label, labelX, labelY: fromY - 0.28 * emPx, fromX, fromY, toX, toY, isWhole };
}

/**
 * The wire's copy comes behind what it copies, so that it has a row of its own.
 * @param {Passing} passing
 * @returns {number}
 */
function beganUs({ sentUs, copied }) {
  return copied ? sentUs + NANOSECOND_US : sentUs;
}

const NANOSECOND_US = 0.001;

/** @type {Intl.NumberFormatOptions} */
const ONE_PLACE = { minimumFractionDigits: 1, maximumFractionDigits: 1 };

/**
 * How far down an instant stands, in em, the same for all lanes.
 * @param {Lane[]} both
 * @param {number} roomEm
 * @returns {(us: number) => number}
 */
function axis(both, roomEm) {
  const events = both.flatMap(({ key, passings }) => passings.map((each) => ({ key, us: beganUs(each) }))).sort((one, other) => one.us - other.us);
  /** @type {Array<{ us: number, em: number }>} */
  const marks = [];
  /** @type {Map<string, number>} */
  const lastOf = new Map();
  for (const { key, us } of events) {
    const last = marks.at(-1) ?? { us: 0, em: 0 };
    const em = Math.max(last.em + Math.min(LONGEST_PAUSE_EM, (us - last.us) * EM_PER_US), (lastOf.get(key) ?? -ROW_EM) + ROW_EM);
    lastOf.set(key, em);
    marks.push({ us, em });
  }
  const scale = Math.min(MOST_APART, roomEm / Math.max(1, marks.at(-1)?.em ?? 1));
  return (us) => scale * between(marks, us);
}

/**
 * @param {Array<{ us: number, em: number }>} marks in their order
 * @param {number} us
 * @returns {number}
 */
function between(marks, us) {
  const after = marks.findIndex((mark) => mark.us > us);
  const last = marks.at(after < 0 ? -1 : Math.max(0, after - 1)) ?? { us: 0, em: 0 };
  const next = after < 0 ? null : marks[after];
  const more = (us - last.us) * EM_PER_US;
  if (next === null || next === undefined) return last.em + Math.min(LAST_EM, more);
  return last.em + ((us - last.us) / Math.max(1e-9, next.us - last.us)) * (next.em - last.em);
}
