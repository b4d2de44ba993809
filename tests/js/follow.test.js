import { LONGEST_NAME, modeText, standOf, tidied, whereText } from "../../static/js/elements/lv-follow.js";
import { initialState, withConnection, withRoam } from "../../static/js/core/store.js";
import { timeline } from "../../static/js/core/timeline.js";

/** @import { Assert } from "./runner.js" */

const journey = /** @type {any} */ ({ number: 5, steps: [{ number: 1, start_ms: 0, rest_ms: 10, end_ms: 20 }, { number: 2, start_ms: 20, rest_ms: 30, end_ms: 40 }] });
const run = /** @type {any} */ ({ number: 3, journeys: [journey], ended: true });

/**
 * @param {object} more
 * @returns {any}
 */
function viewWith(more) {
  return { state: { ...initialState(), run }, timeline: timeline(run), instantMs: 25, theClass: null, ...more };
}

/** @returns {import("../../static/js/core/store.js").State} */
function roaming() {
  const state = { ...initialState(), run };
  return withRoam(state, state.playhead);
}

/** @param {Assert} assert */
export function aFollowerStandsNowhereOfItsOwn(assert) {
  assert.deepEqual(standOf(viewWith({}), "Ada"), { kind: "stand", mode: "follow", name: "Ada", frame: 0, step: 0 });
}

/** @param {Assert} assert */
export function whoLooksAroundStandsAtAFrameAndAStep(assert) {
  const { frame, step, mode } = standOf(viewWith({ state: roaming() }), "");
  assert.deepEqual([mode, frame, step], ["roam", 5, 2]);
}

/** @param {Assert} assert */
export function theBarSaysWhereTheClassIsAndWhenItHasAnotherRun(assert) {
  const stop = /** @type {any} */ ({ journey, step: journey.steps[0] });
  const here = viewWith({ state: roaming(), theClass: { stop, hasOtherRun: false } });
  assert.equal(modeText(here), "You are looking around.");
  assert.equal(whereText(here), "The class is at frame 5, step 1.");
  const away = viewWith({ state: roaming(), theClass: { stop: null, hasOtherRun: true } });
  assert.equal(modeText(away), "The class has begun another run.");
  assert.equal(whereText(away), "The class has no frame yet.");
  assert.equal(whereText(viewWith({})), "");
}

/** @param {Assert} assert */
export function aClassThatIsOverIsSaidInTheBar(assert) {
  const state = withConnection({ ...initialState(), run }, { phase: "ended", retryAtMs: 0, reason: "", code: 4410 });
  assert.equal(modeText(viewWith({ state })), "This class is over.");
}

/** @param {Assert} assert */
export function aNameKeepsAsManySignsAsTheServerTakes(assert) {
  assert.equal(tidied("  Ada "), "Ada");
  assert.equal([...tidied("ü".repeat(50))].length, LONGEST_NAME);
}
