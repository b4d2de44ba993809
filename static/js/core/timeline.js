// A run's steps in one row on the story's clock, which of them is shown at an instant, and the arrows drawn by then.

import { travelled } from "./motion.js";

/** @import { Journey, Run, Side, States, Step } from "./messages.js" */

/**
 * One stop of the story. `first` is true for the first step of its frame.
 * @typedef {{ index: number, step: Step, journey: Journey, first: boolean }} Stop
 */

/**
 * @typedef {{ run: Run | null, steps: Stop[], endMs: number }} Timeline
 */

/** @type {WeakMap<Run, Timeline>} */
const known = new WeakMap();

/** @type {Timeline} */
export const EMPTY = Object.freeze({ run: null, steps: [], endMs: 0 });

/**
 * The same run object gives the same timeline object.
 * @param {Run | null} run
 * @returns {Timeline}
 */
export function timeline(run) {
  if (run === null) return EMPTY;
  const before = known.get(run);
  if (before !== undefined) return before;
  const made = laidOut(run);
  known.set(run, made);
  return made;
}

/**
 * @param {Run} run
 * @returns {Timeline}
 */
function laidOut(run) {
  /** @type {Stop[]} */
  const steps = [];
  for (const journey of run.journeys) {
    for (const step of journey.steps) {
      steps.push({ index: steps.length, step, journey, first: step === journey.steps[0] });
    }
  }
  return { run, steps, endMs: steps.at(-1)?.step.end_ms ?? 0 };
}

/**
 * The index of the step that is shown: the last one that has begun; -1 where there is none.
 * @param {Timeline} line
 * @param {number} instantMs
 * @returns {number}
 */
export function indexAt(line, instantMs) {
  let low = 0;
  let high = line.steps.length - 1;
  if (high < 0) return -1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (/** @type {Stop} */ (line.steps[middle]).step.start_ms <= instantMs) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * The stop that is shown, null where there is none.
 * @param {Timeline} line
 * @param {number} instantMs
 * @returns {Stop | null}
 */
export function stopAt(line, instantMs) {
  return line.steps[indexAt(line, instantMs)] ?? null;
}

/**
 * The instant at which the shown step rests: what a reader who wants no motion sees in place of `instantMs`.
 * @param {Timeline} line
 * @param {number} instantMs
 * @returns {number}
 */
export function restAt(line, instantMs) {
  return stopAt(line, instantMs)?.step.rest_ms ?? instantMs;
}

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
