import { signal, wayOf } from "../../static/js/core/bits.js";
import { scene } from "../../static/js/core/scene.js";
import { timeline } from "../../static/js/core/timeline.js";
import { bandText, digitsOf, hexOf, layoutWave, leadingEdge, markerWords, pipe, rows, sideWords, wireName } from "../../static/js/core/wave.js";
import { handshake } from "./frames.js";
import { frame } from "./made.js";

/** @import { Assert } from "./runner.js" */
/** @import { WireScene } from "../../static/js/core/scene.js" */
/** @import { Wave } from "../../static/js/core/wave.js" */

const line = timeline(handshake());

/**
 * @param {number} instantMs
 * @returns {WireScene}
 */
function wireAt(instantMs) {
  return /** @type {WireScene} */ (scene(line, instantMs).wire);
}

/**
 * @param {number} instantMs
 * @param {number} widthPx
 * @returns {Wave}
 */
function waveAt(instantMs, widthPx = 1800) {
  return layoutWave(wireAt(instantMs), pipe(widthPx, 24), rows(200, 24, 0));
}

/** @param {Assert} assert */
export function theClientsFrameMovesToTheRightAndTheServersToTheLeft(assert) {
  assert.ok(waveAt(5300).frontX >= waveAt(5100).frontX && waveAt(4300).frontX > waveAt(4250).frontX);
  assert.ok(waveAt(15_300).frontX < waveAt(15_250).frontX);
}

/** @param {Assert} assert */
export function theBitUnderTheMarkerIsTheSameOnEveryWidth(assert) {
  assert.equal(waveAt(5250, 400).marked, waveAt(5250, 3600).marked);
}

/** @param {Assert} assert */
export function onlyBitsInSightAreDrawn(assert) {
  const wave = waveAt(5250);
  const { digits, xs } = digitsOf(wave, signal(wave.journey));
  assert.ok(digits.length > 60 && digits.length <= 96, String(digits.length));
  assert.equal(xs.split(" ").length, digits.length);
  for (const x of xs.split(" ").map(Number)) assert.ok(wave.originX + x > wave.left && wave.originX + x < wave.right);
}

/** @param {Assert} assert */
export function atTheSendersPlugNothingIsOutYetAndAtTheReceiversAllIsIn(assert) {
  assert.equal(waveAt(4000).bands.length, 0);
  assert.equal(waveAt(6500).bands.length, 0);
}

/** @param {Assert} assert */
export function theMarkerNamesHeaderFieldBitAndItsEdge(assert) {
  const wire = { ...wireAt(5250), bit: (8 + 34 + 4) * 8 };
  assert.equal(markerWords(wire).words[0], "TCP · Sequence number · bit 369 of 688 is 1: low, then high");
}

/** @param {Assert} assert */
export function computedBitsAreNamedAsNotCaptured(assert) {
  const [preamble, , ethernet] = signal(wireAt(5250).journey).regions;
  if (preamble === undefined || ethernet === undefined) throw new Error("no regions");
  assert.equal(bandText(preamble, 40), "Preamble: computed, not captured");
  assert.equal(bandText(ethernet, 40), "Ethernet");
  assert.equal(bandText(ethernet, 1), "");
}

/** @param {Assert} assert */
export function anIdleWireSaysWhichFrameItWaitsForAndWhichOneHasCrossed(assert) {
  assert.equal(markerWords(wireAt(1900)).words[0], "The wire is idle: it waits for frame 1");
  assert.equal(markerWords(wireAt(9900)).words[0], "The wire is idle again: frame 1 has crossed, 688 bits");
  assert.equal(markerWords(null).words[0], "The wire is idle");
}

/** @param {Assert} assert */
export function theFirstBitIsNamedOnlyWhileItsEndIsInSight(assert) {
  assert.equal(leadingEdge(waveAt(4300), 24)?.words, "first bit is at this end");
  assert.equal(leadingEdge(waveAt(5250), 24), null);
}

