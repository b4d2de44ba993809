// The ladder: where the arrows of the frames and the TCP states stand in a box of that size.
// Knows nothing of the page.

import { between, clamped } from "./motion.js";
import { say } from "./say.js";
import { fitted, monoWidth, sansWidth } from "./text.js";
import { LOST_AT } from "./timeline.js";
import { findingName, ladderTexts, sharkText, waitedTexts } from "./words.js";

/** @import { Side } from "./messages.js" */
/** @import { Arrow } from "./timeline.js" */

/** @type {Side[]} */
const SIDES = ["client", "server"];

/**
 * `shown` is 1 for what stands in its place, less for a row that goes or comes as the ladder moves up. A segment that
 * is `cut` has begun further up than the ladder shows. `earlier` arrows are not shown; they are left out at `gapY`, if
 * that is not 0, else at the top.
 * An arrow begins at `start`, which is its tail unless the wire made the frame.
 * `waited` is how long somebody waited before a frame, at `waitedY`; a tie leads from a frame to the one that sends it again.
 * @typedef {{ x: number, y: number }} Point
 * @typedef {{ key: string, number: number, x: number, outerX: number, fromY: number, toY: number, shown: number }} Tie
 * @typedef {{ key: string, side: Side, state: string, x: number, fromY: number, toY: number, labelY: number,
 *   fresh: boolean, cut: boolean, isNamed: boolean, shown: number }} Segment
 * @typedef {{ key: string, arrow: Arrow, label: string, time: string, labelY: number, tail: Point, head: Point,
 *   start: Point, tip: Point, waited: string, waitedY: number, shown: number }} Rung
 * @typedef {{
 *   left: number, right: number, top: number, bottom: number, rungs: Rung[], segments: Segment[], ties: Tie[], earlier: number,
 *   gapY: number,
 * }} Ladder
 */

const HEAD_EM = 2;
const FIRST_EM = 2.05;
/** How high the parts of a row are: at ease, and as tight as can be read. */
const EASE = { label: 1.45, slant: 1.1, states: 1.6, gap: 0.55, wait: 1.3, late: 1.2 };
const TIGHT = { label: 1.2, slant: 0.25, states: 1.4, gap: 0.3, wait: 1.15, late: 0.9 };
/** A frame that is on its way for so long slants as much as any. */
const LATE_US = 500_000;
const STATE_EM = 1.28;
const GOING = 0.35;
const HANDSHAKE = 3;
const OVERVIEW_FIRST_EM = 1.6;
const OMISSION_EM = 1.15;
/** From this width on every row has its time, and a label that is too wide beside it is cut. */
const TIMED_EM = 17.2;
/** The same for a frame in which something was found. */
const FOUND_TIMED_EM = 12;
/** In a narrower ladder all times have the same few places. */
const EXACT_EM = 24;
/** So far from the life lines stay label and time, whose begin and end have dots. */
const ASIDE_EM = 0.8;
const NOTHING = { label: 0.4, slant: 0, states: 0, gap: 0, wait: 0, late: 0 };
export const TIME_GAP_EM = 0.6;

/** @typedef {typeof EASE} Density */
/** @typedef {{ left: number, right: number, top: number, bottom: number }} Box */
/** @typedef {{ first: number, density: Density }} Plan the first row that is shown, and how high all are */

/**
 * @param {{ arrows: Arrow[], arrival: number, whole: boolean }} ladder
 * @param {number} widthPx
 * @param {number} heightPx
 * @param {number} emPx
 * @returns {Ladder}
 */
