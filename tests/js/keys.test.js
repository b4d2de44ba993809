import { isTakenBy, rateBeside, start, wish } from "../../static/js/core/keys.js";
import { PLAIN } from "../../static/js/core/order.js";
import { initialState, reduce } from "../../static/js/core/store.js";
import { timeline } from "../../static/js/core/timeline.js";
import { journey, run, snapshot, step } from "./samples.js";

/** @import { Layer } from "../../static/js/core/messages.js" */
/** @import { Assert } from "./runner.js" */

const resting = { state: reduce(initialState(), snapshot()), timeline: timeline(run()), moving: false, instantMs: 0 };
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
  for (const key of ["PageDown", "PageUp"]) assert.ok(!isTakenBy("text", key));
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

const fresh = { ...resting, state: { ...resting.state, connected: true, run: run({ journeys: [] }) }, timeline: timeline(null) };
const unread = { ...fresh, timeline: timeline(null), state: { ...fresh.state, lab: { ...snapshot().lab, state: /** @type {const} */ ("recorded") } } };

/** @param {Assert} assert */
export function whatARemoteSendsForNextStartsTheFirstRunOfAll(assert) {
  for (const key of ["PageDown", "ArrowRight", "n"]) assert.deepEqual(wish(press(key), fresh), { kind: "start", cold: false });
  assert.deepEqual(wish(press("PageUp"), fresh), { kind: "move_step", by: -1 });
}

/** @param {Assert} assert */
export function nextStartsNothingInARecordingNorWhileARunIsOnNorOffline(assert) {
  const begun = { ...fresh, state: { ...fresh.state, run: run({ journeys: [], ended: false }) } };
  const offline = { ...fresh, state: { ...fresh.state, connected: false } };
  for (const now of [unread, begun, offline, resting]) {
    assert.deepEqual(wish(press("PageDown"), now), { kind: "move_step", by: 1 });
  }
}

/** @param {Assert} assert */
export function nAndPGoStepByStepWithAndWithoutCapitals(assert) {
  for (const key of ["n", "N"]) assert.deepEqual(wish(press(key), resting), { kind: "move_step", by: 1 });
  for (const key of ["p", "P"]) assert.deepEqual(wish(press(key), resting), { kind: "move_step", by: -1 });
}

/** @param {Assert} assert */
export function aRemotesBeginKeyFillsTheScreenAndEscapeIsLeftToTheBrowser(assert) {
  assert.deepEqual(wish(press("F5"), resting), { kind: "enter_fullscreen" });
  assert.deepEqual(wish(press("F5", { shiftKey: true }), resting), { kind: "enter_fullscreen" });
  assert.equal(wish(press("Escape"), resting), null);
  assert.equal(wish(press("F5", { ctrlKey: true }), resting), null, "a reload is the browser's");
}

/** @param {Assert} assert */
export function bothBlankKeysBlankAndShowAgainWhereTheServerKnowsCovers(assert) {
  for (const key of ["b", "B", "."]) {
    const covered = (/** @type {"none" | "blank" | "invitation" | null} */ cover) => wish(press(key), { ...resting, state: { ...resting.state, cover } });
    assert.deepEqual(covered("none"), { kind: "show_cover", cover: "blank" });
    assert.deepEqual(covered("blank"), { kind: "show_cover", cover: "none" });
    assert.deepEqual(covered("invitation"), { kind: "show_cover", cover: "none" });
    assert.equal(covered(null), null);
  }
}

/** @param {Assert} assert */
export function oneLetterOpensEachOfThePagesOwnThings(assert) {
  const kinds = ["f", "s", "o", "g", "?"].map((key) => wish(press(key), resting)?.kind);
  assert.deepEqual(kinds, ["fullscreen", "notes", "overview", "goto", "help"]);
}

/** @param {Layer[]} layers @param {number} number */
const layered = (number, ...layers) => journey(number, 0, 0, {
  steps: layers.map((layer, index) => ({ ...step(index + 1, (number - 1) * 10000 + index * 1000), layer })),
});
const stacked = timeline(run({ journeys: [layered(1, "transport", "physical", "physical", "transport"), layered(2, "link", "application")] }));

/** @param {Assert} assert */
export function aDigitGoesToTheNextStopOnThatLayerInThisFrame(assert) {
  const at = (/** @type {string} */ key, /** @type {number} */ instantMs) => wish(press(key), { ...resting, timeline: stacked, instantMs });
  assert.deepEqual(at("1", 400), { kind: "seek", instant_ms: 1400 });
  assert.deepEqual(at("1", 1400), { kind: "seek", instant_ms: 2400 });
  assert.deepEqual(at("4", 1400), { kind: "seek", instant_ms: 3400 });
}

/** @param {Assert} assert */
export function pastTheLastStopOnALayerADigitGoesToTheFramesFirst(assert) {
  assert.deepEqual(wish(press("4"), { ...resting, timeline: stacked, instantMs: 3400 }), { kind: "seek", instant_ms: 400 });
}

/** @param {Assert} assert */
export function whereTheFrameHasNoStopOnALayerADigitGoesToALaterFramesOrNowhere(assert) {
  const at = (/** @type {string} */ key, /** @type {number} */ instantMs) => wish(press(key), { ...resting, timeline: stacked, instantMs });
  assert.deepEqual(at("5", 400), { kind: "seek", instant_ms: 11400 });
  assert.equal(at("3", 400), null);
  assert.equal(at("4", 10400), null, "not back into an earlier frame");
  assert.equal(at("6", 400), null);
}

/** @param {Assert} assert */
export function aRemotesKeysChangeNoListThatHasTheFocus(assert) {
  for (const key of ["PageDown", "PageUp", "F5"]) assert.ok(!isTakenBy("choice", key));
  for (const key of ["ArrowDown", "ArrowRight", "n", "1", " ", "Home"]) assert.ok(isTakenBy("choice", key));
}

/** @param {Assert} assert */
export function aRemoteStartsWhatTheDeskHasChosen(assert) {
  const order = { ...PLAIN, scene: "refused", cold: true };
  const empty = { ...resting.state, run: { ...run(), journeys: [] }, connected: true, chosen: { order, scene: "Refused", words: "" } };
  const now = { ...resting, state: empty, timeline: timeline({ ...run(), journeys: [] }) };
  assert.deepEqual(wish(press("PageDown"), now), { kind: "start", ...order, cold: false });
  assert.deepEqual(start(empty, true), { kind: "start", ...order });
}

/** @param {Assert} assert */
export function lLetsGoWhatIsHeldAndNothingElse(assert) {
  const held = [{ number: 1, sender: /** @type {const} */ ("client"), frame: /** @type {const} */ ("SYN"), nth: 1, since_ns: 0, octets: "" }];
  assert.equal(wish(press("l"), resting), null);
  assert.deepEqual(wish(press("l"), { ...resting, state: { ...resting.state, run: { ...run(), held } } }), { kind: "let_go", held: 0 });
}
