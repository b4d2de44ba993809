import { countTexts, inOrder, nameOf, roundTripText, standText, unlisted } from "../../static/js/core/people.js";
import { initialState } from "../../static/js/core/store.js";
import { instantAt } from "../../static/js/core/motion.js";
import { nextStop, stopAt, timeline } from "../../static/js/core/timeline.js";
import { badge, isLed, nextWords, whyNoStart } from "../../static/js/core/words.js";
import { roamed } from "./made.js";
import { journey, run, snapshot } from "./samples.js";

/** @import { Assert } from "./runner.js" */
/** @import { Attendance, Person } from "../../static/js/core/messages.js" */

/** @type {Person} */
const somebody = { number: 12, name: "", mode: "follow", frame: 0, step: 0, round_trip_ms: null };
/** @type {Attendance} */
const nobody = { kind: "attendance", following: 0, roaming: 0, projectors: 0, presenters: 1, people: [] };

/** @param {Assert} assert */
export function whoRoamsComesFirstThenByNameAndTheNamelessLast(assert) {
  /** @type {Person[]} */
  const people = [somebody, { ...somebody, number: 3 }, { ...somebody, name: "Zoe" }, { ...somebody, name: "Ali" }, { ...somebody, name: "Yves", mode: "roam" }];
  assert.deepEqual(inOrder(people).map(nameOf), ["Yves", "Ali", "Zoe", "Student 3", "Student 12"]);
}

/** @param {Assert} assert */
export function aRoamerIsSaidToBeWhereItIs(assert) {
  assert.equal(standText(somebody), "follows");
  assert.equal(standText({ ...somebody, mode: "roam" }), "looks around");
  assert.equal(standText({ ...somebody, mode: "roam", frame: 3, step: 4 }), "looks around: frame 3, step 4");
}

/** @param {Assert} assert */
export function aRoundTripThatNobodyMeasuredIsNotSaid(assert) {
  assert.deepEqual([null, undefined, 0.4, 12.4].map(roundTripText), ["", "", "under 1 ms", "12 ms"]);
}

/** @param {Assert} assert */
export function theCountsAreInOneWordEachAndSayHowManyAreNotListed(assert) {
  assert.deepEqual(countTexts({ ...nobody, following: 1, roaming: 2 }), ["1 follows", "2 look around", "no projector", "1 presenter's window"]);
  assert.equal(unlisted({ ...nobody, following: 400, people: [somebody] }), 399);
}

/** @param {Assert} assert */
export function theNextStepIsTheOneToWhichTheRoomGoes(assert) {
  const { run: made, presses } = roamed();
  const line = timeline(made);
  const steps = presses.filter(({ wish }) => wish.kind === "move_step" && wish.by === 1);
  assert.ok(steps.length > 50);
  for (const { now_ms, before, after } of steps) {
    const next = nextStop(line, before, instantAt(before, now_ms));
    if (next === null) assert.deepEqual(after, before);
    else assert.equal(next.step.rest_ms, after.until_ms, JSON.stringify(before));
  }
}

/** @param {Assert} assert */
export function theNextStepNamesItsFrameWhereThatBegins(assert) {
  const state = { ...initialState(), run: run({ journeys: [journey(1), journey(2)] }) };
  const line = timeline(state.run);
  const at = (/** @type {number} */ instantMs) => nextWords(state, stopAt(line, instantMs), nextStop(line, { ...state.playhead, instant_ms: instantMs }, instantMs));
  assert.deepEqual(at(400), { isNext: true, frame: "", step: "step 2" });
  assert.deepEqual(at(1400), { isNext: true, frame: "Frame 2: SYN", step: "step 1" });
  assert.deepEqual(at(3400), { isNext: false, frame: "", step: "This is the last step." });
}

/** @param {Assert} assert */
export function beforeTheRunHasEndedTheLastStepIsNotSaidToBeTheLast(assert) {
  const state = { ...initialState(), run: run({ ended: false }) };
  assert.equal(nextWords(state, null, null).step, "More frames are on their way.");
  assert.equal(nextWords({ ...state, run: null }, null, null).step, "There are no steps yet.");
}

/** @param {Assert} assert */
export function beforeTheFirstRunPageDownStartsOne(assert) {
  const state = { ...initialState(), run: run({ journeys: [] }), lab: snapshot().lab, connected: true };
  assert.deepEqual(nextWords(state, null, null), { isNext: true, frame: "", step: "Start handshake" });
  assert.equal(nextWords({ ...state, connected: false }, null, null).isNext, false);
}

/** @param {Assert} assert */
export function aWindowIsLedOnlyByAnotherThatIsHere(assert) {
  const state = { ...initialState("mine"), leader: "other", attendance: { ...nobody, presenters: 2 } };
  assert.equal(isLed(state), true);
  assert.equal(isLed({ ...state, leader: "mine" }), false);
  assert.equal(isLed({ ...state, leader: "" }), false);
  assert.equal(isLed({ ...state, attendance: nobody }), false);
  assert.equal(isLed({ ...state, attendance: null }), false);
}

/** @param {Assert} assert */
export function whoIsLedCannotStart(assert) {
  const { lab } = snapshot();
  const state = { ...initialState("mine"), connected: true, lab, run: run(), leader: "other", attendance: { ...nobody, presenters: 2 } };
  assert.equal(whyNoStart(state), "Another window leads");
  assert.equal(whyNoStart({ ...state, leader: "mine" }), "");
}

/** @param {Assert} assert */
export function whatIsShownAgainIsNotCalledLive(assert) {
  const { lab } = snapshot();
  const shown = (/** @type {"lab" | "file" | "simulated"} */ source) =>
    badge({ ...initialState(), lab, run: run({ source, replay: { recording: 7, conversation: null } }) }).words;
  assert.equal(shown("lab"), "Recorded · real packets");
  assert.equal(shown("file"), "From a capture file");
  assert.equal(shown("simulated"), "SIMULATED");
}
