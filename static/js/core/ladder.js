// The ladder: which arrows there are at a step, and where they and the TCP states stand in a box of that size.
// Knows nothing of the page.

import { MONO_EM, fitted } from "./text.js";
import { between, clamped, travelled } from "./motion.js";

/** @import { Journey, Side, States, Step } from "./messages.js" */
/** @import { Timeline } from "./timeline.js" */

/** @type {Side[]} */
const SIDES = ["client", "server"];

/**
 * One frame's arrow. `drawn` is how far it is on its way. `began` and `changes` are the states at the start of the
 * frame and those that came with it: `at` its tail (when it was sent) or its head (when it had arrived). `roomy` keeps
 * a line for them from the start, so that nothing jumps when they come.
 * @typedef {{ side: Side, state: string, at: "tail" | "head", fresh: boolean }} Change
 * @typedef {{
 *   number: number, label: string, timeUs: number, sender: Side, drawn: number, current: boolean,
 *   began: States, changes: Change[], roomy: boolean,
 * }} Arrow
 */

/**
 * The arrows of all frames up to the one that is shown.
 * @param {Timeline} timeline
 * @param {number} index
 * @param {number} moved
 * @returns {Arrow[]}
 */
export function arrows(timeline, index, moved) {
  /** @type {Arrow[]} */
  const found = [];
  let states = timeline.steps[0]?.step.states;
  for (const { step, journey, first, index: at } of timeline.steps.slice(0, index + 1)) {
    if (states === undefined) break;
    if (first) found.push(newArrow(journey, states));
    const arrow = /** @type {Arrow} */ (found.at(-1));
    arrow.current = journey === timeline.steps[index]?.journey;
    if (step.half !== "down") arrow.drawn = step.half === "up" || at < index ? 1 : travelled(moved);
    arrow.changes.push(...changesOf(states, step, at === index));
    states = step.states;
  }
  return found;
}

/**
 * @param {Journey} journey
 * @param {States} began
 * @returns {Arrow}
 */
function newArrow({ number, arrow, time_us, sender, steps }, began) {
  const roomy = steps.some(({ states }) => SIDES.some((side) => states[side] !== began[side]));
  return { number, label: arrow, timeUs: time_us, sender, drawn: 0, current: false, began, changes: [], roomy };
}

/**
 * @param {States} before
 * @param {Step} step
 * @param {boolean} fresh
 * @returns {Change[]}
 */
function changesOf(before, { states, half }, fresh) {
  return SIDES.filter((side) => before[side] !== states[side]).map((side) => ({
    side, state: states[side], at: half === "up" ? "head" : "tail", fresh,
  }));
}

/**
 * `shown` is 1 for what stands in its place, less for a row that goes or comes as the ladder moves up. A segment that
 * is `cut` has begun further up than the ladder shows. `earlier` arrows are not shown.
 * @typedef {{ x: number, y: number }} Point
 * @typedef {{ key: string, side: Side, state: string, x: number, fromY: number, toY: number, labelY: number,
 *   fresh: boolean, cut: boolean, shown: number }} Segment
 * @typedef {{ key: string, arrow: Arrow, label: string, time: string, labelY: number, tail: Point, head: Point,
 *   tip: Point, shown: number }} Rung
 * @typedef {{
 *   left: number, right: number, top: number, bottom: number, rungs: Rung[], segments: Segment[], earlier: number,
 * }} Ladder
 */

const HEAD_EM = 2;
const FIRST_EM = 2.05;
const LABEL_EM = 1.45;
const SLANT_EM = 1.1;
const STATES_EM = 1.6;
const GAP_EM = 0.55;
const GOING = 0.35;
export const TIME_GAP_EM = 0.6;

/**
 * @param {{ arrows: Arrow[], arrival: number }} ladder
 * @param {number} widthPx
 * @param {number} heightPx
 * @param {number} emPx
 * @returns {Ladder}
 */
