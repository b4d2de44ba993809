// Where a field's value comes from another: the sum with the real numbers of this run. Nothing is said where nothing
// can be derived from the run's frames.

import { checkSequence, headerChecksum, segmentChecksum } from "./inspector-checksums.js";
import { acknowledged, echoed, headerOf, relative, scale, segment } from "./inspector-connection.js";
import { find, numberAt, sections } from "./inspector.js";
import { say, sayMany } from "./say.js";
import { bytesText, inBytes } from "./words.js";

/** @import { Found } from "./inspector.js" */
/** @import { Segment } from "./inspector-connection.js" */
/** @import { Field, Header, Journey, Run } from "./messages.js" */

/**
 * `sum` is a line of numbers, `words` say what they are.
 * @typedef {{ sum: string, words: string }} Sum
 */

/** @typedef {{ run: Run | null, journey: Journey, header: Header, field: Field }} Place */

/** @type {Map<string, (place: Place) => Sum[]>} */
const SUMS = new Map([
  ["ip.hdr_len", headerLength],
  ["tcp.hdr_len", headerLength],
  ["ip.len", totalLength],
  ["ipv6.plen", behindHeader],
  ["udp.length", udpLength],
  ["ip.frag_offset", fragmentOffset],
  ["ip.checksum", headerChecksum],
  ["tcp.checksum", segmentChecksum],
  ["udp.checksum", segmentChecksum],
  ["icmp.checksum", segmentChecksum],
  ["icmpv6.checksum", segmentChecksum],
  ["ipv6.fraghdr.offset", fragmentOffset],
  ["eth.len", linkLength],
  ["tcp.seq_raw", sequence],
  ["tcp.ack_raw", acknowledgment],
  ["tcp.window_size_value", scaledWindow],
  ["tcp.options.wscale.shift", shiftFactor],
  ["tcp.options.mss_val", largestSegment],
  ["tcp.options.timestamp.tsecr", echo],
]);

/**
 * @param {Run | null} run
 * @param {Journey} journey
 * @param {Found} found
 * @returns {Sum[]}
 */
export function sums(run, journey, { section, field }) {
  if (section.key === "fcs") return checkSequence(journey);
  if (section.header === null || field === null) return [];
  return SUMS.get(field.name)?.({ run, journey, header: section.header, field }) ?? [];
}

/**
 * The field as it is shown; a sequence number relative and raw on one line.
 * @param {Run | null} run
 * @param {Journey} journey
 * @param {Field} field
 * @returns {string}
 */
export function valueText(run, journey, field) {
  return valueParts(run, journey, field).join(" · ");
}

/**
 * The same in its parts, which may stand on lines of their own.
 * @param {Run | null} run
 * @param {Journey} journey
 * @param {Field} field
 * @returns {string[]}
 */
export function valueParts(run, journey, field) {
  const numbers = relative(run, journey, field.name);
  if (numbers !== null) return [say("relative {number}", { number: numbers.relative }), rawText(numbers.raw)];
  return field.name === "tcp.window_size_value" ? windowParts(run, journey, field) : [field.text];
}

/**
 * @param {number} raw
 * @returns {string}
 */
function rawText(raw) {
  return say("raw {number}", { number: raw });
}

/**
 * @param {Run | null} run
 * @param {Journey} journey
 * @param {Field} field
 * @returns {string[]}
 */
function windowParts(run, journey, { text }) {
  const one = segment(journey);
  const scaled = one === null ? "unknown" : scale(run, one);
  if (one === null || typeof scaled === "string") return [text];
  return [say("scaled {number}", { number: one.window * 2 ** scaled.shift }), rawText(one.window)];
}

/**
 * The length stands in the field's first four bits, whatever unit its number has been given in.
 * @param {Place} place
 * @returns {Sum[]}
 */
function headerLength({ journey, field }) {
  const words = numberAt(journey, field.bit_offset, Math.min(field.bit_length, 4));
  return [{ sum: inBytes(`${words} × 4 = ${words * 4}`), words: say("the field counts words of 4 bytes") }];
}

