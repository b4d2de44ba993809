// Where a field stands in its frame, and what one of its bits is, in words.

import { networkBit } from "./inspector.js";

/** @import { Found, Section } from "./inspector.js" */
/** @import { Journey } from "./messages.js" */

/**
 * Where a stretch lies, in words.
 * @param {Section} section
 * @param {number} first
 * @param {number} bits
 * @returns {string}
 */
export function placeText({ computed, known }, first, bits) {
  const size = bits % 8 === 0 ? counted(bits / 8, "byte") : counted(bits, "bit");
  if (!known) return `${size} on the wire that the capture left out`;
  if (computed) return `${size} on the wire, in no capture`;
  if (bits === 0) return "no bits of its own";
  const [from, to] = [first >> 3, (first + bits - 1) >> 3];
  const octets = from === to ? `byte ${from}` : `bytes ${from} to ${to}`;
  const whole = first % 8 === 0 && bits % 8 === 0;
  const inside = bits === 1 ? `bit ${first % 8}` : `bits ${first % 8} to ${(first + bits - 1) % 8}`;
  const part = whole ? "" : `, ${from === to ? inside : `from bit ${first % 8}`}`;
  return `${size}: ${octets} of the frame${part}`;
}

/**
 * @param {number} count
 * @param {string} thing
 * @returns {string}
 */
export function counted(count, thing) {
  return `${count} ${thing}${count === 1 ? "" : "s"}`;
}

const FLAG_BITS = new Map([
  ["tcp.flags", ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR", "AE"]],
  ["ip.flags", ["more fragments", "don't fragment", "reserved"]],
]);

/**
 * One bit in words: its place in the field, its value and what that is worth or stands for.
 * @param {Journey} journey
 * @param {Found} found
 * @returns {string} empty where no bit is meant
 */
export function bitText(journey, { field, first, bits, bit }) {
  if (bit === null) return "";
  const value = networkBit(journey, bit);
  const behind = first + bits - 1 - bit;
  const named = FLAG_BITS.get(field?.name ?? "")?.[behind];
  const place = `Bit ${bit - first + 1} of ${bits} is ${value}`;
  if (named !== undefined) return `${place}: ${named} is ${value === 1 ? "set" : "not set"}`;
  if (field?.number === null || field?.number === undefined || behind > 31) return place;
  return value === 1 ? `${place}: worth ${2 ** behind}` : place;
}
