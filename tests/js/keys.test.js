import { isTakenBy, rateBeside, wish } from "../../static/js/core/keys.js";
import { initialState, reduce } from "../../static/js/core/store.js";
import { timeline } from "../../static/js/core/timeline.js";
import { run, snapshot } from "./samples.js";

/** @import { Assert } from "./runner.js" */

const resting = { state: reduce(initialState(), snapshot()), timeline: timeline(run()), moving: false };
const moving = { ...resting, state: { ...resting.state, playhead: { ...resting.state.playhead, playing: true } }, moving: true };

/** @param {string} key @param {object} more */
const press = (key, more = {}) => ({ key, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...more });

/** @param {Assert} assert */
export function aRemotesPageKeysGoStepByStep(assert) {
  assert.deepEqual(wish(press("PageDown"), resting), { kind: "move_step", by: 1 });
  assert.deepEqual(wish(press("PageUp"), resting), { kind: "move_step", by: -1 });
}

/** @param {Assert} assert */
export function shiftAndAnArrowGoFrameByFrame(assert) {
  assert.deepEqual(wish(press("ArrowRight", { shiftKey: true }), resting), { kind: "move_frame", by: 1 });
  assert.deepEqual(wish(press("["), resting), { kind: "move_frame", by: -1 });
}

/** @param {Assert} assert */
export function spacePlaysWhatRestsAndPausesWhatMoves(assert) {
  assert.deepEqual(wish(press(" "), resting), { kind: "play" });
  assert.deepEqual(wish(press(" "), moving), { kind: "pause" });
}

/** @param {Assert} assert */
export function homeGoesToTheFirstStepsRestSoThatNextDoesNotSkipIt(assert) {
  assert.deepEqual(wish(press("Home"), resting), { kind: "seek", instant_ms: 400 });
  assert.deepEqual(wish(press("End"), resting), { kind: "seek", instant_ms: 4000 });
}

/** @param {Assert} assert */
export function theRateGoesByNotchesAndStopsAtBothEnds(assert) {
  assert.deepEqual([1, 0.25, 4, 3].map((rate) => rateBeside(rate, 1)), [2, 0.5, 4, 4]);
  assert.deepEqual([1, 0.25, 4].map((rate) => rateBeside(rate, -1)), [0.5, 0.25, 2]);
}

/** @param {Assert} assert */
export function aKeyWithControlAltOrMetaIsTheBrowsers(assert) {
  for (const modifier of ["ctrlKey", "altKey", "metaKey"]) {
    assert.equal(wish(press("ArrowRight", { [modifier]: true }), resting), null);
  }
  assert.equal(wish(press("x"), resting), null);
}

/** @param {Assert} assert */
export function aTextFieldKeepsEveryKey(assert) {
  for (const key of [" ", "ArrowRight", "f", "?"]) assert.ok(isTakenBy("text", key));
}

/** @param {Assert} assert */
export function aFocusedButtonKeepsSpaceAndNothingElse(assert) {
  assert.ok(isTakenBy("button", " "));
  assert.ok(!isTakenBy("button", "ArrowRight"));
}

/** @param {Assert} assert */
export function aFocusedTableScrollsByArrowsAndLeavesTheRemotesKeys(assert) {
  assert.ok(isTakenBy("scroller", "ArrowDown"));
  assert.ok(!isTakenBy("scroller", "PageDown"));
}
