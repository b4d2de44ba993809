// Which bits of the wire are in sight, and where they, the headers' bands and the words stand in a box of that size.
// Space is drawn as it is: a frame to the right has its first bit on the right, in front.

import { bitAt, isDamagedInDevice, isKnown, nameOf, signal, wayOf, wrongBit } from "./bits.js";
import { letterOf, sansWidth } from "./text.js";
import { clamped } from "./motion.js";
import { decimal, say } from "./say.js";

/** @import { BitName, Region, Signal, Way } from "./bits.js" */
/** @import { HeldFrame, Journey, Side } from "./messages.js" */
/** @import { WireScene } from "./scene.js" */

/**
 * The wire's own box: its two ends, its middle, and the width of a bit.
 * @typedef {{ left: number, right: number, middle: number, pitch: number }} Pipe
 */

/**
 * `forward` is 1 for a frame to the right, -1 to the left. Bit b stands from `originX - forward * b * pitch` on,
 * backwards. `first` and `last` bound the whole bits in sight; `marked` is the bit under the marker, -1 for none. Of a
 * `lost` frame nothing is seen behind the marker, of one that the wire `copied` nothing before it. `wrong` is the bit that is flipped at the marker, -1 for none.
 * @typedef {Pipe & {
 *   journey: Journey, lost: boolean, copied: boolean, forward: 1 | -1, originX: number, place: number, first: number, last: number, marked: number, wrong: number,
 *   frontX: number, backX: number, bits: number, bands: Band[], map: Band[], rows: Rows,
 * }} Wave
 * @typedef {{ region: Region, x: number, width: number }} Band
 * @typedef {{
 *   words: number, pipe: number, digits: number, high: number, low: number, band: number, bandHeight: number,
 *   map: number, mapHeight: number,
 * }} Rows
 */

const PLUG_EM = 1.3;
const MOST_BITS = 96;
const LEAST_PITCH_EM = 1.04;

/**
 * @param {number} widthPx
 * @param {number} emPx
 * @returns {Pipe}
 */
export function pipe(widthPx, emPx) {
  const left = PLUG_EM * emPx;
  const right = widthPx - left;
  return { left, right, middle: widthPx / 2, pitch: Math.max((right - left) / MOST_BITS, LEAST_PITCH_EM * emPx) };
}

/**
 * The heights of the rows: words, digits, wave, bands, map of the whole frame. `extra` is a row on top of them.
 * @param {number} heightPx
 * @param {number} emPx
 * @param {number} extra px
 * @returns {Rows}
 */
export function rows(heightPx, emPx, extra) {
  const bandHeight = 1.6 * emPx;
  const mapHeight = 0.5 * emPx;
  const map = heightPx - mapHeight - 1;
  const band = map - 0.35 * emPx - bandHeight;
  const at = (/** @type {number} */ em) => extra + em * emPx;
  const low = band - 0.45 * emPx;
  return { words: at(1.15), pipe: at(1.85), digits: at(2.95), high: at(3.35), low, band, bandHeight, map, mapHeight };
}

/**
 * @param {WireScene} wire
 * @param {Pipe} box
 * @param {Rows} at
 * @returns {Wave}
 */
export function layoutWave({ journey, bit, lead, tail, lost, copied }, box, at) {
  const { left, right, middle, pitch } = box;
  const { bits, regions } = signal(journey);
  const half = (right - left) / 2 / pitch;
  const forward = journey.sender === "client" ? 1 : -1;
  const place = bit - half * (1 - lead) + half * tail;
  const originX = middle + forward * place * pitch;
  const isOnLeft = lost ? forward === 1 : forward === -1;
  const [least, most] = lost || copied ? [isOnLeft ? left : middle, isOnLeft ? middle : right] : [left, right];
  const xOf = (/** @type {number} */ each) => Math.min(Math.max(originX - forward * each * pitch, least), most);
  const mapX = (/** @type {number} */ each) => middle - forward * (each / bits - 0.5) * (right - left);
  return {
    ...box, journey, lost, copied, forward, originX, place, bits, rows: at,
    first: Math.max(0, Math.ceil(lost ? place : place - half)),
    last: Math.min(bits, Math.floor(copied ? place : place + half)),
    wrong: wrongBit(journey),
    marked: place < 0 || place > bits ? -1 : Math.min(Math.floor(place), bits - 1),
    frontX: xOf(0),
    backX: xOf(bits),
    bands: regions.map((region) => banded(region, xOf)).filter(({ width }) => width > 0.5),
    map: regions.map((region) => banded(region, mapX)),
  };
}

/**
 * @param {Region} region
 * @param {(bit: number) => number} xOf
 * @returns {Band}
 */
