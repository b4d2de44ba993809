// What a reader has chosen of a frame: a part, a field of it or one bit, and where that lies among the frame's bits.
// Knows nothing of the page. Bits count from the frame's first one in network order; the preamble's are negative.

import { headerKey, headerName, signal, toWire } from "./bits.js";

/** @import { Field, Header, Journey, Layer } from "./messages.js" */
/** @import { Choice } from "./store.js" */

/**
 * A field with the number that parts it from those of the same name and label before it in its header.
 * @typedef {{ field: Field, nth: number }} Numbered
 */

/**
 * A header, the data, the padding, what no capture holds (`computed`), or what this one left out (not `known`). `key` is
 * unique in its frame.
 * @typedef {{
 *   key: string, label: string, layer: Layer, first: number, bits: number, computed: boolean, known: boolean,
 *   header: Header | null, fields: Numbered[],
 * }} Section
 */

/**
 * A choice in one frame: `field` is null for a whole section, `bit` is null where no single bit is meant.
 * @typedef {{ section: Section, field: Field | null, nth: number, first: number, bits: number, bit: number | null }} Found
 */

/** @type {WeakMap<Journey, Section[]>} */
const known = new WeakMap();

/**
 * Everything that the wire carried for that frame, in its order.
 * @param {Journey} journey
 * @returns {Section[]}
 */
export function sections(journey) {
  const before = known.get(journey);
  if (before !== undefined) return before;
  const { regions, lead } = signal(journey);
  const rest = regions.filter(({ header }) => header === null).map(({ firstBit, ...region }) => ({
    ...region, first: firstBit - lead, fields: [],
  }));
  const made = [...rest, ...headerSections(journey)].sort((one, other) => one.first - other.first);
  known.set(journey, made);
  return made;
}

/**
 * @param {Journey} journey
 * @returns {Section[]}
 */
function headerSections({ headers }) {
  return headers.map((header) => {
    const { layer, octet_offset: offset, octet_length: octets, fields } = header;
    return {
      key: headerKey(headers, header), label: headerName(header), layer, first: offset * 8, bits: octets * 8, computed: false,
      known: true, header, fields: numbered(fields),
    };
  });
}

/**
 * @param {Field[]} fields
 * @returns {Numbered[]}
 */
function numbered(fields) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  return fields.map((field) => {
    const key = `${field.name} ${field.label}`;
    const nth = counts.get(key) ?? 0;
    counts.set(key, nth + 1);
    return { field, nth };
  });
}

/**
 * The choice in that frame; null where the frame has no such part.
 * @param {Journey | null} journey
 * @param {Choice | null} choice
 * @returns {Found | null}
 */
export function find(journey, choice) {
  if (journey === null || choice === null) return null;
  const section = sections(journey).find(({ key }) => key === choice.section);
  if (section === undefined) return null;
  const chosen = section.fields.find(({ field: { name, label }, nth }) => (
    name === choice.field && label === choice.label && nth === choice.nth));
  if (chosen === undefined && choice.field !== "") return null;
  const first = chosen?.field.bit_offset ?? section.first;
  const bits = chosen?.field.bit_length ?? section.bits;
  const bit = section.known && choice.bit >= 0 && choice.bit < bits ? first + choice.bit : null;
  return { section, field: chosen?.field ?? null, nth: chosen?.nth ?? 0, first, bits, bit };
}

/**
 * @param {Section} section
 * @param {Numbered | null} [field]
 * @param {number} [bit] counted from the field's first one
 * @returns {Choice}
 */
export function choose(section, field = null, bit = -1) {
  return { section: section.key, field: field?.field.name ?? "", label: field?.field.label ?? "", nth: field?.nth ?? 0, bit };
}

/**
 * The fields at that bit, the shortest first.
 * @param {Section} section
 * @param {number} bit
 * @returns {Numbered[]}
 */
