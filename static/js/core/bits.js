// A frame's bits as they would stand on a real Ethernet wire, or as they were captured where the link is another one:
// how those crossed it nobody knows. And what each of them belongs to. Knows nothing of the page or of time.

import { say } from "./say.js";

/** @import { Header, Journey, Layer } from "./messages.js" */

/**
 * A stretch of the wire's bits: one header, the data, what no capture holds (`computed`), or what this capture left out
 * (not `known`). `key` is unique in its frame.
 * @typedef {{
 *   key: string, layer: Layer, label: string, firstBit: number, bits: number, computed: boolean, known: boolean,
 *   header: Header | null,
 * }} Region
 */

/**
 * `octets` are all that crossed, in their order: on Ethernet preamble, start-of-frame delimiter, the frame and its check
 * sequence; elsewhere the frame alone. What the capture left out is 0 in them, from `unknown[0]` to before `unknown[1]`.
 * `lead` bits come before the frame's first. `isEthernet` means that each octet goes least significant bit first
 * (IEEE 802.3 clause 3.3) and as a Manchester wave; otherwise the bits stand in their reading order.
 * @typedef {{
 *   octets: Uint8Array, bits: number, regions: Region[], lead: number, isEthernet: boolean, unknown: [number, number],
 * }} Signal
 */

/**
 * What is said of one bit: its header's region, the field's label ("" where there is none) and the field's bits.
 * @typedef {{ bit: number, value: 0 | 1 | null, region: Region, field: string }} BitName
 */

const PREAMBLE_OCTETS = 7;
const PREAMBLE = 0x55;
const START_OF_FRAME = 0xd5;
const LEAD_OCTETS = PREAMBLE_OCTETS + 1;

/**
 * How a frame went from one host to the other, as far as a capture tells: "wire" with all bits of it, "memory" of one
 * machine, "ethernet" of which only the captured octets are known, "unseen" where the capture has no link header.
 * @typedef {"wire" | "memory" | "ethernet" | "unseen"} Way
 */

const ETHERNET = 1;
/** Link types of loopback: BSD's, OpenBSD's. */
const LOOPBACKS = [0, 108];
const NO_ADDRESSES = "0".repeat(24);

/** @type {WeakMap<Journey, Signal>} */
const signals = new WeakMap();

/**
 * The same journey gives the same signal object.
 * @param {Journey} journey
 * @returns {Signal}
 */
export function signal(journey) {
  const before = signals.get(journey);
  if (before !== undefined) return before;
  const isEthernet = journey.fcs !== "";
  const frame = octetsOf(journey.octets);
  const missing = missingOctets(journey);
  const [lead, trail] = isEthernet ? [leadOctets(), octetsOf(journey.fcs)] : [[], []];
  const octets = Uint8Array.from([...lead, ...frame, ...new Array(missing).fill(0), ...trail]);
  const cut = (lead.length + frame.length) * 8;
  const made = {
    octets, bits: octets.length * 8, regions: regions(journey, lead.length), lead: lead.length * 8, isEthernet,
    unknown: /** @type {[number, number]} */ ([cut, cut + missing * 8]),
  };
  signals.set(journey, made);
  return made;
}

/** @type {WeakMap<Journey, number[]>} */
const changed = new WeakMap();

/**
 * The wire's bits that came otherwise than they were sent, in their order: the flipped one, and where a device behind the
 * damage computed a new check sequence, that one's.
 * @param {Journey} journey
 * @returns {number[]}
 */
export function changedBits(journey) {
  const before = changed.get(journey);
  if (before !== undefined) return before;
  const made = (journey.arrived ?? "") === "" ? [] : differing(signal(journey), octetsOf(journey.arrived + journey.arrived_fcs));
  changed.set(journey, made);
  return made;
}

/**
 * @param {Signal} sent
 * @param {number[]} came frame and check sequence
 * @returns {number[]}
 */
function differing({ octets, bits, lead, isEthernet }, came) {
  const other = { octets: Uint8Array.from([...octets.slice(0, lead / 8), ...came]), isEthernet };
  const last = Math.min(bits, other.octets.length * 8);
  return Array.from({ length: last }, (_, bit) => bit).filter((bit) => bitAt({ octets, isEthernet }, bit) !== bitAt(other, bit));
}

/** @type {WeakMap<Journey, Signal[]>} */
const partly = new WeakMap();

/**
 * The signal as it is on the wire while that bit is at the damage in the middle: what lies behind it has come otherwise.
 * @param {Journey} journey
 * @param {number} place
 * @returns {Signal} what was sent, where nothing is changed
 */
export function signalAt(journey, place) {
  const sent = signal(journey);
  const passed = changedBits(journey).filter((bit) => bit < place);
  if (passed.length === 0) return sent;
  const known = partly.get(journey) ?? [];
  partly.set(journey, known);
  return known[passed.length] ??= { ...sent, octets: flipped(sent, passed) };
}

/**
 * @param {Signal} signal
 * @param {number[]} bits
 * @returns {Uint8Array}
 */