function banded(region, xOf) {
  const ends = [xOf(region.firstBit), xOf(region.firstBit + region.bits)];
  const x = Math.min(...ends);
  return { region, x, width: Math.max(...ends) - x };
}

/**
 * The part of the map that is in sight: its two ends.
 * @param {Wave} wave
 * @returns {{ x: number, width: number }}
 */
export function mapWindow({ place, bits, forward, left, right, middle, pitch }) {
  const half = (right - left) / 2 / pitch;
  const xOf = (/** @type {number} */ bit) => middle - forward * (clamped(bit / bits) - 0.5) * (right - left);
  const ends = [xOf(place - half), xOf(place + half)];
  const x = Math.min(...ends);
  return { x, width: Math.max(...ends) - x };
}

/**
 * Where a bit stands on the map of the whole frame.
 * @param {Wave} wave
 * @param {number} bit
 * @returns {number}
 */
export function mapPlace({ bits, forward, left, right, middle }, bit) {
  return middle - forward * ((bit + 0.5) / bits - 0.5) * (right - left);
}

/**
 * The digits of the bits in sight and where each stands, from the origin; a question mark for what nobody captured.
 * @param {Wave} wave
 * @param {Signal} signal
 * @returns {{ digits: string, xs: string }}
 */
export function digitsOf({ first, last, pitch, forward }, signal) {
  let digits = "";
  /** @type {number[]} */
  const xs = [];
  for (let bit = first; bit < last; bit += 1) {
    digits += isKnown(signal, bit) ? bitAt(signal, bit) : "?";
    xs.push(Math.round(-forward * (bit + 0.5) * pitch * 100) / 100);
  }
  return { digits, xs: xs.join(" ") };
}

/**
 * The octets in sight in hexadecimal, each with its middle, from the origin.
 * @param {Wave} wave
 * @param {Signal} signal
 * @returns {{ octet: number, hex: string, x: number }[]}
 */
export function hexOf({ first, last, pitch, forward }, signal) {
  /** @type {{ octet: number, hex: string, x: number }[]} */
  const found = [];
  for (let octet = Math.ceil(first / 8); octet * 8 + 8 <= last; octet += 1) {
    const hex = (signal.octets[octet] ?? 0).toString(16).padStart(2, "0");
    found.push({ octet, hex: isKnown(signal, octet * 8) ? hex : "??", x: -forward * (octet * 8 + 4) * pitch });
  }
  return found;
}

/**
 * Thin lines where one octet ends and the next begins, from the origin.
 * @param {Wave} wave
 * @returns {string}
 */
export function octetTicks({ first, last, pitch, forward, rows: at }) {
  let path = "";
  for (let bit = Math.ceil(first / 8) * 8; bit <= last; bit += 8) {
    path += `M${Math.round(-forward * bit * pitch * 100) / 100} ${at.pipe}V${at.band}`;
  }
  return path;
}

/**
 * What stands over the marker: the header, the field and the bit under it; what the wire does where there is none.
 * @param {WireScene | null} wire
 * @returns {{ name: BitName | null, words: string[] }} words: the longest first
 */
export function markerWords(wire) {
  const resting = restingWords(wire);
  if (wire === null || resting.length > 0) return { name: null, words: resting };
  const { bits, isEthernet } = signal(wire.journey);
  const name = nameOf(wire.journey, wire.bit);
  const at = { bit: name.bit + 1, bits };
  const count = say("bit {bit} of {bits}", at);
  const header = name.region.label;
  const field = name.field === "" ? header : `${header} · ${name.field}`;
  const damaged = wrongWords(wire, name);
  if (damaged.length > 0) return { name, words: damaged };
  const words = [`${field} · ${bitSaid(name.value, isEthernet, at)}`, `${field} · ${count}`, `${header} · ${count}`, count];
  if (wire.copied) return { name, words: words.map((each) => say("Second copy: {what}", { what: each })).concat(say("Second copy")) };
  return { name, words: wire.lost ? words.map((each) => say("Lost here: {what}", { what: each })).concat(say("Lost here")) : words };
}

/**
 * What stands over the marker while the wrong bit is under it; its number counts from the frame's first bit, as the story's sentence does.
 * @param {WireScene} wire
 * @param {BitName} name
 * @returns {string[]} the longest first, none elsewhere
 */
function wrongWords({ journey }, { bit, region, value }) {
  if (bit !== wrongBit(journey) || value === null) return [];
  const values = { header: region.label, bit: journey.flipped_bit ?? 0, sent: value, came: 1 - value };
  const long = isDamagedInDevice(journey)
    ? say("Damaged in a device on the way: {header} · bit {bit} of the frame, sent as {sent}, goes on as {came}", values)
    : say("Damaged on the wire: {header} · bit {bit} of the frame, sent as {sent}, goes on as {came}", values);
  return [long, say("Damaged here: bit {bit} of the frame, {sent} becomes {came}", values), say("Damaged here")];
}

