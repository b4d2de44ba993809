import { initialState, reduce, withConnection } from "../../static/js/core/store.js";
import { journey, run, snapshot } from "./samples.js";

/** @import { Assert } from "./runner.js" */
/** @import { Playhead } from "../../static/js/core/messages.js" */

/** @type {Playhead} */
const elsewhere = { run: 1, instant_ms: 900, at_ms: 5, rate: 2, playing: true, until_ms: 4000 };
const known = () => reduce(initialState(), snapshot());

/** @param {Assert} assert */
export function aSnapshotReplacesEverythingThatWasKnown(assert) {
  const state = reduce(known(), snapshot({ seq: 3, run: run({ number: 9, journeys: [] }) }));
  assert.equal(state.seq, 3);
  assert.equal(state.run?.number, 9);
  assert.equal(state.needsSnapshot, false);
}

/** @param {Assert} assert */
export function aDeltaBeforeTheFirstSnapshotIsNotApplied(assert) {
  const state = reduce(initialState(), { kind: "playhead_moved", seq: 1, playhead: elsewhere });
  assert.equal(state.playhead.instant_ms, 0);
  assert.ok(state.needsSnapshot);
}

/** @param {Assert} assert */
export function deltasInOrderAreApplied(assert) {
  const state = reduce(known(), { kind: "playhead_moved", seq: 8, playhead: elsewhere });
  assert.deepEqual(state.playhead, elsewhere);
  assert.equal(state.seq, 8);
}

/** @param {Assert} assert */
export function aGapInTheNumbersAsksForTheSnapshot(assert) {
  const state = reduce(known(), { kind: "playhead_moved", seq: 9, playhead: elsewhere });
  assert.ok(state.needsSnapshot);
  assert.equal(state.playhead.instant_ms, 0);
}

/** @param {Assert} assert */
export function afterAGapNothingIsAppliedUntilTheSnapshotComes(assert) {
  const gap = reduce(known(), { kind: "playhead_moved", seq: 9, playhead: elsewhere });
  const after = reduce(gap, { kind: "playhead_moved", seq: 8, playhead: elsewhere });
  assert.equal(after, gap);
  assert.equal(reduce(after, snapshot({ seq: 12 })).needsSnapshot, false);
}

/** @param {Assert} assert */
export function aDeltaThatTheSnapshotHeldAlreadyChangesNothing(assert) {
  const state = known();
  assert.equal(reduce(state, { kind: "frame_added", seq: 7, run: 1, journey: journey(3), playhead: elsewhere }), state);
}

/** @param {Assert} assert */
export function aFrameIsAddedToTheRunThatItBelongsTo(assert) {
  const before = known();
  const after = reduce(before, { kind: "frame_added", seq: 8, run: 1, journey: journey(3), playhead: elsewhere });
  assert.equal(after.run?.journeys.length, 3);
  assert.equal(before.run?.journeys.length, 2, "the state before is left as it was");
  assert.equal(after.run?.journeys[0], before.run?.journeys[0], "what was known stays the same object");
}

/** @param {Assert} assert */
export function aFrameOfAnotherRunIsCountedButNotShown(assert) {
  const state = reduce(known(), { kind: "frame_added", seq: 8, run: 4, journey: journey(1), playhead: elsewhere });
  assert.equal(state.run?.journeys.length, 2);
  assert.equal(state.seq, 8);
}

/** @param {Assert} assert */
export function aNewRunReplacesTheOneShown(assert) {
  const state = reduce(known(), { kind: "run_opened", seq: 8, run: run({ number: 2, journeys: [], ended: false }), playhead: elsewhere });
  assert.equal(state.run?.number, 2);
  assert.equal(state.run?.ended, false);
}

/** @param {Assert} assert */
export function aRunThatBrokeOffSaysWhere(assert) {
  const state = reduce(known(), { kind: "run_closed", seq: 8, run: 1, problem: "The server did not answer." });
  assert.equal(state.run?.problem, "The server did not answer.");
  assert.equal(state.run?.ended, true);
}

/** @param {Assert} assert */
export function theSameRefusalTwiceIsTwoNotices(assert) {
  const once = reduce(known(), { kind: "refused", sentence: "A run is on." });
  const twice = reduce(once, { kind: "refused", sentence: "A run is on." });
  assert.ok(once.notice?.number !== twice.notice?.number);
  assert.equal(twice.seq, 7, "a refusal has no number");
}

/** @param {Assert} assert */
export function aLostConnectionKeepsThePictureAndWaitsForTheSnapshot(assert) {
  const state = withConnection(known(), { phase: "lost", retryAtMs: 10, reason: "" });
  assert.equal(state.connected, false);
  assert.equal(state.run?.number, 1);
  assert.ok(state.needsSnapshot);
}

/** @param {Assert} assert */
export function aLabThatGoesDownIsANoticeToo(assert) {
  const lab = { state: "down", source: "lab", sentence: "The lab has stopped.", remedy: "", live: null };
  const state = reduce(known(), /** @type {any} */ ({ kind: "lab_moved", seq: 8, lab }));
  assert.equal(state.notice?.sentence, "The lab has stopped.");
  assert.equal(state.lab?.state, "down");
}
