// A run's steps in one row on the story's clock, and which of them is shown at an instant.

/** @import { Run, Journey, Step } from "./messages.js" */

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
