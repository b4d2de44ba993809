import { indexAt, restAt, stopAt, timeline, untilNextStep } from "../../static/js/core/timeline.js";
import { run } from "./samples.js";

/** @import { Assert } from "./runner.js" */

/** @param {Assert} assert */
export function theStepsOfAllFramesStandInOneRow(assert) {
  const line = timeline(run());
  assert.deepEqual(line.steps.map(({ index, journey, step, first }) => [index, journey.number, step.number, first]),
    [[0, 1, 1, true], [1, 1, 2, false], [2, 2, 1, true], [3, 2, 2, false]]);
  assert.equal(line.endMs, 4000);
}

/** @param {Assert} assert */
export function theSameRunGivesTheSameTimeline(assert) {
  const one = run();
  assert.equal(timeline(one), timeline(one));
  assert.ok(timeline(one) !== timeline(run()));
}

/** @param {Assert} assert */
export function aStepIsShownFromItsStartUntilTheNextOnes(assert) {
  const line = timeline(run());
  assert.deepEqual([0, 999, 1000, 1999.9, 2000, 3999, 4000, 99_999].map((instant) => indexAt(line, instant)), [0, 0, 1, 1, 2, 3, 3, 3]);
}

/** @param {Assert} assert */
export function anEmptyStoryShowsNoStep(assert) {
  const line = timeline(run({ journeys: [] }));
  assert.equal(indexAt(line, 0), -1);
  assert.equal(stopAt(line, 0), null);
  assert.equal(line.endMs, 0);
  assert.equal(stopAt(timeline(null), 0), null);
}

/** @param {Assert} assert */
export function withReducedMotionAnInstantBecomesItsStepsRest(assert) {
  const line = timeline(run());
  assert.deepEqual([0, 1999, 2000].map((instant) => restAt(line, instant)), [400, 1400, 2400]);
  assert.equal(restAt(timeline(null), 12), 12);
}

/** @param {Assert} assert */
export function thePictureThatStandsStillWaitsForTheNextStepOrTheEnd(assert) {
  const line = timeline(run());
  const playhead = { run: 1, instant_ms: 0, at_ms: 0, playing: true, rate: 2, until_ms: 3500 };
  assert.deepEqual([0, 999, 1000, 3000, 3400, 3600].map((instant) => untilNextStep(line, playhead, instant)),
    [500, 0.5, 500, 250, 50, 0]);
  assert.equal(untilNextStep(timeline(null), playhead, 3000), 250);
}