/**
 * What is said once all bits of a damaged frame have passed.
 * @param {Journey} journey
 * @returns {string[]} the longest first, none where nothing is damaged
 */
function damagedWords(journey) {
  const wrong = wrongBit(journey);
  if (wrong < 0) return [];
  const { value, region } = nameOf(journey, wrong);
  const values = { header: region.label, bit: journey.flipped_bit ?? 0, sent: value ?? "?", came: value === null ? "?" : 1 - value };
  const long = isDamagedInDevice(journey)
    ? say("Bit {bit} of the frame ({header}) was sent as {sent} and came as {came}: a device on the way damaged it, and made a new, true FCS", values)
    : say("Bit {bit} of the frame ({header}) was sent as {sent} and came as {came}: the FCS does not fit any more", values);
  return [long, say("Bit {bit} of the frame ({header}): sent {sent}, came {came}", values), say("Bit {bit} of the frame is wrong", values)];
}

/**
 * A bit with its value, on Ethernet with the shape that it has in the wave.
 * @param {0 | 1 | null} value
 * @param {boolean} hasShape
 * @param {{ bit: number, bits: number }} at
 * @returns {string}
 */
function bitSaid(value, hasShape, at) {
  if (value === null) return say("bit {bit} of {bits} is unknown", at);
  if (!hasShape) return say("bit {bit} of {bits} is {value}", { ...at, value });
  return value === 1 ? say("bit {bit} of {bits} is 1: low, then high", at) : say("bit {bit} of {bits} is 0: high, then low", at);
}

/**
 * What the wire does while no bit is under the marker.
 * @param {WireScene | null} wire
 * @returns {string[]} the longest first, none while bits pass
 */
function restingWords(wire) {
  if (wire === null) return [say("The wire is idle"), say("Idle")];
  const frame = { number: wire.journey.number };
  if (wire.lost && wire.gone) return [say("Frame {number} was lost here: the other end never sees it", frame), say("Lost here")];
  const way = wayOf(wire.journey);
  const damaged = wire.bit > 0 && isPassed(wire) ? damagedWords(wire.journey) : [];
  if (damaged.length > 0) return damaged;
  if (way !== "wire") return restingElsewhere(wire, way);
  if (wire.lead === 0) return [say("The wire is idle: it waits for frame {number}", frame), say("Idle: waits for frame {number}", frame)];
  if (wire.lead < 1) return [say("The first bits of frame {number} leave", frame), say("The first bits leave")];
  if (wire.tail === 0) return [];
  if (wire.tail < 1) return [say("The last bits of frame {number} arrive", frame), say("The last bits arrive")];
  const { bits } = signal(wire.journey);
  return [
    say("The wire is idle again: frame {number} has crossed, {bits} bits", { ...frame, bits }),
    say("Idle: frame {number} has crossed", frame),
  ];
}

/**
 * @param {WireScene} wire
 * @returns {boolean} whether its last bit has passed the marker
 */
function isPassed({ journey, bit }) {
  return bit >= signal(journey).bits;
}

/** What is said where the wire's bits are not known, or not even whether there was one: in full, and short. */
const UNKNOWN_WAYS = {
  ethernet: [say("The wire's own bits are not known"), say("Bits not known")],
  unseen: [say("Link not captured"), say("Link not captured")],
};

/**
 * Where nobody knows of a wire, nothing is said of it.
 * @param {WireScene} wire
 * @param {Exclude<Way, "wire">} way
 * @returns {string[]} the longest first, none while the captured bits pass
 */
function restingElsewhere({ journey, lead, tail }, way) {
  const { number } = journey;
  const octets = signal(journey).bits / 8;
  const isStill = lead < 1;
  if (!isStill && tail === 0) return [];
  if (way === "memory") {
    if (isStill) return [
      say("No wire: frame {number} is yet to be handed over in memory", { number }),
      say("No wire: frame {number} to come", { number }),
    ];
    return [
      say("No wire: frame {number} was handed over in memory, {octets} bytes", { number, octets }),
      say("Handed over in memory"),
    ];
  }
  const [full = "", short = ""] = UNKNOWN_WAYS[way];
  if (isStill) return [
    say("{why}: frame {number} is still to come", { why: full, number }),
    say("{why}: frame {number} to come", { why: short, number }),
  ];
  return [
    say("{why}: frame {number} has arrived, {octets} bytes", { why: full, number, octets }),
    say("{why}: frame {number} has arrived", { why: short, number }),
  ];
}

/**
 * The frames that faults hold on the wire, the longest held of each side in front, with how long that has been.
 * @param {HeldFrame[]} held
 * @param {number} serverMs the server's clock
 * @returns {{ key: string, toRight: boolean, words: string[] }[]} at most one of each side; words: the longest first
 */
