import { noteKey, saved, textOf, written } from "../../static/js/core/notes.js";
import { timeline } from "../../static/js/core/timeline.js";
import { connection, recorded } from "./made.js";

/** @import { Assert } from "./runner.js" */

const KEPT = { kept: { a: "kept" }, drafts: {} };

/** @param {Assert} assert */
export function everyStepOfARunHasAKeyOfItsOwnThatTheTableCanHold(assert) {
  const line = timeline(recorded());
  const keys = line.steps.map((_, index) => noteKey(line, index));
  assert.equal(new Set(keys).size, line.steps.length);
  assert.ok(keys.every((key) => key.length <= 80));
  assert.equal(keys[0], "ARP request client 1, down network 1");
}

/** @param {Assert} assert */
export function aStepHasTheSameKeyInARunThatBeginsWithoutArp(assert) {
  const [cold, warm] = [timeline(recorded()), timeline(connection())];
  const ofWarm = warm.steps.map((_, index) => noteKey(warm, index));
  assert.deepEqual(ofWarm, cold.steps.map((_, index) => noteKey(cold, index)).slice(-ofWarm.length));
}

/** @param {Assert} assert */
export function aKeyHoldsNothingThatIsTranslated(assert) {
  const run = recorded();
  const german = { ...run, journeys: run.journeys.map((each) => ({
    ...each, name: "anders", title: "anders", arrow: "anders", steps: each.steps.map((step) => ({ ...step, title: "anders", sentence: "anders" })),
  })) };
  const [one, other] = [timeline(run), timeline(german)];
  assert.deepEqual(one.steps.map((_, index) => noteKey(one, index)), other.steps.map((_, index) => noteKey(other, index)));
}

/** @param {Assert} assert */
export function inACaptureFileAFrameIsKnownByItsConversationAndItsNumber(assert) {
  const line = timeline({ ...connection(), source: "file", replay: { recording: 7, conversation: 2 } });
  assert.equal(noteKey(line, 0), "file 7 2 frame 3, down application 1");
}

/** @param {Assert} assert */
export function whereThereIsNoStepThereIsNoKey(assert) {
  assert.equal(noteKey(timeline(null), -1), "");
}

/** @param {Assert} assert */
export function whatIsWrittenIsADraftUntilTheServerHasKeptIt(assert) {
  const draft = written(KEPT, "a", "new");
  assert.equal(textOf(draft, "a"), "new");
  assert.deepEqual(draft.drafts, { a: "new" });
  assert.deepEqual(saved(draft, "a", "new", { a: "new" }), { kept: { a: "new" }, drafts: {} });
}

/** @param {Assert} assert */
export function whatIsWrittenWhileItIsBeingSavedIsNotLost(assert) {
  const sent = written(KEPT, "a", "one");
  const more = written(sent, "a", "one and two");
  assert.equal(textOf(saved(more, "a", "one", { a: "one" }), "a"), "one and two");
}

/** @param {Assert} assert */
export function whatIsAsItWasBeforeNeedsNoSaving(assert) {
  assert.deepEqual(written(written(KEPT, "a", "other"), "a", "kept").drafts, {});
  assert.deepEqual(written(KEPT, "a", "").drafts, { a: "" });
}

/** @param {Assert} assert */
export function aKeyThatEveryObjectHasIsNoNote(assert) {
  assert.equal(textOf(KEPT, "constructor"), "");
}