export function layoutLadder({ arrows: all, arrival, whole }, widthPx, heightPx, emPx) {
  const top = HEAD_EM * emPx;
  const bottom = Math.max(top, heightPx - 0.4 * emPx); // a page that is being laid out may have no room yet
  const box = { left: 0.9 * emPx, right: widthPx - 0.9 * emPx, top, bottom };
  const room = (bottom - top) / emPx;
  const after = planned(all, room);
  const overview = whole && after.first > 0 ? overviewed(all, box, room, emPx) : null;
  if (overview !== null) return overview;
  const before = arrival < 1 && all.length > 1 ? planned(all.slice(0, -1), room) : after;
  const makesRoom = before.first < after.first || before.density !== after.density;
  const moved = clamped((arrival - GOING) / (1 - GOING));
  const start = arrival < GOING ? before.first : after.first;
  const mixed = (/** @type {keyof Density} */ part) => between(before.density[part], after.density[part], moved);
  const density = mixedDensity(mixed);
  const tops = rowTops(all, density);
  const shift = between(topOf(tops, before.first), topOf(tops, after.first), moved);
  const shownAt = (/** @type {number} */ row) => {
    if (row < after.first) return 1 - arrival / GOING;
    return row === all.length - 1 && makesRoom ? moved : 1;
  };
  const rungs = all.slice(start).map((arrow, index) => {
    const y = top + (topOf(tops, start + index) + FIRST_EM - shift) * emPx;
    return { ...rung(arrow, y, box, density, emPx), shown: shownAt(start + index) };
  });
  return { ...box, rungs, segments: segments(rungs, box, start > 0, emPx), ties: ties(rungs, emPx), earlier: start, gapY: 0 };
}

/**
 * @param {(part: keyof Density) => number} mixed
 * @returns {Density}
 */
function mixedDensity(mixed) {
  return { label: mixed("label"), slant: mixed("slant"), states: mixed("states"), gap: mixed("gap"), wait: mixed("wait"), late: mixed("late") };
}

/**
 * Outside of the life line of who sends it again, from the first time to the second.
 * @param {Rung[]} rungs
 * @param {number} emPx
 * @returns {Tie[]}
 */
function ties(rungs, emPx) {
  return rungs.flatMap(({ arrow, tail, shown }) => {
    const first = arrow.repeats > 0 ? rungs.find((each) => each.arrow.number === arrow.repeats) : undefined;
    if (first === undefined || first.shown === 0) return [];
    const out = (arrow.sender === "client" ? -1 : 1) * 0.6 * emPx;
    return [{ key: `tie ${arrow.number}`, number: arrow.number, x: tail.x, outerX: tail.x + out, fromY: first.tail.y, toY: tail.y, shown }];
  });
}

/**
 * At ease where all rows fit so, else closer together, else as many of the last ones as fit; the newest always.
 * @param {Arrow[]} all
 * @param {number} room
 * @returns {Plan}
 */
function planned(all, room) {
  const [ease = 0, tight = 0] = [EASE, TIGHT].map((density) => rowTops(all, density).at(-1) ?? 0);
  if (ease <= room) return { first: 0, density: EASE };
  const tops = rowTops(all, TIGHT);
  const found = tops.findIndex((top) => tight - top + FIRST_EM <= room);
  if (found !== 0) return { first: Math.max(0, Math.min(found < 0 ? Infinity : found, all.length - 1)), density: TIGHT };
  const part = (room - tight) / (ease - tight) - 1e-6;
  const mixed = (/** @type {keyof Density} */ name) => between(TIGHT[name], EASE[name], part);
  return { first: 0, density: mixedDensity(mixed) };
}

/**
 * The story at its end: handshake and close together, what lies between them left out where not all fit. Of the states
 * only the first and the last are named.
 * @param {Arrow[]} all
 * @param {Box} box
 * @param {number} room
 * @param {number} emPx
 * @returns {Ladder | null} null where there is no room for both
 */
