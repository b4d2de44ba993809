// A checksum with the real numbers: the sum of what it covers, its complement, and whether the field says the same.

import { octetsOf } from "./bits.js";
import { numberAt } from "./inspector.js";
import { say } from "./say.js";

/** @import { Place, Sum } from "./inspector-sums.js" */
/** @import { ChecksumStatus, Header, Journey } from "./messages.js" */

const ALL_ONES = 0xffff;

/**
 * @param {Place} place
 * @returns {Sum[]}
 */
export function headerChecksum({ journey, header, field }) {
  const octets = octetsOf(journey.octets).slice(header.octet_offset, header.octet_offset + header.octet_length);
  if (octets.length < header.octet_length) return unchecked(header);
  const at = field.bit_offset / 8 - header.octet_offset;
  return [verdict(header, octets, at, say("over the {octets} bytes of this header", { octets: octets.length }))];
}

/**
 * @param {Header} header whose checksum can't be computed from this frame
 * @returns {Sum[]}
 */
function unchecked({ checksum }) {
  if (checksum === null) return [];
  const status = STATUSES[checksum.status];
  const isSame = checksum.true === null || checksum.true === checksum.found;
  const sum = isSame ? status : say("{status}: it would have to be {checksum}", { status, checksum: hex(checksum.true ?? 0) });
  return [{ sum, words: checksum.reason }];
}

/** @type {Record<ChecksumStatus, string>} */
const STATUSES = {
  good: say("good"), bad: say("bad"), partial: say("partial"), "not checkable": say("not checkable"),
  "not present": say("not present"),
};

/**
 * Over pseudo-header, header and data (RFC 9293 section 3.1, RFC 768, RFC 8200 section 8.1); ICMP's without a pseudo-header.
 * Only where it comes to what the server reckoned from the whole packet: not for a fragment or what is cut short.
 * @param {Place} place
 * @returns {Sum[]}
 */
export function segmentChecksum({ journey, header, field }) {
  const ip = carrierOf(journey, header);
  const known = header.checksum?.true ?? null;
  if (ip === null || known === null) return unchecked(header);
  const all = octetsOf(journey.octets);
  const octets = all.slice(header.octet_offset, packetEnd(journey, ip));
  const pseudo = header.protocol === "ICMP" ? [] : pseudoHeader(all, ip, header.protocol, octets.length);
  const at = pseudo.length + field.bit_offset / 8 - header.octet_offset;
  const data = octets.length - header.octet_length;
  const sizes = { pseudo: pseudo.length, header: header.octet_length, data };
  const cover = pseudo.length === 0
    ? say("over {header} of header and {data} of data", sizes)
    : say("over {pseudo} bytes of pseudo-header, {header} of header and {data} of data", sizes);
  const told = verdict(header, [...pseudo, ...octets], at, cover);
  const isSame = told.sum.endsWith(hex(known)) || (known === ALL_ONES && told.sum.endsWith(hex(0)));
  return isSame ? [told] : unchecked(header);
}

/** @type {Record<string, number>} */
const NUMBERS = { TCP: 6, UDP: 17, ICMPv6: 58 };

/**
 * The IP header that carries this one: the last before it.
 * @param {Journey} journey
 * @param {Header} header
 * @returns {Header | null}
 */
function carrierOf({ headers }, header) {
  const before = headers.slice(0, headers.indexOf(header));
  return before.findLast(({ protocol }) => protocol === "IPv4" || protocol === "IPv6") ?? null;
}

/**
 * @param {Journey} journey
 * @param {Header} ip
 * @returns {number} the octet behind the packet's last
 */
function packetEnd(journey, { protocol, octet_offset: at }) {
  if (protocol === "IPv4") return at + numberAt(journey, (at + 2) * 8, 16);
  return at + 40 + numberAt(journey, (at + 4) * 8, 16);
}

/**
 * @param {number[]} all the frame's octets
 * @param {Header} ip
 * @param {string} protocol
 * @param {number} length
 * @returns {number[]}
 */
function pseudoHeader(all, { protocol: version, octet_offset: at }, protocol, length) {
  const number = NUMBERS[protocol] ?? 0;
  const size = [length >> 24, length >> 16, length >> 8, length].map((each) => each & 255);
  if (version === "IPv4") return [...all.slice(at + 12, at + 20), 0, number, ...size.slice(2)];
  return [...all.slice(at + 8, at + 40), ...size, 0, 0, 0, number];
}

/**
 * The ones' complement sum of the 16-bit words with the field left out, and its complement (RFC 1071).
 * @param {Header} header
 * @param {number[]} octets
 * @param {number} at the field's own place among them
 * @param {string} cover
 * @returns {Sum}
 */
function verdict({ checksum }, octets, at, cover) {
  const blank = octets.map((octet, index) => (index === at || index === at + 1 ? 0 : octet));
  let sum = 0;
  for (let index = 0; index < blank.length; index += 2) sum += (blank[index] ?? 0) * 256 + (blank[index + 1] ?? 0);
  while (sum > ALL_ONES) sum = (sum & ALL_ONES) + Math.floor(sum / (ALL_ONES + 1));
  const computed = ALL_ONES - sum;
  const carried = (octets[at] ?? 0) * 256 + (octets[at + 1] ?? 0);
  const isRight = carried === computed || (carried === ALL_ONES && computed === 0);
  const values = { sum: hex(sum), cover, carried: hex(carried) };
  const right = say("{sum} is the sum {cover}, with 0 for this field; the field says so too: right", values);
  const wrong = say("{sum} is the sum {cover}, with 0 for this field; the field says {carried}.", values);
  const words = isRight ? right : `${wrong} ${checksum?.reason || say("That is wrong, or left to the network card.")}`;
  return { sum: `0xffff − ${hex(sum)} = ${hex(computed)}`, words };
}

/**
 * @param {number} value
 * @returns {string}
 */
function hex(value) {
  return `0x${value.toString(16).padStart(4, "0")}`;
}

/**
 * @param {Journey} journey
 * @returns {Sum[]}
 */
export function checkSequence({ octets, fcs }) {
  const value = octetsOf(fcs).reverse().map((octet) => octet.toString(16).padStart(2, "0")).join("");
  return [{ sum: `CRC-32 = 0x${value}`, words: say("over all {octets} bytes from the destination MAC to the end of the frame", { octets: octets.length / 2 }) }];
}
