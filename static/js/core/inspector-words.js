// Where a field stands in its frame, and what one of its bits is, in words.

import { networkBit } from "./inspector.js";
import { say, sayMany } from "./say.js";
import { bitsText, bytesText } from "./words.js";

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
  const size = bits % 8 === 0 ? bytesText(bits / 8) : bitsText(bits);
  if (!known) return say("{size} on the wire that the capture left out", { size });
  if (computed) return say("{size} on the wire, in no capture", { size });
  if (bits === 0) return say("no bits of its own");
  const [from, to] = [first >> 3, (first + bits - 1) >> 3];
  const [bit, last] = [first % 8, (first + bits - 1) % 8];
  const isWhole = first % 8 === 0 && bits % 8 === 0;
  if (isWhole && from === to) return say("{size}: byte {from} of the frame", { size, from });
  if (isWhole) return say("{size}: bytes {from} to {to} of the frame", { size, from, to });
  if (from !== to) return say("{size}: bytes {from} to {to} of the frame, from bit {bit}", { size, from, to, bit });
  if (bits === 1) return say("{size}: byte {from} of the frame, bit {bit}", { size, from, bit });
  return say("{size}: byte {from} of the frame, bits {bit} to {last}", { size, from, bit, last });
}

/**
 * @param {number} count
 * @returns {string}
 */
export function fieldsText(count) {
  return sayMany("{count} field", "{count} fields", count);
}

const FLAG_BITS = new Map([
  ["tcp.flags", ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR", "AE"]],
  ["ip.flags", [say("more fragments"), say("don't fragment"), say("reserved")]],
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
  const place = { bit: bit - first + 1, bits, value };
  if (named !== undefined) {
    return value === 1
      ? say("Bit {bit} of {bits} is 1: {name} is set", { ...place, name: named })
      : say("Bit {bit} of {bits} is 0: {name} is not set", { ...place, name: named });
  }
  const isNumber = field?.number !== null && field?.number !== undefined && behind <= 31;
  if (isNumber && value === 1) return say("Bit {bit} of {bits} is 1: worth {worth}", { ...place, worth: 2 ** behind });
  return say("Bit {bit} of {bits} is {value}", place);
}