/**
 * @param {Place} place
 * @returns {Sum[]}
 */
function totalLength({ journey, header, field }) {
  const all = numberAt(journey, field.bit_offset, field.bit_length);
  const inner = all - header.octet_length;
  if (inner < 0) return [];
  const padding = header.quoted ? 0 : sections(journey).find(({ key }) => key === "padding")?.bits ?? 0;
  const words = padding === 0 ? say("this header and what it carries") : sayMany(
    "this header and what it carries; {count} byte of padding behind it do not count",
    "this header and what it carries; {count} bytes of padding behind it do not count", padding / 8);
  return [
    { sum: `${all} = ${header.octet_length} + ${inner}`, words },
    ...segmentSum(journey, header, inner),
  ];
}

/**
 * @param {Journey} journey
 * @param {Header} ip
 * @param {number} inner
 * @returns {Sum[]}
 */
function segmentSum({ headers }, ip, inner) {
  const tcp = headers[headers.indexOf(ip) + 1];
  if (tcp?.protocol !== "TCP" || inner < tcp.octet_length) return [];
  return [{ sum: `${inner} = ${tcp.octet_length} + ${inner - tcp.octet_length}`, words: say("the TCP header and its data") }];
}

/**
 * @param {Place} place
 * @returns {Sum[]}
 */
function behindHeader({ journey, header, field }) {
  const inner = numberAt(journey, field.bit_offset, field.bit_length);
  const all = header.octet_length + inner;
  return [{ sum: inBytes(`${header.octet_length} + ${inner} = ${all}`), words: say("this header and what it states: the whole packet") }];
}

/**
 * @param {Place} place
 * @returns {Sum[]}
 */
function udpLength({ journey, header, field }) {
  const all = numberAt(journey, field.bit_offset, field.bit_length);
  const data = all - header.octet_length;
  return data < 0 ? [] : [{ sum: `${all} = ${header.octet_length} + ${data}`, words: say("this header and its data") }];
}

/**
 * @param {Place} place
 * @returns {Sum[]}
 */
function linkLength({ journey, header, field }) {
  const inner = numberAt(journey, field.bit_offset, field.bit_length);
  return [{
    sum: inBytes(`${header.octet_length} + ${inner} = ${header.octet_length + inner}`),
    words: say("this header and what it states; padding is not counted"),
  }];
}

/**
 * @param {Place} place
 * @returns {Sum[]}
 */
function fragmentOffset({ journey, field }) {
  const eights = numberAt(journey, field.bit_offset, field.bit_length);
  return [{ sum: inBytes(`${eights} × 8 = ${eights * 8}`), words: say("the field counts blocks of 8 bytes") }];
}

/**
 * @param {Place} place
 * @returns {Sum[]}
 */
function sequence({ run, journey }) {
  const one = segment(journey);
  const numbers = relative(run, journey, "tcp.seq_raw");
  if (one === null || numbers === null) return [];
  const isFirst = numbers.isSyn && numbers.frame === journey.number;
  const from = numbers.isSyn
    ? say("the initial number is that of the SYN in frame {frame}", { frame: numbers.frame })
    : say("the SYN is not here, so the initial number is not known: the first number seen, in frame {frame}, counts as 1", { frame: numbers.frame });
  const parts = [
    ...(one.syn ? [say("1 for SYN")] : []), ...(one.data > 0 ? [say("{octets} for the data", { octets: one.data })] : []),
    ...(one.fin ? [say("1 for FIN")] : []),
  ];
  const next = parts.length === 0
    ? say("takes no number: the next segment has the same")
    : say("the number behind this segment: {parts}", { parts: parts.join(", ") });
  const words = isFirst ? say("the initial number: this very SYN chose it") : from;
  return [
    { sum: `${numbers.raw} − ${numbers.initial} = ${numbers.relative}`, words },
    { sum: `${numbers.relative} + ${one.numbers} = ${numbers.relative + one.numbers}`, words: next },
  ];
}

/**
 * @param {{ frame: number, isSyn: boolean }} base the other end's
 * @returns {string}
 */
