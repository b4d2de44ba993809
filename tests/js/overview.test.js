import { overview, placeOf } from "../../static/js/core/overview.js";
import { EMPTY, timeline } from "../../static/js/core/timeline.js";
import { recorded } from "./made.js";

/** @import { Assert } from "./runner.js" */

const line = timeline(recorded());

/** @param {Assert} assert */
export function everyFrameIsARowAndEveryStepIsListedOnceInItsOrder(assert) {
  const rows = overview(line);
  assert.deepEqual(rows.map(({ journey }) => journey.number), recorded().journeys.map(({ number }) => number));
  const listed = rows.flatMap(({ groups }) => groups.flatMap(({ steps }) => steps));
  assert.deepEqual(listed.map(({ index }) => index), line.steps.map(({ index }) => index));
  assert.deepEqual(listed.map(({ instantMs }) => instantMs), line.steps.map(({ step }) => step.rest_ms));
}

/** @param {Assert} assert */
export function neighboursOnOneLayerShareAGroupAndNoGroupHasTwoLayers(assert) {
  for (const { groups } of overview(line)) {
    for (const { layer, steps } of groups) assert.ok(steps.length > 0 && steps.every((each) => each.layer === layer));
    groups.slice(1).forEach(({ layer }, index) => assert.ok(layer !== groups[index]?.layer));
  }
}

/** @param {Assert} assert */
export function aRunWithoutFramesListsNothing(assert) {
  assert.deepEqual(overview(EMPTY), []);
}

/** @param {Assert} assert */
export function aPlaceIsTheInstantAtWhichItsStepRests(assert) {
  const journey = recorded().journeys[2];
  assert.deepEqual(placeOf(line, 3, 2), { instantMs: journey?.steps[1]?.rest_ms ?? -1 });
}

/** @param {Assert} assert */
export function whereThereIsNoSuchPlaceItSaysWhatThereIs(assert) {
  const { journeys } = recorded();
  assert.deepEqual(placeOf(line, 99, 1), { missing: "frame", first: 1, last: journeys.length });
  assert.deepEqual(placeOf(line, 1, 99), { missing: "step", steps: journeys[0]?.steps.length ?? -1 });
  assert.deepEqual(placeOf(line, 1, 0), { missing: "step", steps: journeys[0]?.steps.length ?? -1 });
  assert.deepEqual(placeOf(EMPTY, 1, 1), { missing: "run" });
}
