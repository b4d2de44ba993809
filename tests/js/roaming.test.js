import { grown, roam } from "../../static/js/core/roaming.js";
import { initialState, reduce, seen, withRoam } from "../../static/js/core/store.js";
import { timeline } from "../../static/js/core/timeline.js";
import { roamed } from "./made.js";
import { journey, run, snapshot } from "./samples.js";

/** @import { Assert } from "./runner.js" */
/** @import { Playhead } from "../../static/js/core/messages.js" */

/** @type {Playhead} */
const resting = { run: 1, instant_ms: 400, at_ms: 0, rate: 1, playing: false, until_ms: 4000 };
const known = () => reduce(initialState(), snapshot({ run: run({ ended: false }) }));
const roamer = (/** @type {Partial<Playhead>} */ more = {}) => withRoam(known(), { ...resting, ...more });

/** @param {Assert} assert */
export function everyPressMovesTheRoamersPlayheadAsTheRoomMovesTheClasss(assert) {
  const { run: made, presses } = roamed();
  const line = timeline(made);
  assert.ok(presses.length > 500);
  let at = presses[0]?.before;
  for (const { wish, now_ms, before, after } of presses) {
    assert.deepEqual(at, before);
    at = roam(before, wish, line, now_ms);
    assert.deepEqual(at, after, `${JSON.stringify(wish)} at ${now_ms} of ${JSON.stringify(before)}`);
  }
}

/** @param {Assert} assert */
export function whereThereIsNothingToPlayOnlyTheRateCanChange(assert) {
  const nothing = timeline(run({ journeys: [] }));
  for (const kind of /** @type {const} */ (["play", "pause"])) assert.equal(roam(resting, { kind }, nothing, 9), resting);
  assert.equal(roam(resting, { kind: "set_rate", rate: 9 }, nothing, 9).rate, 4);
}

/** @param {Assert} assert */
export function aRoamerMovesNothingThatIsTheClasss(assert) {
  const line = timeline(run());
  for (const wish of /** @type {const} */ ([{ kind: "start", cold: false }])) assert.equal(roam(resting, wish, line, 9), resting);
}

/** @param {Assert} assert */
export function whoRoamsSeesTheOwnPlayheadWhileTheClasssMovesOn(assert) {
  const state = reduce(roamer(), { kind: "playhead_moved", seq: 8, playhead: { ...resting, instant_ms: 3000 } });
  assert.equal(seen(state).playhead.instant_ms, 400);
  assert.equal(seen(withRoam(state, null)).playhead.instant_ms, 3000, "and catches up with the class");
}

/** @param {Assert} assert */
export function whoRoamsKeepsTheRunThatTheClassHasLeftUntilCatchingUp(assert) {
  const next = run({ number: 2, journeys: [], ended: false });
  const state = reduce(roamer(), { kind: "run_opened", seq: 8, run: next, playhead: { ...resting, run: 2 } });
  assert.equal(seen(state).run?.number, 1);
  assert.equal(state.run?.number, 2);
  const later = withRoam(state, { ...resting, instant_ms: 1400 });
  assert.equal(seen(later).run?.number, 1, "also after the next press");
  assert.equal(seen(withRoam(later, null)).run?.number, 2);
}

/** @param {Assert} assert */
export function aRoamersRunGrowsWithTheClasss(assert) {
  const before = roamer();
  const state = reduce(before, { kind: "frame_added", seq: 8, run: 1, journey: journey(3), playhead: resting });
  assert.equal(seen(state).run?.journeys.length, 3);
  assert.equal(seen(reduce(state, snapshot({ run: run({ problem: "new" }) }))).run?.problem, "new");
}

/** @param {Assert} assert */
export function aRoamerWhoPlaysToTheEndGoesOnToTheNewEndFromThere(assert) {
  const before = roamer({ instant_ms: 0, playing: true });
  const added = reduce(before, { kind: "frame_added", seq: 8, run: 1, journey: journey(3), playhead: resting });
  const { roam: there } = grown(before, added, 9000);
  assert.deepEqual(there?.playhead, { ...resting, instant_ms: 4000, at_ms: 9000, playing: true, until_ms: 6000 });
}

/** @param {Assert} assert */
export function aRoamerWhoRestsOrGlidesStaysThereWhenTheRunGrows(assert) {
  for (const more of [{}, { playing: true, until_ms: 1400 }]) {
    const before = roamer(more);
    const added = reduce(before, { kind: "frame_added", seq: 8, run: 1, journey: journey(3), playhead: resting });
    assert.equal(grown(before, added, 9000), added);
  }
}
