// Where a field stands in its frame, and what one of its bits is, in words.

import { bitAt, changedBits, fromWire, isDamagedInDevice, signalAt, toWire } from "./bits.js";
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

const MOST_SHOWN_BITS = 64;

/**
 * Where what came differs from what was sent, which is what everything else here shows.
 * @param {Journey} journey
 * @param {Found} found
 * @returns {string} empty where all of it came as it was sent
 */
export function arrivedText(journey, { section, first, bits }) {
  const changed = changedBits(journey).map((bit) => fromWire(journey, bit)).filter((bit) => bit >= first && bit < first + bits);
  const [bit] = changed;
  if (bit === undefined) return "";
  const shown = bits <= MOST_SHOWN_BITS ? { from: first, count: bits } : { from: bit - (bit & 7), count: 8 };
  const sent = digits(journey, shown.from, shown.count, 0), came = digits(journey, shown.from, shown.count, Infinity);
  if (section.computed) return say("Shown as it was sent, {sent}. A device on the way computed a new one: {came} came.", { sent, came });
  const values = { bit: bit - first + 1, bits, sent, came };
  return isDamagedInDevice(journey)
    ? say("Shown as it was sent. A device on the way flipped bit {bit} of {bits}: {sent} was sent, {came} came.", values)
    : say("Shown as it was sent. On the wire bit {bit} of {bits} was flipped: {sent} was sent, {came} came.", values);
}

/**
 * Some bits of the frame as they stand before or behind the damage: in hexadecimal where they are whole octets.
 * @param {Journey} journey
 * @param {number} from
 * @param {number} count
 * @param {number} place on the wire
 * @returns {string}
 */
function digits(journey, from, count, place) {
  const whole = signalAt(journey, place);
  const binary = Array.from({ length: count }, (_, index) => bitAt(whole, toWire(journey, from + index))).join("");
  return count % 8 === 0 && from % 8 === 0 ? `0x${BigInt(`0b${binary}`).toString(16).padStart(count / 4, "0")}` : binary;
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