/** @param {Assert} assert */
export function aNarrowStripKeepsTheDirectionAndThatTheWaveIsComputed(assert) {
  assert.deepEqual(sideWords(true, "wire", 0, 12), { computed: "computed", order: "read ←" });
  assert.deepEqual(sideWords(false, "wire", 24, 20), { computed: "as 10BASE-T would send it: computed", order: "first bit in front: read →" });
}

/**
 * @param {string} name
 * @param {Partial<WireScene>} more
 * @returns {WireScene}
 */
function crossing(name, more) {
  return { journey: frame(name), lead: 1, bit: 100, tail: 0, crossing: true, lost: false, gone: false, ...more };
}

/** @param {Assert} assert */
export function elsewhereThanOnEthernetNothingIsSaidOfHowTheBitsCross(assert) {
  assert.equal(sideWords(true, "unseen", 40, 20).computed, "as captured: how these bits crossed is not known");
  const [words] = markerWords(crossing("raw", {})).words;
  assert.ok(words?.endsWith("bit 101 of 352 is 1"), words);
}

/** @param {Assert} assert */
export function whatWasNotCapturedIsAQuestionMark(assert) {
  const wire = crossing("cut short", { bit: 480 });
  const wave = layoutWave(wire, pipe(1200, 16), rows(130, 16, 0));
  const { digits } = digitsOf(wave, signal(wire.journey));
  assert.ok(/^[01]+\?+$/.test(digits), digits);
  assert.deepEqual(new Set(hexOf(wave, signal(wire.journey)).slice(-3).map(({ hex }) => hex)), new Set(["??"]));
  assert.ok(markerWords(wire).words[0]?.includes("unknown"));
}

/** @param {Assert} assert */
export function aLostFrameIsSeenOnItsSendersSideOfTheMarkerOnly(assert) {
  const wire = crossing("raw", { lost: true });
  const wave = layoutWave(wire, pipe(1200, 16), rows(130, 16, 0));
  assert.equal(wave.first, 100);
  for (const { x, width } of wave.bands) assert.ok(x + width <= wave.middle + 0.01);
  assert.ok(markerWords(wire).words[0]?.startsWith("Lost here: "));
  assert.deepEqual(markerWords({ ...wire, bit: 352, gone: true }).words[0], "Frame 17 was lost here: the other end never sees it");
}

/** @param {Assert} assert */
export function whereThereIsNoWireOrNobodyKnowsOfOneNoWireIsSaidToBeIdle(assert) {
  const words = (/** @type {string} */ name, /** @type {Partial<WireScene>} */ more) => (
    markerWords(crossing(name, { crossing: false, bit: 0, ...more })).words[0]);
  const [before, after] = [{ lead: 0 }, { lead: 1, tail: 1 }];
  assert.equal(words("to itself", before), "No wire: frame 17 is yet to be handed over in memory");
  assert.equal(words("to itself", after), "No wire: frame 17 was handed over in memory, 48 bytes");
  assert.equal(words("loopback", before), "Link not captured: frame 17 is still to come");
  assert.equal(words("raw", after), "Link not captured: frame 17 has arrived, 44 bytes");
  assert.equal(words("cut short", after), "The wire's own bits are not known: frame 17 has arrived, 258 bytes");
  assert.equal(sideWords(true, wayOf(frame("to itself")), 40, 20).computed, "as captured: handed over in memory, on no wire");
  assert.ok(!wireName(crossing("to itself", {})).includes("wire"));
}

/** @param {Assert} assert */
export function onlyAPacketFromAHostToItselfStaysInItsMemory(assert) {
  const names = ["two tags", "cut short", "loopback", "to itself", "linux to itself", "no addresses", "raw", "cooked"];
  assert.deepEqual(names.map((name) => wayOf(frame(name))), [
    "wire", "ethernet", "unseen", "memory", "memory", "ethernet", "unseen", "unseen"]);
}
