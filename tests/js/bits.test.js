import { bitAt, manchesterPath, nameOf, signal, wireOctets } from "../../static/js/core/bits.js";
import { SYN, SYN_FCS, handshake } from "./frames.js";

/** @import { Assert } from "./runner.js" */
/** @import { Journey } from "../../static/js/core/messages.js" */

const [journey] = /** @type {[Journey]} */ (handshake().journeys);

/**
 * @param {Uint8Array} octets
 * @param {number} first
 * @param {number} count
 * @returns {string}
 */
function bits(octets, first, count) {
  return Array.from({ length: count }, (_, index) => bitAt(octets, first + index)).join("");
}

/** @param {Assert} assert */
export function aFrameOf74OctetsIs688BitsOnTheWire(assert) {
  assert.equal(signal(journey).bits, 688);
  assert.equal(wireOctets(SYN, SYN_FCS).length, 7 + 1 + 74 + 4);
}

/** @param {Assert} assert */
export function thePreambleAlternatesUntilTheDelimiterEndsWithTwoOnes(assert) {
  const { octets } = signal(journey);
  assert.equal(bits(octets, 0, 56), "10".repeat(28));
  assert.equal(bits(octets, 56, 8), "10101011");
}

/** @param {Assert} assert */
export function eachOctetGoesLeastSignificantBitFirst(assert) {
  assert.equal(bits(Uint8Array.from([0xbc, 0x45]), 0, 16), "0011110110100010");
}

/** @param {Assert} assert */
export function theLastOctetsAreTheCheckSequenceInTheOrderGiven(assert) {
  assert.deepEqual([...signal(journey).octets.slice(-4)], [0x3b, 0xaf, 0x15, 0x33]);
}

/** @param {Assert} assert */
export function theRegionsFollowEachOtherWithoutAGapAndWithoutAnOverlap(assert) {
  const { regions, bits: all } = signal(journey);
  assert.deepEqual(regions.map(({ label }) => label), ["Preamble", "SFD", "Ethernet", "IPv4", "TCP", "FCS"]);
  assert.equal(regions.reduce((next, { firstBit, bits: count }) => (firstBit === next ? next + count : NaN), 0), all);
}

/** @param {Assert} assert */
export function onlyPreambleDelimiterAndCheckSequenceAreComputed(assert) {
  const computed = signal(journey).regions.filter((region) => region.computed);
  assert.deepEqual(computed.map(({ label }) => label), ["Preamble", "SFD", "FCS"]);
}

/** @param {Assert} assert */
export function dataAndPaddingHaveRegionsOfTheirOwn(assert) {
  const padded = { ...journey, payload_offset: 70, payload_octets: 2, headers: journey.headers.slice(0, 2) };
  const { regions } = signal({ ...padded, payload_offset: 34 });
  const last = regions.slice(-3).map(({ label, bits: count }) => [label, count]);
  assert.deepEqual(last, [["Data", 16], ["Padding", 304], ["FCS", 32]]);
}

/** @param {Assert} assert */
export function theFieldUnderABitIsFoundThoughTheWireTurnsEachOctetRound(assert) {
  const firstOfIp = (8 + 14) * 8;
  assert.equal(nameOf(journey, firstOfIp).field, "Header length");
  assert.equal(nameOf(journey, firstOfIp + 4).field, "Version");
  assert.equal(nameOf(journey, (8 + 34 + 4) * 8).field, "Sequence number");
}

/** @param {Assert} assert */
export function aPlaceBeyondTheEndsNamesTheFirstOrTheLastBit(assert) {
  assert.equal(nameOf(journey, -3).region.label, "Preamble");
  assert.deepEqual([nameOf(journey, 9999).bit, nameOf(journey, 9999).region.label], [687, "FCS"]);
}

/** @param {Assert} assert */
export function inManchesterCodeAZeroFallsAndAOneRisesInTheMiddleOfTheBit(assert) {
  const window = { first: 0, last: 1, pitch: 10, low: 9, high: 1 };
  assert.equal(manchesterPath(Uint8Array.from([0]), window), "M0 1H5V9H10");
  assert.equal(manchesterPath(Uint8Array.from([1]), window), "M0 9H5V1H10");
}

/** @param {Assert} assert */
export function betweenTwoEqualBitsTheWaveReturnsAtTheBorder(assert) {
  const window = { first: 0, last: 2, pitch: 10, low: 9, high: 1 };
  assert.equal(manchesterPath(Uint8Array.from([3]), window), "M0 9H5V1H10V9H15V1H20");
  assert.equal(manchesterPath(Uint8Array.from([1]), window), "M0 9H5V1H10H15V9H20");
}

/** @param {Assert} assert */
export function aWaveToTheRightIsDrawnToTheLeftFromItsFront(assert) {
  const window = { first: 0, last: 1, pitch: -10, low: 9, high: 1 };
  assert.equal(manchesterPath(Uint8Array.from([1]), window), "M0 9H-5V1H-10");
}