function flipped({ octets, isEthernet }, bits) {
  const made = Uint8Array.from(octets);
  for (const bit of bits) {
    const shift = isEthernet ? bit & 7 : 7 - (bit & 7);
    made[bit >> 3] = (made[bit >> 3] ?? 0) ^ (1 << shift);
  }
  return made;
}

/**
 * The wire's bit that the wire, or a device on the way, flipped; -1 for none.
 * @param {Journey} journey
 * @returns {number}
 */
export function wrongBit(journey) {
  return (journey.flipped_bit ?? null) === null ? -1 : toWire(journey, /** @type {number} */ (journey.flipped_bit));
}

/**
 * Whether the damage was inside a device between two links, which computed a new, true check sequence behind it: then
 * no card finds it.
 * @param {Journey} journey
 * @returns {boolean}
 */
export function isDamagedInDevice(journey) {
  return wrongBit(journey) >= 0 && journey.arrived_fcs !== journey.fcs;
}

/** @returns {number[]} */
function leadOctets() {
  return [...new Array(PREAMBLE_OCTETS).fill(PREAMBLE), START_OF_FRAME];
}

/**
 * Loopback's own link types are used for tunnels, too, and Linux's looks like Ethernet between two cards without addresses:
 * only a packet from a host to itself stays in its memory.
 * @param {Journey} journey
 * @returns {Way}
 */
export function wayOf({ fcs, link_type: linkType, octets, headers }) {
  if (fcs !== "") return "wire";
  const ip = headers.find(({ protocol }) => protocol === "IPv4" || protocol === "IPv6");
  const [source = "", destination = ""] = ["src", "dst"].map((end) => (
    ip?.fields.find(({ name }) => name === `ip.${end}` || name === `ipv6.${end}`)?.text));
  const isOwn = source !== "" && (source === destination || source === "::1" || source.startsWith("127."));
  const isEthernet = linkType === ETHERNET;
  if (isOwn && (LOOPBACKS.includes(linkType) || (isEthernet && octets.startsWith(NO_ADDRESSES)))) return "memory";
  return isEthernet ? "ethernet" : "unseen";
}

/**
 * How many octets were on the wire that the capture left out.
 * @param {Journey} journey
 * @returns {number}
 */
function missingOctets({ octets, wire_octets: whole }) {
  return Math.max(0, (whole ?? 0) - octets.length / 2);
}

/**
 * @param {string} hex two digits for each octet
 * @returns {number[]}
 */
export function octetsOf(hex) {
  return (hex.match(/../g) ?? []).map((pair) => parseInt(pair, 16));
}

/**
 * The bit at that place on the wire.
 * @param {Pick<Signal, "octets" | "isEthernet">} signal
 * @param {number} bit
 * @returns {0 | 1}
 */
export function bitAt({ octets, isEthernet }, bit) {
  const shift = isEthernet ? bit & 7 : 7 - (bit & 7);
  return ((/** @type {number} */ (octets[bit >> 3]) >> shift) & 1) === 1 ? 1 : 0;
}

/**
 * @param {Signal} signal
 * @param {number} bit
 * @returns {boolean} whether anybody knows what the bit was
 */
export function isKnown({ unknown: [from, to] }, bit) {
  return bit < from || bit >= to;
}

/**
 * The wire's bit that carries a bit of the frame, which counts in network order, most significant bit of each octet first.
 * The preamble's are negative.
 * @param {Journey} journey
 * @param {number} bit
 * @returns {number}
 */
export function toWire(journey, bit) {
  const { lead, isEthernet } = signal(journey);
  return (isEthernet ? bit ^ 7 : bit) + lead;
}

/**
 * The bit of the frame that passes as the wire's bit of that number.
 * @param {Journey} journey
 * @param {number} place
 * @returns {number}
 */
export function fromWire(journey, place) {
  const { lead, isEthernet } = signal(journey);
  return isEthernet ? (place - lead) ^ 7 : place - lead;
}

/**
 * The wire's bits in stretches without a gap, from the first to the last. An octet that several headers claim belongs to
 * the last of them; one that none claims is data, or stands behind the packet's end.
 * @param {Journey} journey
 * @param {number} leadOctets
 * @returns {Region[]}
 */
function regions(journey, leadOctets) {
  /** @type {Region[]} */
  const found = [];
  const add = adder(found);
  const inner = innerLayer(journey);
  if (leadOctets > 0) {
    add("preamble", "physical", say("Preamble"), PREAMBLE_OCTETS, { computed: true });
    add("sfd", "physical", "SFD", 1, { computed: true });
  }
  for (const { header, octets, isBehind } of stretches(journey)) {
    if (header !== null) add(headerKey(journey.headers, header), header.layer, headerName(header), octets, { header });
    else if (isBehind) add("padding", "link", say("Padding"), octets);
    else add("data", inner, found.at(-1)?.layer === "application" ? say("Body") : say("Data"), octets);
  }
  add("missing", inner, say("Not captured"), missingOctets(journey), { known: false });
  add("fcs", "link", "FCS", journey.fcs.length / 2, { computed: true });
  return found;
}