function otherBaseWords({ frame, isSyn }) {
  if (isSyn) return say("the other end's initial number is that of the SYN in frame {frame}", { frame });
  return say("the SYN is not here, so the other end's initial number is not known: the first number seen, in frame {frame}, counts as 1", { frame });
}

/**
 * @param {Place} place
 * @returns {Sum[]}
 */
function acknowledgment({ run, journey }) {
  const one = segment(journey);
  if (one === null) return [];
  if (one.ack === null) return [{ sum: say("nothing"), words: say("ACK is not set, so the number is in no use here") }];
  const numbers = relative(run, journey, "tcp.ack_raw");
  const base = numbers === null ? [] : [{
    sum: `${numbers.raw} − ${numbers.initial} = ${numbers.relative}`,
    words: otherBaseWords(numbers),
  }];
  const before = acknowledged(run, one);
  return before === undefined ? base : [acknowledgedSum(one.ack, before), ...base];
}

/**
 * @param {number} ack
 * @param {Segment} before
 * @returns {Sum}
 */
function acknowledgedSum(ack, { journey, seq, numbers, syn, fin, data }) {
  const what = [
    ...(syn ? [say("its SYN takes 1")] : []), ...(data > 0 ? [say("its data takes {octets}", { octets: data })] : []),
    ...(fin ? [say("its FIN takes 1")] : []),
  ];
  const values = { number: journey.number, parts: what.join(", ") };
  return { sum: `${ack} = ${seq} + ${numbers}`, words: say("sequence number of frame {number}, {parts}", values) };
}

/**
 * @param {Place} place
 * @returns {Sum[]}
 */
function scaledWindow({ run, journey }) {
  const one = segment(journey);
  if (one === null) return [];
  const scaled = scale(run, one);
  switch (scaled) {
    case "never": return [{ sum: bytesText(one.window), words: say("the window in a SYN is never scaled (RFC 7323)") }];
    case "not offered": return [{ sum: bytesText(one.window), words: say("not both SYNs offer window scaling: nothing is scaled") }];
    case "unknown": return [{ sum: `${one.window} × 2^?`, words: say("this run does not hold both SYNs: the shift is unknown") }];
  }
  return [{
    sum: inBytes(`${one.window} × 2^${scaled.shift} = ${one.window * 2 ** scaled.shift}`),
    words: say("the shift is that of the SYN in frame {number}", { number: scaled.mine.journey.number }),
  }];
}

/**
 * @param {Place} place
 * @returns {Sum[]}
 */
function shiftFactor({ field: { number } }) {
  if (number === null) return [];
  const words = number > 14
    ? say("the factor for every later window of this end; {number} is above 14, so 14 counts (RFC 7323)", { number })
    : say("the factor for every later window of this end");
  const shift = Math.min(number, 14);
  return [{ sum: `2^${shift} = ${2 ** shift}`, words }];
}

/**
 * @param {Place} place
 * @returns {Sum[]}
 */
function largestSegment({ journey, field: { number } }) {
  if (number === null) return [];
  const ip = headerOf(journey, "IPv6") === undefined ? 20 : 40;
  return [{ sum: inBytes(`${number} + 20 + ${ip} = ${number + 20 + ip}`), words: say("with the least TCP and IP headers: the largest packet") }];
}

/**
 * @param {Place} place
 * @returns {Sum[]}
 */
function echo({ run, journey, field: { number } }) {
  const one = segment(journey);
  const before = one === null || number === null ? undefined : echoed(run, one, number);
  if (before === undefined) return [];
  return [{ sum: `${number}`, words: say("the timestamp value that frame {number} brought", { number: before.journey.number }) }];
}

/**
 * A field's choice in words, for a label: 'IPv4 · Time to live'.
 * @param {Journey} journey
 * @param {import("./store.js").Choice} choice
 * @returns {string}
 */
export function choiceName(journey, choice) {
  const found = find(journey, choice);
  if (found === null) return "";
  return found.field === null ? found.section.label : `${found.section.label} · ${found.field.label}`;
}

