// Where on the stage a field can be pointed at: the pieces of a PDU, the lines of an open layer, the bits on the wire.
// Knows nothing of the page: the same geometry that draws the picture says what is under a finger.

import { fromWire } from "./bits.js";
import { isSamePlace, choose, choiceAt, find, onWire, sections } from "./inspector.js";
import { LABEL_GAP_EM, MARK_EM, endOf } from "./lines.js";
import { PAD_EM, TILE_EM, blocks, headEm, layoutStack, openLines } from "./stack.js";
import { monoWidth } from "./text.js";

/** @import { HostScene, Piece } from "./host.js" */
/** @import { Found, Section } from "./inspector.js" */
/** @import { BrokenLine } from "./lines.js" */
/** @import { Field, Journey, Layer, Line } from "./messages.js" */
/** @import { Box, Row } from "./stack.js" */
/** @import { Choice } from "./store.js" */
/** @import { Wave } from "./wave.js" */

/**
 * What can be pointed at: `choice` is made, any of `choices` lights it.
 * @typedef {{ key: string, name: string, box: Box, choice: Choice, choices: Choice[] }} Target
 */

/**
 * The lines whose label is not their field's, by layer and the line's key; names of whatever protocol the frame has there.
 * @type {Partial<Record<Layer, Record<string, string[]>>>}
 */
const LINE_FIELDS = {
  transport: {
    Ports: ["tcp.srcport", "tcp.dstport", "udp.srcport", "udp.dstport"], Port: ["tcp.dstport", "udp.dstport"],
    Flags: ["tcp.flags"], Seq: ["tcp.seq_raw"], Ack: ["tcp.ack_raw"], Window: ["tcp.window_size_value"],
    Checksum: ["tcp.checksum", "udp.checksum"], Options: ["tcp.option*"], Length: ["udp.length"],
  },
  network: {
    From: ["ip.src", "ipv6.src"], To: ["ip.dst", "ipv6.dst"], "Dest IP": ["ip.dst", "ipv6.dst"],
    TTL: ["ip.ttl"], "Hop limit": ["ipv6.hlim"], Protocol: ["ip.proto", "ipv6.nxt"],
    Checksum: ["ip.checksum", "icmp.checksum", "icmpv6.checksum"],
    Learned: ["arp.src.hw_mac", "arp.src.proto_ipv4"],
  },
  link: {
    To: ["eth.dst"], "Dest MAC": ["eth.dst"], From: ["eth.src", "sll.src"], FCS: ["fcs"], VLAN: ["vlan.id", "ieee8021ad.id"],
  },
  physical: { Preamble: ["preamble"], FCS: ["fcs"] },
  application: { Data: ["data"], Body: ["data"], Plain: ["data"], Compressed: ["data"] },
};

/**
 * All that can be pointed at in a host's stack, from top to bottom.
 * @param {Journey | null} journey
 * @param {HostScene} host
 * @param {number} width px
 * @param {number} height px
 * @param {number} em px
 * @returns {Target[]}
 */
export function stackTargets(journey, host, width, height, em) {
  if (journey === null) return [];
  const layersEm = height / em - headEm(host, width / em);
  return layoutStack(host, width, height, em).rows.flatMap((row) => [
    ...pieceTargets(journey, row, em), ...lineTargets(journey, row, layersEm, width / em, em),
  ]);
}

/**
 * @param {Journey} journey
 * @param {Row} row
 * @param {number} em
 * @returns {Target[]}
 */
function pieceTargets(journey, { layer, bar }, em) {
  const isAloft = layer.solid && layer.from >= 0 && layer.carry < 1;
  if (layer.pieces.length === 0 || isAloft || layer.fade < 1) return [];
  return blocks(layer.pieces, bar.width, em).flatMap(({ piece, x, width }) => {
    const section = sectionOf(journey, piece);
    if (section === undefined || piece.leaving > 0 || piece.entering < 1) return [];
    const box = { ...bar, x: bar.x + x, width };
    const choice = choose(section);
    return [{ key: `${layer.layer} ${piece.key}`, name: section.label, box, choice, choices: [choice] }];
  });
}

/**
 * @param {Journey} journey
 * @param {Piece} piece
 * @returns {Section | undefined}
 */
