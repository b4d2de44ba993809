// A header as the RFCs draw it, 32 bits to a row: which field's box stands where. Made of the fields' own bit ranges,
// so it knows no header in particular.

import { say } from "./say.js";
import { sansWidth, signsOf } from "./text.js";

/** @import { Numbered, Section } from "./inspector.js" */
/** @import { Field } from "./messages.js" */

export const ROW_BITS = 32;
const MERGED_ROWS = 3;
const LEAST_SIGNS = 4;

/**
 * One box: `column` of 32 and `span` of them; `first` and `bits` in the frame; `owner` null for bits of no field.
 * `part` counts the boxes of one field, `parts` is how many it has.
 * @typedef {{
 *   column: number, span: number, first: number, bits: number, owner: Numbered | null, part: number, parts: number,
 * }} Cell
 * One row; `words` is more than 1 where a long field's rows are drawn as one.
 * @typedef {{ offset: number, words: number, cells: Cell[] }} DiagramRow
 */

/** @typedef {{ owner: Numbered | null, from: number, to: number }} Run bits within the header */

/**
 * @param {Section} section with a header
 * @returns {DiagramRow[]}
 */
export function diagram({ first, bits, fields }) {
  /** @type {DiagramRow[]} */
  const rows = [];
  for (const run of runs(fields, first, bits)) place(rows, run, first);
  return rows;
}

/**
 * Stretches of bits that belong to the same field, the shortest one where several hold them.
 * @param {Numbered[]} fields
 * @param {number} first
 * @param {number} bits
 * @returns {Run[]}
 */
function runs(fields, first, bits) {
  /** @type {Array<Numbered | null>} */
  const owners = new Array(bits).fill(null);
  const sorted = [...fields].sort((one, other) => other.field.bit_length - one.field.bit_length);
  for (const each of sorted) {
    const from = Math.max(0, each.field.bit_offset - first);
    owners.fill(each, from, Math.min(bits, Math.max(from, each.field.bit_offset - first + each.field.bit_length)));
  }
  /** @type {Run[]} */
  const found = [];
  for (const [bit, owner] of owners.entries()) {
    const run = found.at(-1);
    if (run !== undefined && run.owner === owner) run.to = bit + 1;
    else found.push({ owner, from: bit, to: bit + 1 });
  }
  return found;
}

/**
 * @param {DiagramRow[]} rows
 * @param {Run} run
 * @param {number} first
 */
function place(rows, { owner, from, to }, first) {
  /** @type {Cell[]} */
  const cells = [];
  let bit = from;
  while (bit < to) {
    const column = bit % ROW_BITS;
    const whole = column === 0 ? Math.floor((to - bit) / ROW_BITS) : 0;
    const words = whole >= MERGED_ROWS ? whole : 1;
    const span = words > 1 ? ROW_BITS : Math.min(ROW_BITS - column, to - bit);
    const bits = words > 1 ? words * ROW_BITS : span;
    const cell = { column, span, first: first + bit, bits, owner, part: cells.length, parts: 0 };
    if (column === 0) rows.push({ offset: bit / 8, words, cells: [] });
    rows.at(-1)?.cells.push(cell);
    cells.push(cell);
    bit += bits;
  }
  for (const cell of cells) cell.parts = cells.length;
}

/** @type {Record<string, string[]>} */
const SHORT = {
  "eth.dst": [say("Destination")], "eth.src": [say("Source")], "ip.version": ["Ver", "V"], "ip.hdr_len": ["IHL"],
  "ip.dsfield": [say("DS field"), "DS"], "ip.dsfield.dscp": ["DSCP"], "ip.dsfield.ecn": ["ECN", "E"], "ip.flags": [say("Flags"), "Flg", "F"],
  "ip.flags.rb": ["R"], "ip.flags.df": ["DF", "D"], "ip.flags.mf": ["MF", "M"], "ip.frag_offset": [say("Offset")], "ip.ttl": ["TTL"],
  "ip.proto": [say("Protocol"), "Proto"], "ip.id": [say("Ident.")], "ip.checksum": [say("Checksum")],
  "tcp.hdr_len": [say("Offset"), "Off"], "tcp.flags.res": ["Rsv", "R"], "tcp.window_size_value": [say("Window")],
  "tcp.seq_raw": ["Seq"], "tcp.ack_raw": ["Ack"], "tcp.urgent_pointer": [say("Urgent")], "tcp.options.mss_val": ["MSS"],
  "tcp.flags.ae": ["AE", "A"], "tcp.flags.cwr": ["CWR", "C"],
  "tcp.flags.ece": ["ECE", "E"], "tcp.flags.urg": ["URG", "U"], "tcp.flags.ack": ["ACK", "A"], "tcp.flags.push": ["PSH", "P"],
  "tcp.flags.reset": ["RST", "R"], "tcp.flags.syn": ["SYN", "S"], "tcp.flags.fin": ["FIN", "F"],
  "vlan.priority": ["PCP", "P"], "vlan.dei": ["DEI", "D"], "ieee8021ad.priority": ["PCP", "P"], "ieee8021ad.dei": ["DEI", "D"],
  "dns.flags.response": ["QR", "Q"], "dns.flags.opcode": ["Opcode", "Op"], "dns.flags.authoritative": ["AA"],
  "dns.flags.truncated": ["TC"], "dns.flags.recdesired": ["RD"], "dns.flags.recavail": ["RA"], "dns.flags.z": ["Z"],
  "dns.flags.authenticated": ["AD"], "dns.flags.checkdisable": ["CD"], "dns.flags.rcode": ["RCODE"], "icmp.length": [say("Length"), "Len"],
  "ipv6.version": ["Ver", "V"], "ipv6.fraghdr.offset": [say("Offset")], "ipv6.fraghdr.more": ["M"], "ipv6.fraghdr.reserved_bits": ["Res"],
  "pppoe.version": ["Ver", "V"], "pppoe.type": [say("Type"), "T"], "ppp.protocol": [say("Protocol")], "sll.pkttype": [say("Packet type"), say("Packet")],
  "sll.halen": [say("Addr. length"), say("Length")], "icmpv6.nd.na.flag.r": ["R"], "icmpv6.nd.na.flag.s": ["S"], "icmpv6.nd.na.flag.o": ["O"],
  "tcp.option_len": ["Len"], "tcp.options.timestamp.tsval": ["TSval"],
  "tcp.options.timestamp.tsecr": ["TSecr"], "arp.hw.size": [say("HW size"), "HLEN"], "arp.proto.size": [say("Proto size"), "PLEN"],
};