function overviewed(all, box, room, emPx) {
  const density = { ...TIGHT, slant: 0.2, wait: 0, late: 0 };
  const rowEm = density.label + density.slant + density.gap;
  const free = room - OVERVIEW_FIRST_EM - density.states;
  const isWhole = all.length * rowEm <= free;
  const syn = isWhole ? 0 : Math.max(0, all.findIndex(({ opens }) => opens));
  const last = Math.floor((free - OMISSION_EM) / rowEm) - HANDSHAKE;
  if (!isWhole && last < 2) return null;
  const from = isWhole ? all.length : syn + HANDSHAKE;
  const to = isWhole ? all.length : Math.max(from, all.length - last);
  let y = box.top + OVERVIEW_FIRST_EM * emPx;
  const rungs = all.slice(syn).map((arrow, index) => {
    const isOut = syn + index >= from && syn + index < to;
    const made = { ...rung(arrow, y, box, isOut ? NOTHING : density, emPx), shown: isOut ? 0 : 1 };
    y += isOut ? (OMISSION_EM * emPx) / (to - from) : rowEm * emPx;
    return made;
  });
  const lastY = Math.min(y + (STATE_EM - density.gap) * emPx, box.bottom - 0.35 * emPx);
  const found = segments(rungs, box, syn > 0, emPx);
  const ends = found.filter(({ side }, index) => found[index + 1]?.side !== side);
  const named = found.map((each) => (
    each.key.endsWith(" 0") ? each : { ...each, labelY: lastY, isNamed: ends.includes(each), shown: 1 }));
  const shown = rungs.filter((each) => each.shown === 1);
  const gapY = from < to ? /** @type {Rung} */ (rungs[from - syn]).labelY : 0;
  return { ...box, rungs: shown, segments: named, ties: ties(shown, emPx), earlier: all.length - shown.length, gapY };
}

/**
 * Where each row begins, in em from the top of the whole ladder, and where the last one ends.
 * @param {Arrow[]} all
 * @param {Density} density
 * @returns {number[]}
 */
function rowTops(all, density) {
  const { label, states, gap } = density;
  const tops = [FIRST_EM];
  for (const arrow of all) {
    tops.push((tops.at(-1) ?? 0) + waitEm(arrow, density) + label + slantEm(arrow, density) + (arrow.roomy ? states : 0) + gap);
  }
  return tops;
}

/**
 * The room for the words over a frame that somebody waited for.
 * @param {Arrow} arrow
 * @param {Density} density
 * @returns {number}
 */
function waitEm({ waits }, { wait }) {
  return waits.length === 0 ? 0 : wait;
}

/**
 * How far an arrow falls: the further, the longer the frame was on its way.
 * @param {Arrow} arrow
 * @param {Density} density
 * @returns {number}
 */
function slantEm({ wayUs }, { slant, late }) {
  return slant + late * Math.min(1, wayUs / LATE_US);
}

/**
 * How far a row begins under the first.
 * @param {number[]} tops
 * @param {number} row
 * @returns {number}
 */
function topOf(tops, row) {
  return (tops[row] ?? FIRST_EM) - FIRST_EM;
}

/**
 * @param {Arrow} arrow
 * @param {number} y
 * @param {Box} box
 * @param {Density} density
 * @param {number} emPx
 * @returns {Omit<Rung, "shown">}
 */
function rung(arrow, y, { left, right }, density, emPx) {
  const goesRight = arrow.sender === "client";
  const labelTop = y + waitEm(arrow, density) * emPx;
  const tail = { x: goesRight ? left : right, y: labelTop + density.label * emPx };
  const head = { x: goesRight ? right : left, y: tail.y + slantEm(arrow, density) * emPx };
  const start = arrow.copied ? along(tail, head, LOST_AT) : tail;
  const tip = along(start, head, arrow.drawn);
  const roomEm = (right - left) / emPx - 2 * ASIDE_EM;
  const leastEm = TIME_GAP_EM + monoWidth(ladderTexts(arrow.timeUs, arrow.spanUs)[1]);
  const isTimed = roomEm >= (arrow.findings.length + arrow.marks.length > 0 ? FOUND_TIMED_EM : TIMED_EM);
  const label = foundLabel(arrow, isTimed ? roomEm - leastEm : roomEm);
  const time = timeBeside(label, arrow, roomEm);
  const waited = density.wait === 0 ? "" : waitedText(arrow, roomEm);
  return { key: `frame ${arrow.number}`, arrow, label, time, labelY: labelTop + 0.95 * emPx, tail, head, start, tip, waited, waitedY: y + 0.85 * emPx };
}