function fieldsAt({ fields }, bit) {
  const holds = fields.filter(({ field }) => bit >= field.bit_offset && bit < field.bit_offset + field.bit_length);
  return holds.sort((one, other) => one.field.bit_length - other.field.bit_length);
}

/**
 * The choice of what stands at that bit: the bit itself where it is meant `exactly`, else its field or its section.
 * @param {Journey} journey
 * @param {number} bit
 * @param {boolean} exactly
 * @returns {Choice | null}
 */
export function choiceAt(journey, bit, exactly) {
  const section = sections(journey).findLast(({ first, bits }) => bit >= first && bit < first + bits);
  if (section === undefined) return null;
  const field = fieldsAt(section, bit)[0] ?? null;
  return choose(section, field, exactly && section.known ? bit - (field?.field.bit_offset ?? section.first) : -1);
}

/**
 * Every choice that a byte offers, one for each field that has a bit in it.
 * @param {Journey} journey
 * @param {number} octet
 * @returns {Choice[]}
 */
export function choicesOfOctet(journey, octet) {
  /** @type {Map<string, Choice>} */
  const found = new Map();
  for (let bit = octet * 8; bit < octet * 8 + 8; bit += 1) {
    const choice = choiceAt(journey, bit, false);
    if (choice !== null) found.set(`${choice.section}/${choice.field}/${choice.label}/${choice.nth}`, choice);
  }
  return [...found.values()];
}

/**
 * @param {Choice | null} one
 * @param {Choice | null} other
 * @returns {boolean} whether both name the same field, or the same section
 */
export function isSamePlace(one, other) {
  return one?.section === other?.section && one?.field === other?.field && one?.label === other?.label
    && one?.nth === other?.nth;
}

/**
 * How much of a stretch the choice lights: "all", "some" or "".
 * @param {Found | null} found
 * @param {number} first
 * @param {number} bits
 * @returns {"all" | "some" | ""}
 */
export function lights(found, first, bits) {
  if (found === null) return "";
  const [from, to] = found.bit === null ? [found.first, found.first + found.bits] : [found.bit, found.bit + 1];
  if (to <= first || from >= first + bits) return "";
  return from <= first && to >= first + bits ? "all" : "some";
}

/**
 * The bit at that place in network order.
 * @param {Journey} journey
 * @param {number} bit
 * @returns {0 | 1}
 */
export function networkBit(journey, bit) {
  const { octets, lead } = signal(journey);
  const octet = octets[(bit + lead) >> 3] ?? 0;
  return ((octet >> (7 - (bit & 7))) & 1) === 1 ? 1 : 0;
}

/**
 * The number that those bits are; exact up to 53 of them.
 * @param {Journey} journey
 * @param {number} first
 * @param {number} bits
 * @returns {number}
 */
export function numberAt(journey, first, bits) {
  let value = 0;
  for (let bit = first; bit < first + bits; bit += 1) value = value * 2 + networkBit(journey, bit);
  return value;
}

/**
 * The stretches [first, last) that bits of the frame take on the wire, in whatever order each octet goes.
 * @param {Journey} journey
 * @param {number} first
 * @param {number} bits
 * @returns {[number, number][]}
 */
export function onWire(journey, first, bits) {
  const places = Array.from({ length: bits }, (_, index) => toWire(journey, first + index)).sort((a, b) => a - b);
  /** @type {[number, number][]} */
  const runs = [];
  for (const place of places) {
    const run = runs.at(-1);
    if (run !== undefined && run[1] === place) run[1] = place + 1;
    else runs.push([place, place + 1]);
  }
  return runs;
}

/**
 * What was kept, null where it is none of ours.
 * @param {string | null} text
 * @returns {Choice | null}
 */
export function read(text) {
  try {
    const { section, field, label, nth, bit } = JSON.parse(text ?? "null") ?? {};
    const areTexts = [section, field, label].every((each) => typeof each === "string");
    return areTexts && Number.isInteger(nth) && Number.isInteger(bit) ? { section, field, label, nth, bit } : null;
  } catch {
    return null;
  }
}