export function heldWords(held, serverMs) {
  return SIDES.flatMap((side) => {
    const [first, ...more] = held.filter(({ sender }) => sender === side);
    if (first === undefined) return [];
    const values = { kind: first.frame, seconds: decimal(Math.max(0, serverMs - first.since_ns / 1e6) / 1000, 1), more: more.length };
    const words = more.length === 0 ? [say("{kind} is held here: {seconds} s", values)] : [say("{kind} and {more} more are held here: {seconds} s", values)];
    return [{ key: side, toRight: side === "client", words: [...words, say("held: {seconds} s", values)] }];
  });
}

/** @type {Side[]} */
const SIDES = ["client", "server"];
const BEFORE_MARK_EM = 1.3;

/**
 * The words beside the leading edge where it is in sight, as many as the idle wire in front of it has room for.
 * @param {Wave} wave
 * @param {number} emPx
 * @returns {{ x: number, words: string } | null}
 */
export function leadingEdge({ frontX, left, right, forward }, emPx) {
  if (frontX <= left || frontX >= right) return null;
  const roomEm = (forward === 1 ? right - frontX : frontX - left) / emPx - BEFORE_MARK_EM - 0.4;
  const words = [say("first bit is at this end"), say("first bit")].find((each) => sansWidth(each, true) <= roomEm) ?? "";
  return { x: frontX + forward * BEFORE_MARK_EM * emPx, words };
}

const UNKNOWN = [
  say("as captured: how these bits crossed is not known"), say("as captured: how it crossed is not known"), say("as captured"),
];
/** @type {Record<Way, string[]>} */
export const ORIGINS = {
  wire: [say("as 10BASE-T would send it: computed"), say("10BASE-T: computed"), say("computed")],
  memory: [say("as captured: handed over in memory, on no wire"), say("as captured: no wire"), say("as captured")],
  ethernet: UNKNOWN,
  unseen: UNKNOWN,
};
const ORDER = [say("first bit in front: read"), say("read")];
const APART_EM = 1;

/**
 * What is said on either side of the sign over the marker: how the bits came to be, and in which order to read them.
 * @param {boolean} toRight
 * @param {Way} way
 * @param {number} computedEm the room for the one
 * @param {number} orderEm the room for the other; both share it where `computedEm` is 0
 * @returns {{ computed: string, order: string }}
 */
export function sideWords(toRight, way, computedEm, orderEm) {
  const origins = ORIGINS[way];
  const arrow = toRight ? "←" : "→";
  const fits = (/** @type {string[]} */ all, /** @type {number} */ roomEm, isBold = true) => (
    all.find((each) => sansWidth(each, isBold) <= roomEm) ?? "");
  const orders = ORDER.map((each) => `${each} ${arrow}`);
  if (computedEm > 0) return { computed: fits(origins, computedEm, false), order: fits(orders, orderEm) };
  const least = sansWidth(orders.at(-1) ?? "", true) + APART_EM;
  const computed = fits(origins, orderEm - least, false);
  return { computed, order: fits(orders, orderEm - sansWidth(computed, true) - APART_EM) };
}

/**
 * What is written on a band that is so wide.
 * @param {Region} region
 * @param {number} widthEm
 * @returns {string}
 */
export function bandText({ label, computed, known, bits }, widthEm) {
  const words = [label];
  if (!known) words.unshift(say("{what}: {octets} bytes", { what: label, octets: bits / 8 }));
  else if (computed) words.unshift(say("{what}: computed, not captured", { what: label }), say("{what}: computed", { what: label }));
  return words.find((each) => sansWidth(each, true) <= widthEm) ?? "";
}

/**
 * The same with its layer's letter, or the letter alone.
 * @param {Region} region
 * @param {number} widthEm
 * @returns {string}
 */
export function bandWords(region, widthEm) {
  const letter = letterOf(region.layer);
  const name = bandText(region, widthEm - 2.2);
  return name !== "" ? `${letter} · ${name}` : widthEm > 1.2 ? letter : "";
}

/**
 * @param {WireScene | null} wire
 * @returns {string}
 */
export function wireName(wire) {
  if (wire === null) return say("The wire between client and server, idle");
  const frame = { number: wire.journey.number };
  const toServer = wire.journey.sender === "client";
  if (wayOf(wire.journey) !== "wire") {
    return toServer
      ? say("The way from client to server with the bits of frame {number} as captured", frame)
      : say("The way from server to client with the bits of frame {number} as captured", frame);
  }
  return toServer
    ? say("The wire from client to server with the bits of frame {number} as a Manchester wave", frame)
    : say("The wire from server to client with the bits of frame {number} as a Manchester wave", frame);
}