function sectionOf(journey, { layer, label, part, nth, computed }) {
  const all = sections(journey);
  const keyed = (/** @type {string} */ wanted) => all.find(({ key }) => key === wanted);
  if (part === "not captured") return keyed("missing");
  if (computed) return all.find((each) => each.computed && each.layer === layer);
  if (part === "padding") return keyed("padding");
  if (part !== "") return all.find(({ header }) => part === "quoted packet" && header?.quoted === true) ?? keyed("data");
  return all.filter(({ header, label: name }) => header !== null && name === label)[nth] ?? keyed("data");
}

/**
 * @param {Journey} journey
 * @param {Row} row
 * @param {number} layersEm
 * @param {number} widthEm
 * @param {number} em px
 * @returns {Target[]}
 */
function lineTargets(journey, { layer, box }, layersEm, widthEm, em) {
  if (layer.open < 1) return [];
  const { lines, lineEm, linesEm } = openLines(layer, layersEm, widthEm);
  return lines.flatMap((line) => {
    const field = line.line.shown < 1 ? null : lineField(journey, layer.layer, line.line);
    const placed = lineBox(line, box, linesEm, lineEm, em);
    if (field === null || placed.y + placed.height > box.y + box.height) return [];
    return [{ key: `${layer.layer} ${line.row} ${line.line.label}`, name: line.line.label, box: placed, ...field }];
  });
}

/**
 * @param {BrokenLine} line
 * @param {Box} box
 * @param {number} linesEm
 * @param {number} lineEm
 * @param {number} em
 * @returns {Box}
 */
function lineBox(line, box, linesEm, lineEm, em) {
  const { row, startEm, labelEm, values, flows } = line;
  const x = box.x + (TILE_EM + PAD_EM + startEm - 0.15) * em;
  const most = box.x + box.width - 0.25 * em - x;
  const widthEm = MARK_EM + labelEm + LABEL_GAP_EM + Math.max(0, ...values.map((each) => monoWidth(each))) + 0.5;
  const y = box.y + (linesEm + row * lineEm + 0.13) * em;
  return { x, y, width: flows ? most : Math.min(most, widthEm * em), height: (endOf(line) - row) * lineEm * em };
}

/**
 * What a line of an open layer says something of: fields, or a whole part where it has none. A sum is of the layer's header.
 * @param {Journey} journey
 * @param {Layer} layer
 * @param {Pick<Line, "key" | "label" | "text" | "mark">} line
 * @returns {Choice[]}
 */
function lineChoices(journey, layer, { key, label, text, mark }) {
  const all = sections(journey).filter(({ header }) => header?.quoted !== true);
  const names = LINE_FIELDS[layer]?.[key] ?? [];
  const meant = names.flatMap((name) => all.flatMap((section) => [
    ...(section.key === name ? [choose(section)] : []),
    ...section.fields.filter(({ field }) => isMeant(field, name)).map((each) => choose(section, each)),
  ]));
  if (meant.length > 0) return meant;
  const here = all.filter((section) => section.layer === layer);
  const named = here.flatMap((section) => section.fields.filter(({ field }) => field.label === label)
    .map((each) => choose(section, each))).slice(0, 1);
  const header = here.find(({ header: each }) => each !== null);
  return named.length === 0 && header !== undefined && mark === "plain" && text.includes("=") ? [choose(header)] : named;
}

/**
 * What a line of a step chooses and what lights it; null where it stands for no part of the frame.
 * @param {Journey} journey
 * @param {Layer} layer
 * @param {Pick<Line, "key" | "label" | "text" | "mark">} line
 * @returns {{ choice: Choice, choices: Choice[] } | null}
 */
export function lineField(journey, layer, line) {
  const choices = lineChoices(journey, layer, line);
  const choice = lineChoice(journey, choices);
  return choice === null ? null : { choice, choices };
}

/**
 * What is chosen by such a line: its field, or where it says something of several, the header that they are in.
 * @param {Journey} journey
 * @param {Choice[]} choices
 * @returns {Choice | null}
 */
function lineChoice(journey, choices) {
  const [first] = choices;
  if (first === undefined || choices.length === 1) return first ?? null;
  const section = sections(journey).find(({ key }) => key === first.section);
  return section === undefined ? first : choose(section);
}

/**
 * A name that ends with a star means all that begin so, but options that only fill up.
 * @param {Field} field
 * @param {string} wanted
 * @returns {boolean}
 */
