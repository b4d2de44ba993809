// How far each movement of a step is, as amounts from 0 to 1; and where the shared playhead stands at a moment of the
// server's, the mirror of layersviz/core/playhead.py. Knows nothing of clocks: times are arguments.

/** @import { Playhead, Step } from "./messages.js" */

/**
 * Where in the time that a step moves each part of it moves: [begin, end]. The PDU is carried to the layer, a header
 * slides in, lines are written on the way down, checks are made on the way up, a header is taken off.
 * @type {Record<"carry" | "slide" | "write" | "check" | "take" | "leave" | "arrive", [number, number]>}
 */
export const PHASES = {
  carry: [0, 0.36],
  slide: [0.36, 0.78],
  write: [0.5, 1],
  check: [0.3, 0.8],
  take: [0.72, 1],
  leave: [0.3, 1],
  arrive: [0, 0.8],
};

/**
 * How much of a step's movement is done; a step without movement is done at once.
 * @param {Pick<Step, "start_ms" | "rest_ms">} step
 * @param {number} instantMs
 * @returns {number}
 */
export function progress({ start_ms, rest_ms }, instantMs) {
  if (rest_ms <= start_ms) return 1;
  return clamped((instantMs - start_ms) / (rest_ms - start_ms));
}

/**
 * One part of the movement, with a soft begin and end.
 * @param {number} moved
 * @param {[number, number]} span
 * @returns {number}
 */
export function phase(moved, [begin, end]) {
  const amount = clamped((moved - begin) / (end - begin));
  return amount * amount * (3 - 2 * amount);
}

const RAMP = 0.08;

/**
 * Steady speed with a soft start and stop.
 * @param {number} moved
 * @returns {number}
 */
export function travelled(moved) {
  const speed = 1 / (1 - RAMP);
  if (moved < RAMP) return (speed * moved * moved) / (2 * RAMP);
  if (moved > 1 - RAMP) return 1 - (speed * (1 - moved) * (1 - moved)) / (2 * RAMP);
  return speed * (moved - RAMP / 2);
}

/**
 * The share of the whole that the item at `index` of `count` has when they come one after the other.
 * @param {number} amount
 * @param {number} index
 * @param {number} count
 * @returns {number}
 */
export function inTurn(amount, index, count) {
  return clamped(amount * count - index);
}

/**
 * @param {number} from
 * @param {number} to
 * @param {number} amount
 * @returns {number}
 */
export function between(from, to, amount) {
  return from + (to - from) * amount;
}

/**
 * @param {number} amount
 * @returns {number}
 */
export function clamped(amount) {
  return Math.min(Math.max(amount, 0), 1);
}

/**
 * The story instant at that server time, in milliseconds.
 * @param {Playhead} playhead
 * @param {number} nowMs
 * @returns {number}
 */
export function instantAt(playhead, nowMs) {
  if (!playhead.playing) return playhead.instant_ms;
  const passedMs = Math.max(0, nowMs - playhead.at_ms);
  return Math.min(playhead.instant_ms + passedMs * playhead.rate, playhead.until_ms);
}

/**
 * @param {Playhead} playhead
 * @param {number} nowMs
 * @returns {boolean}
 */
export function isMoving(playhead, nowMs) {
  return playhead.playing && instantAt(playhead, nowMs) < playhead.until_ms;
}
