// All frames and steps of a run with the instants at which they rest: what the overview lists, and where "go to" goes.
// Knows nothing of the page.

/** @import { Journey, Layer } from "./messages.js" */
/** @import { Timeline } from "./timeline.js" */

/** One stop as it is listed: the number that a reader types, and the instant to seek. `index` is the timeline's. */
/** @typedef {{ index: number, number: number, layer: Layer, title: string, instantMs: number }} Listed */

/** Neighbouring stops on one layer. */
/** @typedef {{ layer: Layer, steps: Listed[] }} Group */

/** @typedef {{ journey: Journey, groups: Group[] }} Row */

/**
 * All frames in order, their steps in groups of neighbours on one layer.
 * @param {Timeline} line
 * @returns {Row[]}
 */
export function overview({ steps }) {
  /** @type {Row[]} */
  const rows = [];
  for (const { index, step, journey, first } of steps) {
    if (first) rows.push({ journey, groups: [] });
    const { groups } = /** @type {Row} */ (rows.at(-1));
    if (groups.at(-1)?.layer !== step.layer) groups.push({ layer: step.layer, steps: [] });
    groups.at(-1)?.steps.push({ index, number: step.number, layer: step.layer, title: step.title, instantMs: step.rest_ms });
  }
  return rows;
}

/**
 * Whether there is that frame, and that step of it: the instant to seek, or what is missing and what there is of it.
 * @typedef {{ instantMs: number } | { missing: "run" } | { missing: "frame", first: number, last: number } | { missing: "step", steps: number }} Place
 */

/**
 * @param {Timeline} line
 * @param {number} frame as it is numbered
 * @param {number} number of the step, from 1
 * @returns {Place}
 */
export function placeOf(line, frame, number) {
  const journeys = line.run?.journeys ?? [];
  const journey = journeys.find((each) => each.number === frame);
  if (journeys.length === 0) return { missing: "run" };
  if (journey === undefined) return { missing: "frame", first: journeys[0]?.number ?? 0, last: journeys.at(-1)?.number ?? 0 };
  const step = journey.steps.find((each) => each.number === number);
  return step === undefined ? { missing: "step", steps: journey.steps.length } : { instantMs: step.rest_ms };
}