function isMeant({ name, number }, wanted) {
  if (!wanted.endsWith("*")) return name === wanted;
  const fills = name === "tcp.option_kind" && (number === 0 || number === 1);
  return name.startsWith(wanted.slice(0, -1)) && !fills;
}

/**
 * @param {Pick<Target, "choices">} target
 * @param {Choice | null} choice
 * @returns {"all" | "some" | ""} how much of the target the choice lights
 */
export function lightsTarget({ choices }, choice) {
  if (choice === null) return "";
  if (choices.some((each) => isSamePlace(each, choice))) return choice.bit < 0 ? "all" : "some";
  return choices.some(({ section, field }) => section === choice.section && field === "") ? "some" : "";
}

/**
 * The target under a point, the smallest where several are.
 * @param {Target[]} targets
 * @param {number} x
 * @param {number} y
 * @returns {Target | null}
 */
export function targetAt(targets, x, y) {
  const under = targets.filter(({ box }) => x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height);
  under.sort((one, other) => one.box.width * one.box.height - other.box.width * other.box.height);
  return under[0] ?? null;
}

/**
 * What is under a point of the wire: a bit of the wave, or a part of the frame in the band and in the map below it.
 * @param {Wave} wave
 * @param {number} x
 * @param {number} y
 * @returns {Choice | null}
 */
export function wireChoiceAt(wave, x, y) {
  const { journey, left, right, middle, forward, originX, pitch, bits, rows: at } = wave;
  if (x < left || x > right) return null;
  const onMap = (middle - forward * (x - middle) - left) / (right - left) * bits;
  const place = y >= at.map - 0.2 * at.mapHeight ? onMap : (originX - x) * forward / pitch;
  if (place < 0 || place >= bits || y < at.pipe) return null;
  const choice = choiceAt(journey, fromWire(journey, Math.floor(place)), true);
  if (choice === null || y <= at.band - 0.1 * at.bandHeight) return choice;
  return { section: choice.section, field: "", label: "", nth: 0, bit: -1 };
}

/**
 * The stretches of the wave in sight, and of the map, that the choice lights.
 * @param {Wave} wave
 * @param {Choice | null} choice
 * @returns {{ wave: { x: number, width: number }[], map: { x: number, width: number } | null, found: Found | null }}
 */
export function wireLights(wave, choice) {
  const found = find(wave.journey, choice);
  if (found === null) return { wave: [], map: null, found };
  const { left, right, middle, forward, originX, pitch, bits } = wave;
  const runs = found.bit === null ? onWire(wave.journey, found.first, found.bits) : onWire(wave.journey, found.bit, 1);
  const xOf = (/** @type {number} */ place) => Math.min(Math.max(originX - forward * place * pitch, left), right);
  const mapX = (/** @type {number} */ place) => middle - forward * (place / bits - 0.5) * (right - left);
  const stretch = (/** @type {number} */ one, /** @type {number} */ other) => (
    { x: Math.min(one, other), width: Math.abs(one - other) });
  const shown = runs.map(([from, to]) => stretch(xOf(from), xOf(to))).filter(({ width }) => width > 0.5);
  const ends = [runs[0]?.[0] ?? 0, runs.at(-1)?.[1] ?? 0];
  return { wave: shown, map: stretch(mapX(/** @type {number} */ (ends[0])), mapX(/** @type {number} */ (ends[1]))), found };
}

/**
 * The bit beside the chosen one as it stands on the screen; the marked one, or the middle of the sight, to begin with.
 * @param {Wave} wave
 * @param {Choice | null} choice
 * @param {string} key
 * @returns {Choice | null} null where the key is no arrow or no bit is in sight
 */
export function bitBeside(wave, choice, key) {
  const { forward, marked, first, last } = wave;
  const step = { ArrowRight: -forward, ArrowLeft: forward, ArrowUp: -8, ArrowDown: 8 }[key];
  if (step === undefined || last <= first) return null;
  const found = find(wave.journey, choice);
  const [run] = found === null ? [] : onWire(wave.journey, found.bit === null ? found.first : found.bit, 1);
  const isInSight = run !== undefined && run[0] >= first && run[0] < last;
  const begin = marked >= 0 ? marked : (first + last) >> 1;
  const from = isInSight ? run[0] + (found?.bit === null ? 0 : step) : begin;
  return choiceAt(wave.journey, fromWire(wave.journey, Math.min(Math.max(from, first), last - 1)), true);
}
