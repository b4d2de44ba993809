import { signal } from "../../static/js/core/bits.js";
import { scene } from "../../static/js/core/scene.js";
import { timeline } from "../../static/js/core/timeline.js";
import { bandText, digitsOf, layoutWave, leadingEdge, markerWords, pipe, rows, sideWords } from "../../static/js/core/wave.js";
import { handshake } from "./frames.js";

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
  const { digits, xs } = digitsOf(wave, signal(wave.journey).octets);
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
  assert.deepEqual(sideWords(true, 0, 12), { computed: "computed", order: "read ←" });
  assert.deepEqual(sideWords(false, 24, 20), { computed: "as 10BASE-T would send it: computed", order: "first bit in front: read →" });
}
