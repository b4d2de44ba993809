import { scene } from "../../static/js/core/scene.js";
import { timeline } from "../../static/js/core/timeline.js";
import { handshake } from "./frames.js";

/** @import { Assert } from "./runner.js" */
/** @import { LayerScene } from "../../static/js/core/host.js" */
/** @import { Side } from "../../static/js/core/messages.js" */

const line = timeline(handshake());

/**
 * @param {number} instantMs
 * @param {Side} side
 * @param {string} layer
 * @returns {LayerScene}
 */
function at(instantMs, side, layer) {
  return /** @type {LayerScene} */ (scene(line, instantMs).hosts[side].layers.find((each) => each.layer === layer));
}

/** @param {Assert} assert */
export function theSameInstantIsTheSameSceneHoweverItWasReached(assert) {
  const once = JSON.stringify(scene(line, 5321));
  for (const instant of [0, 21_000, 300, 9000]) scene(line, instant);
  assert.equal(JSON.stringify(scene(line, 5321)), once);
}

/** @param {Assert} assert */
export function noStepBeginsWithAJumpOfTheLayersThatAreOpen(assert) {
  for (let start = 1000; start < 22_000; start += 1000) {
    for (const side of /** @type {Side[]} */ (["client", "server"])) {
      const opens = (/** @type {number} */ instant) =>
        scene(line, instant).hosts[side].layers.map(({ open }) => Math.round(open));
      assert.deepEqual(opens(start), opens(start - 1), `at ${start} ms, ${side}`);
    }
  }
}

/** @param {Assert} assert */
export function aHeaderSlidesInInFrontOfWhatCameFromAbove(assert) {
  const pieces = (/** @type {number} */ instant) =>
    at(instant, "client", "network").pieces.map(({ label, entering }) => [label, entering]);
  assert.deepEqual(pieces(2000), [["IPv4", 0], ["TCP", 1]]);
  assert.deepEqual(pieces(2500), [["IPv4", 1], ["TCP", 1]]);
}

/** @param {Assert} assert */
export function onTheWayUpTheHeaderIsCheckedBeforeItLeaves(assert) {
  const checking = at(7300, "server", "link");
  assert.ok(checking.lines.some(({ shown }) => shown > 0));
  assert.ok(checking.pieces.every(({ leaving }) => leaving === 0));
  assert.deepEqual(at(7500, "server", "link").pieces.map(({ leaving }) => leaving), [1, 0, 0, 1]);
}

/** @param {Assert} assert */
export function layersPassedKeepATraceAndLayersAheadAreEmpty(assert) {
  assert.deepEqual([at(3900, "client", "network").role, at(3900, "client", "network").solid], ["passed", false]);
  assert.deepEqual([at(3900, "client", "physical").role, at(3900, "client", "physical").pieces.length], ["ahead", 0]);
}

/** @param {Assert} assert */
export function atRestEveryLineOfTheStepIsShown(assert) {
  assert.deepEqual(at(1500, "client", "transport").lines.map(({ shown }) => shown), [1, 1]);
}

/** @param {Assert} assert */
export function theStateChangesInTheStepThatChangesItAndIsMarkedInThatStepOnly(assert) {
  const server = (/** @type {number} */ instant) => scene(line, instant).hosts.server;
  assert.deepEqual([server(8999).state, server(8999).changed], ["LISTEN", false]);
  assert.deepEqual([server(9000).state, server(9000).changed, server(9000).pulse], ["SYN-RECEIVED", true, 1]);
  assert.deepEqual([server(10_000).state, server(10_000).changed], ["SYN-RECEIVED", false]);
}

/** @param {Assert} assert */
export function theBitUnderTheMarkerGoesFromTheFirstToTheLastWhileTheFrameCrosses(assert) {
  const wire = (/** @type {number} */ instant) => scene(line, instant).wire;
  assert.deepEqual([wire(5000)?.lead, wire(5000)?.bit], [1, 0]);
  assert.deepEqual([wire(5500)?.bit, wire(5500)?.tail], [688, 0]);
  assert.equal(Math.round(wire(5250)?.bit ?? 0), 344);
}

/** @param {Assert} assert */
export function theFirstBitsLeaveAtTheSendersPhysicalLayerAndTheLastArriveAtTheReceivers(assert) {
  assert.deepEqual([scene(line, 3999).wire?.lead, scene(line, 4500).wire?.lead], [0, 1]);
  assert.deepEqual([scene(line, 6000).wire?.tail, scene(line, 6500).wire?.tail], [0, 1]);
}

/** @param {Assert} assert */
export function arpConcernsNeitherTransportNorApplication(assert) {
  const run = handshake();
  const [first] = run.journeys;
  if (first === undefined) throw new Error("no journey");
  const steps = first.steps.filter(({ layer }) => layer !== "transport" && layer !== "application");
  const headers = first.headers.filter(({ layer }) => layer !== "transport");
  const { layers } = scene(timeline({ ...run, journeys: [{ ...first, steps, headers }] }), 0).hosts.server;
  assert.deepEqual(layers.map(({ role }) => role), ["aside", "aside", "ahead", "ahead", "ahead"]);
}

/** @param {Assert} assert */
export function beforeTheFirstRunThereIsNothingOnTheWireAndNoArrow(assert) {
  const empty = scene(timeline(handshake({ journeys: [] })), 0);
  assert.deepEqual([empty.index, empty.wire, empty.ladder.arrows, empty.hosts.client.blank], [-1, null, [], true]);
}

/** @param {Assert} assert */
export function aSimulatedRunSaysSoInTheScene(assert) {
  assert.ok(scene(timeline(handshake({ source: "simulated" })), 0).simulated);
  assert.ok(!scene(line, 0).simulated);
}
