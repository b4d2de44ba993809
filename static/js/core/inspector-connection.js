// A run's segments as a connection: initial sequence numbers, window shifts, and which segment another acknowledges.
// Knows nothing of the page; what it says comes from the run's frames alone.

import { numberAt } from "./inspector.js";

/** @import { Field, Header, Journey, Run } from "./messages.js" */

const AROUND = 2 ** 32;
const FIN = 1;
const SYN = 2;
const ACK = 16;

/**
 * One TCP segment: `to` and `from` name both ends as 'address port', `numbers` is how many sequence numbers it takes.
 * @typedef {{
 *   journey: Journey, from: string, to: string, seq: number, ack: number | null, syn: boolean, fin: boolean, data: number,
 *   numbers: number, window: number, shift: number | null,
 * }} Segment
 */

/**
 * Unsigned 32 bits: sequence numbers begin anew behind the highest.
 * @param {number} number
 * @returns {number}
 */
export function around(number) {
  return ((number % AROUND) + AROUND) % AROUND;
}

/**
 * The outermost header of that protocol, but not one that an ICMP error quotes.
 * @param {Journey} journey
 * @param {string} protocol
 * @returns {Header | undefined}
 */
export function headerOf({ headers }, protocol) {
  return headers.find((each) => each.protocol === protocol && each.quoted !== true);
}

/**
 * @param {Header | undefined} header
 * @param {string} name
 * @returns {Field | undefined}
 */
export function fieldOf(header, name) {
  return header?.fields.find((each) => each.name === name);
}

/** @type {WeakMap<Journey, Segment | null>} */
const known = new WeakMap();

/**
 * The frame's segment, null where it carries none or its header is cut short.
 * @param {Journey} journey
 * @returns {Segment | null}
 */
export function segment(journey) {
  const before = known.get(journey);
  if (before !== undefined) return before;
  const made = segmentIn(journey);
  known.set(journey, made);
  return made;
}

/**
 * @param {Journey} journey
 * @returns {Segment | null}
 */
function segmentIn(journey) {
  const tcp = headerOf(journey, "TCP");
  const outer = tcp === undefined ? [] : journey.headers.slice(0, journey.headers.indexOf(tcp));
  const ip = outer.findLast(({ protocol }) => protocol === "IPv4" || protocol === "IPv6");
  if (tcp === undefined || ip === undefined || fieldOf(tcp, "tcp.window_size_value") === undefined) return null;
  const start = tcp.octet_offset * 8;
  const flags = numberAt(journey, start + 104, 8);
  const [syn, fin] = [(flags & SYN) !== 0, (flags & FIN) !== 0];
  const data = journey.payload_octets;
  const end = (/** @type {string} */ address, /** @type {number} */ at) => (
    `${(fieldOf(ip, `ip.${address}`) ?? fieldOf(ip, `ipv6.${address}`))?.text} ${numberAt(journey, start + at, 16)}`);
  return {
    journey, from: end("src", 0), to: end("dst", 16), seq: numberAt(journey, start + 32, 32),
    ack: (flags & ACK) === 0 ? null : numberAt(journey, start + 64, 32), syn, fin, data,
    numbers: data + Number(syn) + Number(fin), window: numberAt(journey, start + 112, 16),
    shift: syn ? fieldOf(tcp, "tcp.options.wscale.shift")?.number ?? null : null,
  };
}

/**
 * All segments of the connection that this one belongs to, in the order of the run.
 * @param {Run | null} run
 * @param {Segment} one
 * @returns {Segment[]}
 */
function connection(run, { from, to }) {
  const all = (run?.journeys ?? []).map(segment).filter((each) => each !== null);
  return all.filter((each) => (each.from === from && each.to === to) || (each.from === to && each.to === from));
}

/**
 * The SYN by which that end opened the connection; undefined where the run does not hold it.
 * @param {Run | null} run
 * @param {Segment} one
 * @param {string} end
 * @returns {Segment | undefined}
 */
function synOf(run, one, end) {
  return connection(run, one).find((each) => each.syn && each.from === end);
}

/**
 * The latest segment before this one whose end its acknowledgment number names.
 * @param {Run | null} run
 * @param {Segment} one
 * @returns {Segment | undefined}
 */
export function acknowledged(run, one) {
  return connection(run, one).findLast((each) => each.journey.number < one.journey.number && each.from === one.to
    && each.numbers > 0 && around(each.seq + each.numbers) === one.ack);
}

/**
 * The latest segment before this one that brought it the timestamp which it echoes.
 * @param {Run | null} run
 * @param {Segment} one
 * @param {number} echo
 * @returns {Segment | undefined}
 */
export function echoed(run, one, echo) {
  return connection(run, one).findLast((each) => each.journey.number < one.journey.number && each.from === one.to
    && fieldOf(headerOf(each.journey, "TCP"), "tcp.options.timestamp.tsval")?.number === echo);
}

/**
 * The factor by which the window of that segment counts: a SYN's is never scaled, and both ends must offer scaling.
 * @param {Run | null} run
 * @param {Segment} one
 * @returns {{ shift: number, mine: Segment } | "never" | "not offered" | "unknown"}
 */
export function scale(run, one) {
  if (one.syn) return "never";
  const [mine, other] = [synOf(run, one, one.from), synOf(run, one, one.to)];
  if (mine === undefined || other === undefined) return "unknown";
  if (mine.shift === null || other.shift === null) return "not offered";
  return { shift: Math.min(mine.shift, 14), mine };
}

/**
 * Where an end begins to count, and the frame that says so: its SYN; where the run does not hold that, 1 before the first
 * of its numbers that is seen, as Wireshark does.
 * @typedef {{ initial: number, frame: number, isSyn: boolean }} Base
 */

/**
 * @param {Run | null} run
 * @param {Segment} one
 * @param {string} end
 * @returns {Base | null}
 */
function baseOf(run, one, end) {
  const syn = synOf(run, one, end);
  if (syn !== undefined) return { initial: syn.seq, frame: syn.journey.number, isSyn: true };
  for (const { journey, from, seq, ack } of connection(run, one)) {
    const first = from === end ? seq : ack;
    if (first !== null) return { initial: around(first - 1), frame: journey.number, isSyn: false };
  }
  return null;
}

/**
 * A sequence or acknowledgment number less the initial one of the end that counts with it; null where that is unknown.
 * @param {Run | null} run
 * @param {Journey} journey
 * @param {string} name Wireshark's name of the field
 * @returns {Base & { relative: number, raw: number } | null}
 */
export function relative(run, journey, name) {
  const one = segment(journey);
  if (one === null || (name !== "tcp.seq_raw" && name !== "tcp.ack_raw")) return null;
  const raw = name === "tcp.seq_raw" ? one.seq : one.ack;
  const base = baseOf(run, one, name === "tcp.seq_raw" ? one.from : one.to);
  if (raw === null || base === null) return null;
  return { ...base, relative: around(raw - base.initial), raw };
}
