// A checksum with the real numbers: the sum of what it covers, its complement, and whether the field says the same.

import { octetsOf } from "./bits.js";
import { headerOf } from "./inspector-connection.js";
import { numberAt } from "./inspector.js";

/** @import { Place, Sum } from "./inspector-sums.js" */
/** @import { Header, Journey } from "./messages.js" */

const ALL_ONES = 0xffff;

/**
 * @param {Place} place
 * @returns {Sum[]}
 */
export function headerChecksum({ journey, header, field }) {
  const octets = octetsOf(journey.octets).slice(header.octet_offset, header.octet_offset + header.octet_length);
  if (octets.length < header.octet_length) return unchecked(header);
  const at = field.bit_offset / 8 - header.octet_offset;
  return [verdict(header, octets, at, `over the ${octets.length} bytes of this header`)];
}

/**
 * @param {Header} header whose checksum can't be computed from this frame
 * @returns {Sum[]}
 */
function unchecked({ checksum }) {
  return checksum?.reason ? [{ sum: checksum.status, words: checksum.reason }] : [];
}

/**
 * Over pseudo-header, header and data (RFC 9293 section 3.1, RFC 768); not for a fragment or what is cut short.
 * @param {Place} place
 * @returns {Sum[]}
 */
export function segmentChecksum({ journey, header, field }) {
  const ip = headerOf(journey, "IPv4");
  const length = ip === undefined ? 0 : numberAt(journey, ip.octet_offset * 8 + 16, 16) - ip.octet_length;
  const octets = octetsOf(journey.octets).slice(header.octet_offset, header.octet_offset + length);
  if (ip === undefined || length <= 0 || octets.length < length || isFragment(journey, ip)) return unchecked(header);
  const start = (ip.octet_offset + 12) * 2;
  const protocol = numberAt(journey, (ip.octet_offset + 9) * 8, 8);
  const pseudo = [...octetsOf(journey.octets.slice(start, start + 16)), 0, protocol, length >> 8, length & 255];
  const at = 12 + field.bit_offset / 8 - header.octet_offset;
  const data = length - header.octet_length;
  const cover = `over 12 bytes of pseudo-header, ${header.octet_length} of header and ${data} of data`;
  return [verdict(header, [...pseudo, ...octets], at, cover)];
}

/**
 * @param {Journey} journey
 * @param {Header} ip
 * @returns {boolean}
 */
function isFragment(journey, ip) {
  return numberAt(journey, (ip.octet_offset + 6) * 8 + 2, 14) !== 0;
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
  const wrong = `the field says ${hex(carried)}. ${checksum?.reason || "That is wrong, or left to the network card."}`;
  const words = `${hex(sum)} is the sum ${cover}, with 0 for this field; ${isRight ? "the field says so too: right" : wrong}`;
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
  return [{ sum: `CRC-32 = 0x${value}`, words: `over all ${octets.length / 2} bytes from the destination MAC to the end of the frame` }];
}
