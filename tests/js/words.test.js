import { initialState, reduce, withConnection } from "../../static/js/core/store.js";
import { stopAt, timeline } from "../../static/js/core/timeline.js";
import { CloseCode } from "../../static/js/core/messages.js";
import {
  CLOSINGS, absenceText, badge, beginText, closingText, connectionText, findingName, isStartedHere, ladderTexts, sharkText, sizeText, storyText,
  sumText, title, whyNoStart, whySimulated, wireText,
} from "../../static/js/core/words.js";
import { journey, run, snapshot } from "./samples.js";

/** @import { Assert } from "./runner.js" */
/** @import { LayerScene } from "../../static/js/core/host.js" */
/** @import { LabStatus, Layer, Snapshot } from "../../static/js/core/messages.js" */

/** @param {Partial<Snapshot>} more */
const stateWith = (more) =>
  withConnection(reduce(initialState(), snapshot(more)), { phase: "open", retryAtMs: 0, reason: "" });

/** @type {LabStatus} */
const powerless = { state: "ready", source: "simulated", sentence: "The kernel forbids it.", remedy: "Ask an administrator.", live: null };

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
  const lab = /** @type {LabStatus} */ ({ state: "down", source: "lab", sentence: "The lab ended.", remedy: "", live: null });
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

/** @param {Assert} assert */
export function aCaptureFilesFramesKeepTheirNumbersAndTheirPlaceIsSaidBeside(assert) {
  const line = timeline(run({ journeys: [journey(17, 2, 0), journey(23, 2, 2000)] }));
  assert.equal(title(line, stopAt(line, 2500)).place, "Frame 23, 2 of 2");
}

/** @param {Assert} assert */
export function whereTheFramesComeFromIsSaidOfEverySource(assert) {
  const said = (/** @type {LabStatus["source"]} */ source, /** @type {LabStatus["state"]} */ state) => {
    const now = stateWith({ lab: { state, source, sentence: "", remedy: "", live: null }, run: run({ source }) });
    return [badge(now).words, isStartedHere(now), beginText(now)];
  };
  assert.deepEqual(said("file", "recorded"), ["From a capture file", false, "No frames"]);
  assert.deepEqual(said("live", "recorded"), ["Recorded · real packets", false, "No frames"]);
  assert.deepEqual(said("lab", "recorded")[1], false);
  assert.deepEqual(said("simulated", "ready"), ["SIMULATED", true, "Press Start handshake"]);
}

/** @param {Assert} assert */
export function aVisitorsRunOnTheLiveStageIsSaidToBeOneWhateverTheLabIs(assert) {
  for (const source of /** @type {const} */ (["lab", "simulated"])) {
    const lab = stateWith({}).lab;
    const state = stateWith({ lab: lab && { ...lab, source }, run: run({ source: "live" }) });
    assert.equal(badge(state).words, "A visitor · real packets");
    assert.equal(isStartedHere(state), true);
  }
}

/** @param {Assert} assert */
export function aLongRunsTimesAreInALargerUnitThroughout(assert) {
  assert.deepEqual([wireText(5123.4), wireText(5123.4, 2e6), wireText(5123.4, 4e7)], ["5,123.4 µs", "5.123 ms", "0.005123 s"]);
}

/** @param {Assert} assert */
export function aFindingHasTheWordsOfWiresharksList(assert) {
  assert.deepEqual(["retransmission", "out_of_order", "something_new"].map(findingName), ["TCP Retransmission", "TCP Out-Of-Order", "something_new"]);
  assert.equal(sharkText("out_of_order"), "Wireshark: TCP Out-Of-Order");
}

/** @param {Assert} assert */
export function whatTheCaptureLeftOutCountsInTheSizesPreambleAndCheckSequenceDoNot(assert) {
  const piece = (/** @type {Layer} */ layer, /** @type {string} */ label, /** @type {number} */ octets, computed = false) => (
    { key: label, part: label, layer, label, nth: 0, octets, computed, entering: 1, leaving: 0 });
  const pieces = [piece("network", "IPv4", 20), piece("transport", "TCP", 20), piece("application", "not captured", 1446, true)];
  const layer = { layer: "network", role: "active", half: "down", pieces };
  const scene = /** @type {LayerScene} */ (/** @type {unknown} */ (layer));
  assert.equal(sizeText(scene), "1486-byte packet");
  assert.equal(sumText(scene), "20 + 20 + 1446 = 1486 bytes");
  const framed = { ...scene, layer: "link", pieces: [piece("link", "Ethernet", 14), ...pieces, piece("link", "FCS", 4, true)] };
  assert.equal(sumText(/** @type {LayerScene} */ (framed)), "14 + 20 + 20 + 1446 = 1500 bytes (+ 4 FCS)");
}

/** @param {Assert} assert */
export function aLadderHasOneUnitForAllItsTimes(assert) {
  assert.deepEqual(ladderTexts(349.4, 9999), ["349 µs", "349 µs"]);
  assert.deepEqual([0, 7396, 20_048].map((time) => ladderTexts(time, 20_048)[1]), ["0.00 ms", "7.40 ms", "20.05 ms"]);
  assert.deepEqual([0, 349.4, 186_797].map((time) => ladderTexts(time, 186_797)), [["0.000 ms", "0.0 ms"], ["0.349 ms", "0.3 ms"], ["186.797 ms", "186.8 ms"]]);
  assert.deepEqual([7396, 1_010_647].map((time) => ladderTexts(time, 2e6)), [["0.007 s", "0.01 s"], ["1.011 s", "1.01 s"]]);
}

/** @param {Assert} assert */
export function everyCloseCodeOfTheServerHasASentenceOfOurs(assert) {
  assert.deepEqual(Object.keys(CLOSINGS).sort(), Object.values(CloseCode).map(String).sort());
}

/** @param {Assert} assert */
export function aClosingIsSaidInTheReadersWordsAndAFinalOneIsNotTriedAgain(assert) {
  const reason = "There is no open class of this code.";
  const gone = withConnection(stateWith({}), { phase: "ended", retryAtMs: 0, reason, code: 4404 });
  assert.equal(connectionText(gone, 0), "There is no such class.");
  assert.equal(closingText(gone.connection, true), "There is no such recording, or its file can't be read any more.");
  const crowded = withConnection(stateWith({}), { phase: "lost", retryAtMs: 4000, reason, code: 4429 });
  assert.equal(connectionText(crowded, 0), "Too many requests came from here. Trying again in 4 s.");
}

/** @param {Assert} assert */
export function toBeOfflineIsSaidFirst(assert) {
  const offline = withConnection(stateWith({}), { phase: "lost", retryAtMs: 1000, reason: "", code: 1006, offline: true });
  assert.equal(connectionText(offline, 0), "You are offline. Trying again in 1 s.");
}

/** @param {Assert} assert */
export function whyTheClassDoesNotGoOnIsSaidOnlyToThoseWhoAreConnected(assert) {
  const here = { ...stateWith({}), leader: "one", presenterOnline: true };
  assert.equal(absenceText(here), "");
  assert.equal(absenceText({ ...here, presenterOnline: false }), "The presenter is offline.");
  assert.equal(absenceText({ ...here, presenterOnline: false, leader: "" }), "The presenter is not here yet.");
  assert.equal(absenceText({ ...here, presenterOnline: false, interrupted: "The capture worker is gone." }), "The capture worker is gone.");
  assert.equal(absenceText({ ...here, presenterOnline: false, connected: false }), "");
}