export function layoutLadder({ arrows: all, arrival }, widthPx, heightPx, emPx) {
  const left = 0.9 * emPx;
  const right = widthPx - left;
  const top = HEAD_EM * emPx;
  const bottom = heightPx - 0.4 * emPx;
  const tops = rowTops(all);
  const room = (bottom - top) / emPx;
  const [before, after] = [firstWhole(tops.slice(0, -1), room), firstWhole(tops, room)];
  const moved = clamped((arrival - GOING) / (1 - GOING));
  const start = arrival < GOING ? before : after;
  const shift = between(topOf(tops, before), topOf(tops, after), moved);
  const shownAt = (/** @type {number} */ row) => {
    if (row < after) return 1 - arrival / GOING;
    return row === all.length - 1 && before < after ? moved : 1;
  };
  const rungs = all.slice(start).map((arrow, index) => {
    const y = top + (topOf(tops, start + index) + FIRST_EM - shift) * emPx;
    return { ...rung(arrow, y, left, right, emPx), shown: shownAt(start + index) };
  });
  const box = { left, right, top, bottom };
  return { ...box, rungs, segments: segments(rungs, box, start > 0, emPx), earlier: start };
}

/**
 * Where each row begins, in em from the top of the whole ladder, and where the last one ends.
 * @param {Arrow[]} all
 * @returns {number[]}
 */
function rowTops(all) {
  const tops = [FIRST_EM];
  for (const arrow of all) {
    tops.push((tops.at(-1) ?? 0) + LABEL_EM + SLANT_EM + (arrow.roomy ? STATES_EM : 0) + GAP_EM);
  }
  return tops;
}

/**
 * The first row from which on all fit whole under the states that they begin with; the newest is always shown.
 * @param {number[]} tops
 * @param {number} room
 * @returns {number}
 */
function firstWhole(tops, room) {
  const end = tops.at(-1) ?? 0;
  const found = tops.findIndex((top) => end - top + FIRST_EM <= room);
  return Math.max(0, Math.min(found < 0 ? Infinity : found, tops.length - 2));
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
 * @param {number} left
 * @param {number} right
 * @param {number} emPx
 * @returns {Omit<Rung, "shown">}
 */
function rung(arrow, y, left, right, emPx) {
  const goesRight = arrow.sender === "client";
  const tail = { x: goesRight ? left : right, y: y + LABEL_EM * emPx };
  const head = { x: goesRight ? right : left, y: tail.y + SLANT_EM * emPx };
  const tip = { x: between(tail.x, head.x, arrow.drawn), y: between(tail.y, head.y, arrow.drawn) };
  const time = timeText(arrow.timeUs);
  const roomEm = (right - left) / emPx - 0.8;
  const label = fitted(arrow.label, roomEm - time.length * MONO_EM - TIME_GAP_EM, arrow.current);
  return { key: `frame ${arrow.number}`, arrow, label, time, labelY: y + 0.95 * emPx, tail, head, tip };
}

/**
 * One unit for the whole run, so that two frames can be compared.
 * @param {number} timeUs microseconds since the first frame
 * @returns {string}
 */
export function timeText(timeUs) {
  return `${timeUs.toFixed(0).replace(/\B(?=(\d{3})+$)/g, ",")} µs`;
}

/**
 * The stretches of the life lines, each in one TCP state, from the states on that the first of the rungs began with.
 * @param {Rung[]} rungs
 * @param {{ left: number, right: number, top: number, bottom: number }} box
 * @param {boolean} cut
 * @param {number} emPx
 * @returns {Segment[]}
 */
function segments(rungs, box, cut, emPx) {
  return SIDES.flatMap((side) => {
    const x = side === "client" ? box.left : box.right;
    const first = { side, x, toY: box.bottom, fresh: false, cut: false };
    const state = rungs[0]?.arrow.began[side] ?? "";
    const fromY = cut ? box.top : box.top + 0.3 * emPx;
    const labelY = box.top + 1.35 * emPx;
    /** @type {Segment[]} */
    const found = [{ ...first, key: `${side} 0`, state, fromY, labelY, cut, shown: 1 }];
    for (const { arrow, tail, head, shown } of rungs) {
      for (const { state: next, at, fresh } of arrow.changes.filter((change) => change.side === side)) {
        const last = /** @type {Segment} */ (found.at(-1));
        last.toY = at === "tail" ? tail.y : head.y;
        const y = head.y + STATES_EM * 0.8 * emPx;
        const key = `${side} ${arrow.number} ${at}`;
        found.push({ ...first, key, state: next, fromY: last.toY, labelY: y, fresh, shown });
      }
    }
    return found;
  });
}
