import { initialState, reduce, withConnection } from "../../static/js/core/store.js";
import { stopAt, timeline } from "../../static/js/core/timeline.js";
import { badge, connectionText, storyText, title, whyNoStart, whySimulated, wireText } from "../../static/js/core/words.js";
import { run, snapshot } from "./samples.js";

/** @import { Assert } from "./runner.js" */
/** @import { LabStatus, Snapshot } from "../../static/js/core/messages.js" */

/** @param {Partial<Snapshot>} more */
const stateWith = (more) =>
  withConnection(reduce(initialState(), snapshot(more)), { phase: "open", retryAtMs: 0, reason: "" });

/** @type {LabStatus} */
const powerless = { state: "ready", source: "simulated", sentence: "The kernel forbids it.", remedy: "Ask an administrator." };

/** @param {Assert} assert */
export function theTitleSaysWhichFrameOfHowManyAndWhatItIs(assert) {
  const line = timeline(run());
  assert.deepEqual(title(line, stopAt(line, 2500)), { place: "Frame 2 of 2", name: "SYN", clause: "the client asks for a connection" });
}

/** @param {Assert} assert */
export function beforeTheFirstRunTheTitleNamesTheSubject(assert) {
  assert.equal(title(timeline(null), null).name, "TCP three-way handshake");
}

/** @param {Assert} assert */
export function aSimulatedRunIsMarkedEvenWhenTheLabIsBack(assert) {
  const state = stateWith({ run: run({ source: "simulated" }) });
  assert.equal(badge(state).words, "SIMULATED");
  assert.ok(whySimulated(state).includes("the next one comes from the lab"));
}

/** @param {Assert} assert */
export function withoutALabThePageSaysWhyAndWhatWouldHelp(assert) {
  const state = stateWith({ lab: powerless, run: run({ number: 0, journeys: [], source: "lab" }) });
  assert.equal(badge(state).tone, "simulated");
  assert.equal(whySimulated(state), "The kernel forbids it. Ask an administrator.");
}

/** @param {Assert} assert */
export function aRealRunIsNotCalledSimulated(assert) {
  assert.equal(badge(stateWith({})).words, "Live lab · real packets");
  assert.equal(whySimulated(stateWith({})), "");
}

/** @param {Assert} assert */
export function aLabThatIsDownIsSaidSo(assert) {
  const lab = /** @type {LabStatus} */ ({ state: "down", source: "lab", sentence: "The lab ended.", remedy: "" });
  assert.equal(badge(stateWith({ lab })).words, "Lab is down, restarting");
}

/** @param {Assert} assert */
export function startIsFreeOnlyWhereARunCanBegin(assert) {
  assert.equal(whyNoStart(stateWith({})), "");
  assert.equal(whyNoStart(stateWith({ run: run({ ended: false }) })), "A run is on");
  assert.ok(whyNoStart(reduce(initialState(), snapshot())).startsWith("No connection"));
}

/** @param {Assert} assert */
export function aLostConnectionCountsDown(assert) {
  const lost = withConnection(stateWith({}), { phase: "lost", retryAtMs: 5000, reason: "" });
  assert.equal(connectionText(lost, 2200), "Connection lost. Trying again in 3 s.");
  assert.equal(connectionText(lost, 5000), "Connection lost. Trying again now.");
  assert.equal(connectionText(stateWith({}), 0), "");
}

/** @param {Assert} assert */
export function aServersReasonIsPassedOn(assert) {
  const lost = withConnection(stateWith({}), { phase: "lost", retryAtMs: 5000, reason: "Too many messages in a short time." });
  assert.equal(connectionText(lost, 1000), "Too many messages in a short time. Trying again in 4 s.");
}

/** @param {Assert} assert */
export function theStoryClockCountsMinutesAndSeconds(assert) {
  assert.deepEqual([0, 999, 14_200, 200_000, -5].map(storyText), ["0:00", "0:00", "0:14", "3:20", "0:00"]);
}

/** @param {Assert} assert */
export function theWireClockCountsMicroseconds(assert) {
  assert.deepEqual([0, 342.567, 1046.56, 1234567.8].map(wireText), ["0.0 µs", "342.6 µs", "1,046.6 µs", "1,234,567.8 µs"]);
}
