import { bitAt, fromWire, isKnown, manchesterPath, nameOf, signal, toWire } from "../../static/js/core/bits.js";
import { handshake } from "./frames.js";
import { allFrames, frame } from "./made.js";

/** @import { Assert } from "./runner.js" */
/** @import { Journey } from "../../static/js/core/messages.js" */

const [journey] = /** @type {[Journey]} */ (handshake().journeys);

/**
 * @param {number[]} octets
 */
const sent = (octets) => ({ octets: Uint8Array.from(octets), isEthernet: true });

/**
 * @param {{ octets: Uint8Array, isEthernet: boolean }} octets
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
  assert.equal(signal(journey).octets.length, 7 + 1 + 74 + 4);
}

/** @param {Assert} assert */
export function thePreambleAlternatesUntilTheDelimiterEndsWithTwoOnes(assert) {
  const octets = signal(journey);
  assert.equal(bits(octets, 0, 56), "10".repeat(28));
  assert.equal(bits(octets, 56, 8), "10101011");
}

/** @param {Assert} assert */
export function eachOctetGoesLeastSignificantBitFirst(assert) {
  assert.equal(bits(sent([0xbc, 0x45]), 0, 16), "0011110110100010");
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
  assert.equal(manchesterPath(sent([0]), window), "M0 1H5V9H10");
  assert.equal(manchesterPath(sent([1]), window), "M0 9H5V1H10");
}

/** @param {Assert} assert */
export function betweenTwoEqualBitsTheWaveReturnsAtTheBorder(assert) {
  const window = { first: 0, last: 2, pitch: 10, low: 9, high: 1 };
  assert.equal(manchesterPath(sent([3]), window), "M0 9H5V1H10V9H15V1H20");
  assert.equal(manchesterPath(sent([1]), window), "M0 9H5V1H10H15V9H20");
}

/** @param {Assert} assert */
export function aWaveToTheRightIsDrawnToTheLeftFromItsFront(assert) {
  const window = { first: 0, last: 1, pitch: -10, low: 9, high: 1 };
  assert.equal(manchesterPath(sent([1]), window), "M0 9H-5V1H-10");
}

/** @param {Assert} assert */
export function onAnotherLinkThereAreTheCapturedBitsInTheirReadingOrderAndNothingElse(assert) {
  const raw = frame("raw");
  const whole = signal(raw);
  assert.deepEqual([whole.isEthernet, whole.lead, whole.bits], [false, 0, raw.octets.length * 4]);
  assert.equal(bits(whole, 0, 8), "01000101");
  assert.deepEqual(whole.regions.map(({ label }) => label), ["IPv4", "TCP"]);
  assert.deepEqual([nameOf(raw, 0).field, nameOf(raw, 4).field], ["Version", "Header length"]);
}

/** @param {Assert} assert */
export function everyFrameOfEveryKindIsCoveredWithoutAGapByRegionsWithKeysOfTheirOwn(assert) {
  for (const [name, each] of allFrames()) {
    const { regions, bits: all } = signal(each);
    assert.equal(regions.reduce((next, { firstBit, bits: count }) => (firstBit === next ? next + count : NaN), 0), all, name);
    assert.equal(new Set(regions.map(({ key }) => key)).size, regions.length, name);
  }
}

/** @param {Assert} assert */
export function aBitGoesOntoTheWireAndBackToItsPlaceOnEveryLink(assert) {
  for (const [name, each] of allFrames()) {
    const { octets, lead } = signal(each);
    for (let bit = 0; bit < each.octets.length * 4; bit += 1) {
      assert.equal(fromWire(each, toWire(each, bit)), bit, name);
      const value = (/** @type {number} */ (octets[(bit + lead) >> 3]) >> (7 - (bit & 7))) & 1;
      assert.equal(bitAt(signal(each), toWire(each, bit)), value, name);
    }
  }
}

/** @param {Assert} assert */
export function repeatedAndQuotedHeadersHaveNamesAndKeysOfTheirOwn(assert) {
  const told = (/** @type {string} */ name) => signal(frame(name)).regions.map(({ key, label }) => `${key}: ${label}`);
  assert.deepEqual(told("two tags").slice(3, 5), ["802.1Q: 802.1Q", "802.1Q 2: 802.1Q"]);
  assert.deepEqual(told("ip in ip").filter((each) => each.includes("IPv4")), ["IPv4: IPv4", "IPv4 2: IPv4"]);
  assert.ok(told("icmp error").includes("IPv4 2: Quoted IPv4"), told("icmp error").join());
}

/** @param {Assert} assert */
export function whatTheCaptureLeftOutIsThereButUnknown(assert) {
  const cut = frame("cut short");
  const whole = signal(cut);
  assert.equal(whole.bits, cut.wire_octets * 8);
  const last = whole.regions.at(-1);
  assert.deepEqual([last?.label, last?.known, last?.firstBit], ["Not captured", false, 480]);
  assert.deepEqual([isKnown(whole, 479), isKnown(whole, 480), nameOf(cut, 480).value], [true, false, null]);
}

/** @param {Assert} assert */
export function anUnknownLinkIsAllData(assert) {
  assert.deepEqual(signal(frame("unknown link")).regions.map(({ key, bits: count }) => [key, count]), [["data", 192]]);
}