/**
 * The layer to which belongs what the headers carry: above a transport header the application's, else the header's own.
 * @param {Journey} journey
 * @returns {Layer}
 */
function innerLayer({ headers }) {
  const layer = headers.findLast(({ quoted }) => quoted !== true)?.layer ?? "link";
  return layer === "transport" ? "application" : layer;
}

/**
 * @param {Region[]} found
 * @returns {(key: string, layer: Layer, label: string, octets: number, more?: Partial<Region>) => void}
 */
function adder(found) {
  return (name, layer, label, octets, more = {}) => {
    if (octets <= 0) return;
    const last = found.at(-1);
    const firstBit = last === undefined ? 0 : last.firstBit + last.bits;
    const same = found.filter(({ key }) => key === name || key.startsWith(`${name} part `)).length;
    const key = same === 0 ? name : `${name} part ${same + 1}`;
    found.push({ key, layer, label, firstBit, bits: octets * 8, computed: false, known: true, header: null, ...more });
  };
}

/**
 * The captured octets in stretches of one owner each.
 * @param {Journey} journey
 * @returns {{ header: Header | null, octets: number, isBehind: boolean }[]}
 */
function stretches({ octets, headers, payload_offset: from, payload_octets: count }) {
  const all = octets.length / 2;
  /** @type {Array<Header | null>} */
  const owners = new Array(all).fill(null);
  for (const each of headers) owners.fill(each, each.octet_offset, Math.min(all, each.octet_offset + each.octet_length));
  const end = Math.max(from + count, ...headers.map((each) => each.octet_offset + each.octet_length));
  /** @type {{ header: Header | null, octets: number, isBehind: boolean }[]} */
  const found = [];
  for (const [place, header] of owners.entries()) {
    const last = found.at(-1);
    const isBehind = header === null && place >= end;
    if (last !== undefined && last.header === header && last.isBehind === isBehind) last.octets += 1;
    else found.push({ header, octets: 1, isBehind });
  }
  return found;
}

/**
 * The protocol, numbered where a frame has several headers of it.
 * @param {Header[]} headers
 * @param {Header} header
 * @returns {string} unique in its frame
 */
export function headerKey(headers, header) {
  const before = headers.slice(0, headers.indexOf(header)).filter(({ protocol }) => protocol === header.protocol).length;
  return before === 0 ? header.protocol : `${header.protocol} ${before + 1}`;
}

/**
 * @param {Header} header
 * @returns {string} what the picture calls it
 */
export function headerName({ protocol, quoted }) {
  const name = protocol === "Ethernet II" ? "Ethernet" : protocol;
  return quoted ? say("Quoted {protocol}", { protocol: name }) : name;
}

/**
 * Names the bit at that place on the wire.
 * @param {Journey} journey
 * @param {number} bit
 * @returns {BitName}
 */
export function nameOf(journey, bit) {
  const whole = signal(journey);
  const place = Math.min(Math.max(Math.floor(bit), 0), whole.bits - 1);
  const region = /** @type {Region} */ (whole.regions.find((each) => place < each.firstBit + each.bits));
  return { bit: place, value: isKnown(whole, place) ? bitAt(whole, place) : null, region, field: fieldAt(journey, region, place) };
}

const WHOLE = new Map([
  ["preamble", say("clock for the receiver")],
  ["sfd", say("the frame begins")],
  ["fcs", say("frame check sequence, CRC-32")],
]);

/**
 * The label of the shortest field that holds the bit.
 * @param {Journey} journey
 * @param {Region} region
 * @param {number} bit
 * @returns {string}
 */
function fieldAt(journey, region, bit) {
  const place = fromWire(journey, bit);
  /** @type {import("./messages.js").Field | null} */
  let shortest = null;
  for (const field of region.header?.fields ?? []) {
    const isIn = place >= field.bit_offset && place < field.bit_offset + field.bit_length;
    if (isIn && (shortest === null || field.bit_length < shortest.bit_length)) shortest = field;
  }
  return shortest?.label ?? WHOLE.get(region.key) ?? octetName(region, bit);
}

/**
 * @param {Region} region
 * @param {number} bit
 * @returns {string}
 */
function octetName(region, bit) {
  return say("octet {number} of {all}", { number: ((bit - region.firstBit) >> 3) + 1, all: region.bits / 8 });
}

/**
 * The bits [first, last) of a Manchester wave as an SVG path (IEEE 802.3 clause 7.3: 0 goes from high to low in the
 * middle of the bit, 1 from low to high). Bit b takes the x from b * pitch to (b + 1) * pitch; a negative pitch runs
 * to the left. `low` and `high` are the y of the two levels.
 * @param {Pick<Signal, "octets" | "isEthernet">} signal
 * @param {{ first: number, last: number, pitch: number, low: number, high: number }} window
 * @returns {string}
 */
export function manchesterPath(signal, { first, last, pitch, low, high }) {
  if (last <= first) return "";
  let level = bitAt(signal, first) === 1 ? low : high;
  let path = `M${place(first * pitch)} ${level}`;
  for (let bit = first; bit < last; bit += 1) {
    const begin = bitAt(signal, bit) === 1 ? low : high;
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