/**
 * @param {Point} from
 * @param {Point} to
 * @param {number} amount
 * @returns {Point}
 */
function along(from, to, amount) {
  return { x: between(from.x, to.x, amount), y: between(from.y, to.y, amount) };
}

/**
 * @param {Arrow} arrow
 * @param {number} roomEm
 * @returns {string}
 */
function waitedText({ waits: [first] }, roomEm) {
  if (first === undefined) return "";
  const texts = waitedTexts(first);
  return texts.find((each) => sansWidth(each) <= roomEm) ?? fitted(texts.at(-1) ?? "", roomEm);
}

/**
 * What Wireshark found stands before the label, as in its list; a mark alone where there is no room for the words.
 * @param {Arrow} arrow
 * @param {number} roomEm
 * @returns {string}
 */
function foundLabel({ label, findings, marks, lost, drawn, current }, roomEm) {
  const isLost = drawn < LOST_AT ? [] : lost && drawn === LOST_AT ? [say("lost"), ...marks] : marks;
  const found = [...isLost, ...findings.map(findingName)];
  if (found.length === 0) return fitted(label, roomEm, current);
  const said = [`[${[...isLost, ...findings.map(sharkText)].join(", ")}] ${label}`, `[${found.join(", ")}] ${label}`, `[${found[0]}] ${label}`, `[${(found[0] ?? "").replace("TCP ", "")}] ${label}`];
  return said.find((each) => sansWidth(each, current) <= roomEm) ?? fitted(`[!] ${label}`, roomEm, current);
}

/**
 * The time in the ladder's one unit, exactly or in few digits. Who said what matters more than when: in a narrow ladder
 * there may be no room for it, but what was found in a frame always has its time, for that is about waiting.
 * @param {string} label
 * @param {Arrow} arrow
 * @param {number} roomEm
 * @returns {string}
 */
function timeBeside(label, { current, timeUs, spanUs }, roomEm) {
  const free = roomEm - sansWidth(label, current) - TIME_GAP_EM;
  const [exact, short] = ladderTexts(timeUs, spanUs);
  return (roomEm < EXACT_EM ? [short] : [exact, short]).find((each) => monoWidth(each) <= free) ?? "";
}

/**
 * The stretches of the life lines, each in one TCP state, from the states on that the first of the rungs began with.
 * @param {Rung[]} rungs
 * @param {Box} box
 * @param {boolean} cut
 * @param {number} emPx
 * @returns {Segment[]}
 */
function segments(rungs, box, cut, emPx) {
  return SIDES.flatMap((side) => {
    const x = side === "client" ? box.left : box.right;
    const first = { side, x, toY: box.bottom, fresh: false, cut: false, isNamed: true };
    const state = rungs[0]?.arrow.began?.[side] ?? "";
    const fromY = cut ? box.top : box.top + 0.3 * emPx;
    const labelY = box.top + 1.35 * emPx;
    /** @type {Segment[]} */
    const found = [{ ...first, key: `${side} 0`, state, fromY, labelY, cut, shown: 1 }];
    for (const { arrow, tail, head, shown } of rungs) {
      for (const { state: next, at, fresh } of arrow.changes.filter((change) => change.side === side)) {
        const last = /** @type {Segment} */ (found.at(-1));
        last.toY = at === "tail" ? tail.y : head.y;
        const y = head.y + STATE_EM * emPx;
        const key = `${side} ${arrow.number} ${at}`;
        found.push({ ...first, key, state: next, fromY: last.toY, labelY: y, fresh, shown });
      }
    }
    return found;
  });
}
