// A frame's bits as they would stand on a real Ethernet wire, and what each of them belongs to.
// Knows nothing of the page or of time.

/** @import { Journey, Layer } from "./messages.js" */

/**
 * A stretch of the wire's bits: one header, the data, or what no capture holds (`computed`).
 * @typedef {{ key: string, layer: Layer, label: string, firstBit: number, bits: number, computed: boolean }} Region
 */

/**
 * `octets` are preamble, start-of-frame delimiter, the frame and its check sequence, in the order of sending.
 * @typedef {{ octets: Uint8Array, bits: number, regions: Region[] }} Signal
 */

/**
 * What is said of one bit: its header's region, the field's label ("" where there is none) and the field's bits.
 * @typedef {{ bit: number, value: 0 | 1, region: Region, field: string }} BitName
 */

const PREAMBLE_OCTETS = 7;
const PREAMBLE = 0x55;
const START_OF_FRAME = 0xd5;
export const LEAD_OCTETS = PREAMBLE_OCTETS + 1;

/** @type {WeakMap<Journey, Signal>} */
const known = new WeakMap();

/**
 * The same journey gives the same signal object.
 * @param {Journey} journey
 * @returns {Signal}
 */
export function signal(journey) {
  const before = known.get(journey);
  if (before !== undefined) return before;
  const octets = wireOctets(journey.octets, journey.fcs);
  const made = { octets, bits: octets.length * 8, regions: regions(journey) };
  known.set(journey, made);
  return made;
}

/**
 * @param {string} frameHex the captured octets
 * @param {string} fcsHex the frame check sequence as it would be sent
 * @returns {Uint8Array}
 */
export function wireOctets(frameHex, fcsHex) {
  const lead = [...new Array(PREAMBLE_OCTETS).fill(PREAMBLE), START_OF_FRAME];
  return Uint8Array.from([...lead, ...octetsOf(frameHex), ...octetsOf(fcsHex)]);
}

/**
 * @param {string} hex two digits for each octet
 * @returns {number[]}
 */
export function octetsOf(hex) {
  return (hex.match(/../g) ?? []).map((pair) => parseInt(pair, 16));
}

/**
 * The bit at that place on the wire: each octet goes least significant bit first (IEEE 802.3 clause 3.3).
 * @param {Uint8Array} octets
 * @param {number} bit
 * @returns {0 | 1}
 */
export function bitAt(octets, bit) {
  return ((/** @type {number} */ (octets[bit >> 3]) >> (bit & 7)) & 1) === 1 ? 1 : 0;
}

/**
 * The wire's bits in stretches without a gap, from the first to the last.
 * @param {Journey} journey
 * @returns {Region[]}
 */
export function regions(journey) {
  const frameOctets = journey.octets.length / 2;
  const dataEnd = Math.min(journey.payload_offset + journey.payload_octets, frameOctets);
  /** @type {Region[]} */
  const found = [];
  const add = adder(found);
  add("preamble", "physical", "Preamble", PREAMBLE_OCTETS, true);
  add("sfd", "physical", "SFD", 1, true);
  for (const header of journey.headers) {
    add(header.protocol, header.layer, shortName(header.protocol), header.octet_length);
  }
  const dataOctets = dataEnd + LEAD_OCTETS - endOf(found) / 8;
  add("data", "application", found.at(-1)?.layer === "application" ? "Body" : "Data", dataOctets);
  add("padding", "link", "Padding", frameOctets + LEAD_OCTETS - endOf(found) / 8);
  add("fcs", "link", "FCS", journey.fcs.length / 2, true);
  return found;
}

/**
 * @param {Region[]} found
 * @returns {(key: string, layer: Layer, label: string, octets: number, computed?: boolean) => void}
 */
function adder(found) {
  return (key, layer, label, octets, computed = false) => {
    if (octets > 0) found.push({ key, layer, label, firstBit: endOf(found), bits: octets * 8, computed });
  };
}

/**
 * @param {Region[]} found
 * @returns {number}
 */
function endOf(found) {
  const last = found.at(-1);
  return last === undefined ? 0 : last.firstBit + last.bits;
}

/**
 * @param {string} protocol
 * @returns {string}
 */
export function shortName(protocol) {
  return protocol === "Ethernet II" ? "Ethernet" : protocol;
}

/**
 * Names the bit at that place on the wire.
 * @param {Journey} journey
 * @param {number} bit
 * @returns {BitName}
 */
export function nameOf(journey, bit) {
  const { octets, bits, regions: all } = signal(journey);
  const place = Math.min(Math.max(Math.floor(bit), 0), bits - 1);
  const region = /** @type {Region} */ (all.find((each) => place < each.firstBit + each.bits));
  return { bit: place, value: bitAt(octets, place), region, field: fieldAt(journey, region, place) };
}

const WHOLE = new Map([
  ["preamble", "clock for the receiver"],
  ["sfd", "the frame begins"],
  ["fcs", "frame check sequence, CRC-32"],
]);

/**
 * A field's offset counts from the frame's first bit, most significant first; the wire turns each octet round.
 * @param {Journey} journey
 * @param {Region} region
 * @param {number} bit
 * @returns {string}
 */
function fieldAt(journey, region, bit) {
  const networkBit = (bit - LEAD_OCTETS * 8) ^ 7;
  for (const header of journey.headers) {
    if (header.protocol !== region.key) continue;
    const holds = header.fields.filter(
      (each) => networkBit >= each.bit_offset && networkBit < each.bit_offset + each.bit_length,
    );
    holds.sort((one, other) => one.bit_length - other.bit_length);
    if (holds[0] !== undefined) return holds[0].label;
  }
  return WHOLE.get(region.key) ?? octetName(region, bit);
}

/**
 * @param {Region} region
 * @param {number} bit
 * @returns {string}
 */
function octetName(region, bit) {
  return `octet ${((bit - region.firstBit) >> 3) + 1} of ${region.bits / 8}`;
}

/**
 * The bits [first, last) of a Manchester wave as an SVG path (IEEE 802.3 clause 7.3: 0 goes from high to low in the
 * middle of the bit, 1 from low to high). Bit b takes the x from b * pitch to (b + 1) * pitch; a negative pitch runs
 * to the left. `low` and `high` are the y of the two levels.
 * @param {Uint8Array} octets
 * @param {{ first: number, last: number, pitch: number, low: number, high: number }} window
 * @returns {string}
 */
export function manchesterPath(octets, { first, last, pitch, low, high }) {
  if (last <= first) return "";
  let level = bitAt(octets, first) === 1 ? low : high;
  let path = `M${place(first * pitch)} ${level}`;
  for (let bit = first; bit < last; bit += 1) {
    const begin = bitAt(octets, bit) === 1 ? low : high;
    if (begin !== level) path += `V${begin}`;
    level = begin === low ? high : low;
    path += `H${place((bit + 0.5) * pitch)}V${level}H${place((bit + 1) * pitch)}`;
  }
  return path;
}

/**
 * @param {number} x
 * @returns {number}
 */
function place(x) {
  return Math.round(x * 100) / 100;
}