/**
 * What is written into a box that is so wide: its field's name or a shorter one, and its value where there is room.
 * @param {Cell} cell
 * @param {number} widthEm
 * @param {string[]} values the best first
 * @param {(text: string) => number} valueWidth em
 * @returns {{ name: string, value: string }}
 */
export function cellText({ owner, part, parts }, widthEm, values, valueWidth) {
  if (owner === null) return { name: sansWidth(say("no field")) < widthEm ? say("no field") : "", value: "" };
  const room = widthEm - 0.4;
  const isRest = parts > 1 && part > 0;
  const isKind = owner.field.name === "tcp.option_kind";
  const own = isKind ? [say("Kind")] : [owner.field.label, ...SHORT[owner.field.name] ?? []];
  const names = own.map((name) => (isRest ? say("{field} (rest)", { field: name }) : name));
  const name = names.find((each) => sansWidth(each, true) <= room) ?? lettersOf(own[0] ?? "", room);
  const known = isKind ? kindTexts(owner.field) : values;
  return { name, value: part > 0 ? "" : known.find((each) => valueWidth(each) <= room) ?? cut(known.at(-1) ?? "", room, valueWidth) };
}

/** What RFC 9293 and RFC 7323 call options in short. */
const KINDS = new Map([[0, "EOL"], [1, "NOP"], [2, "MSS"], [3, "WSopt"], [8, "TSopt"]]);

/**
 * The number of an option and what it is called, every option in the same way.
 * @param {Field} field
 * @returns {string[]} the best first
 */
function kindTexts({ text, number }) {
  const short = KINDS.get(number ?? -1);
  return [text, ...(short === undefined ? [] : [`${number} (${short})`]), String(number)];
}

/**
 * The beginning of a value that has no room, with an ellipsis; nothing where that would say next to nothing.
 * @param {string} text
 * @param {number} room
 * @param {(text: string) => number} widthOf
 * @returns {string}
 */
function cut(text, room, widthOf) {
  const signs = signsOf(text);
  while (signs.length > 0 && widthOf(`${signs.join("")}…`) > room) signs.pop();
  return signs.length < LEAST_SIGNS ? "" : `${signs.join("").trimEnd()}…`;
}

/**
 * As many letters as have room.
 * @param {string} label
 * @param {number} room
 * @returns {string}
 */
function lettersOf(label, room) {
  for (let length = Math.min(label.length, 4); length > 0; length -= 1) {
    if (sansWidth(label.slice(0, length), true) <= room) return label.slice(0, length);
  }
  return "";
}

/**
 * The box beside or above that one, by an arrow key.
 * @param {DiagramRow[]} rows
 * @param {Cell} from
 * @param {string} key
 * @returns {Cell | null} null where the key is none of these
 */
export function cellBeside(rows, from, key) {
  const all = rows.flatMap(({ cells }) => cells);
  const at = all.findIndex(({ first }) => first === from.first);
  const row = rows.findIndex(({ cells }) => cells.some(({ first }) => first === from.first));
  const cells = rows[row]?.cells ?? [];
  switch (key) {
    case "ArrowRight": return all[at + 1] ?? from;
    case "ArrowLeft": return all[at - 1] ?? from;
    case "ArrowDown": return under(rows[row + 1], from);
    case "ArrowUp": return under(rows[row - 1], from);
    case "Home": return cells[0] ?? from;
    case "End": return cells.at(-1) ?? from;
  }
  return null;
}

/**
 * @param {DiagramRow | undefined} row
 * @param {Cell} from
 * @returns {Cell}
 */
function under(row, from) {
  const middle = from.column + from.span / 2;
  return row?.cells.find(({ column, span }) => column + span > middle - 0.5) ?? row?.cells.at(-1) ?? from;
}
