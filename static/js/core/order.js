// What a run is asked to be, as the start desk knows it: its bounds, its faults in words, and how it is kept in a text.
// The server's `layersviz.core.order` has the same bounds and asks again. Knows nothing of the page.

import { number, say, sayAs, sayMany } from "./say.js";

/** @import { Deed, Fault, FrameKind, Order, Place, Side } from "./messages.js" */

/** @type {Order} */
export const PLAIN = Object.freeze({
  scene: "handshake", ipv6: false, cold: false, faults: [], client_delay_ms: 0, server_delay_ms: 0, server_port: 0, textbook: false,
});
export const MOST = Object.freeze({ faults: 8, nth: 20, count: 4, delayMs: 2000, bits: 12_000, port: 65_535 });
export const BIT_OF_OURS = -1;

/** @type {Readonly<Record<FrameKind, [string, string]>>} one of them, and several */
const KINDS = Object.freeze({
  "ARP": [say("ARP packet"), say("ARP packets")],
  "SYN": [say("SYN"), say("SYNs")],
  "SYN/ACK": [say("SYN/ACK"), say("SYN/ACKs")],
  "bare ACK": [say("bare ACK"), say("bare ACKs")],
  "data": [say("data segment"), say("data segments")],
  "FIN": [say("FIN"), say("FINs")],
  "RST": [say("RST"), say("RSTs")],
  "UDP datagram": [say("UDP datagram"), say("UDP datagrams")],
  "ICMP": [say("ICMP message"), say("ICMP messages")],
  "other": [say("other frame"), say("other frames")],
});

/** @type {Readonly<Record<Place, string>>} */
const PLACES = Object.freeze({
  ethernet: say("Ethernet header"), ip: say("IP header"), transport: say("TCP/UDP header"), data: sayAs("what a frame carries", "data"),
});

/** What can be chosen, in the order in which it is offered, with its words. */
export const CHOICES = Object.freeze({
  /** @type {Array<[Deed, string]>} */
  deeds: [["lose", say("lose")], ["duplicate", say("duplicate")], ["corrupt", say("flip one bit of")], ["delay", say("delay")],
    ["swap", say("swap with the next one")], ["hold", say("hold until let go")]],
  /** @type {Array<[Side, string]>} */
  senders: [["client", say("the client's")], ["server", say("the server's")]],
  kinds: /** @type {Array<[FrameKind, string]>} */ (Object.entries(KINDS).map(([kind, [one]]) => [kind, one])),
  places: /** @type {Array<[Place, string]>} */ (Object.entries(PLACES)),
});

/**
 * @param {Partial<Fault> & Pick<Fault, "deed" | "sender" | "frame">} fault
 * @returns {Fault}
 */
export function fault({ deed, sender, frame, nth = 1, count = 1, place = null, bit = BIT_OF_OURS, delay_ms = 0 }) {
  return { deed, sender, frame, nth, count, place, bit, delay_ms };
}

/** The faults of the usual lessons: the name of each, and the fault. @type {ReadonlyArray<[string, Fault]>} */
export const READY = Object.freeze([
  [say("Lose the first SYN"), fault({ deed: "lose", sender: "client", frame: "SYN" })],
  [say("Lose the SYN/ACK"), fault({ deed: "lose", sender: "server", frame: "SYN/ACK" })],
  [say("Lose the final ACK"), fault({ deed: "lose", sender: "client", frame: "bare ACK" })],
  [say("Lose a data segment"), fault({ deed: "lose", sender: "server", frame: "data" })],
  [say("Hold the SYN"), fault({ deed: "hold", sender: "client", frame: "SYN" })],
]);

/**
 * "the client's 1st SYN", "the client's SYNs 1 to 3".
 * @param {Pick<Fault, "sender" | "frame" | "nth"> & { count?: number }} fault
 * @returns {string}
 */
export function whichFrame({ sender, frame, nth, count = 1 }) {
  const [one, many] = KINDS[frame];
  const values = { nth: ordinal(nth), first: number(nth), last: number(nth + count - 1), kind: count === 1 ? one : many };
  if (count === 1) return sender === "client" ? say("the client's {nth} {kind}", values) : say("the server's {nth} {kind}", values);
  return sender === "client"
    ? say("the client's {kind} {first} to {last}", values) : say("the server's {kind} {first} to {last}", values);
}

/** @type {Readonly<Record<string, string>>} */
const ORDINALS = Object.freeze({ one: say("{n}st"), two: say("{n}nd"), few: say("{n}rd"), other: say("{n}th") });

/**
 * @param {number} n
 * @returns {string}
 */
function ordinal(n) {
  return (ORDINALS[new Intl.PluralRules("en", { type: "ordinal" }).select(n)] ?? "{n}").replace("{n}", number(n));
}

/**
 * One fault as a sentence: "The client's 1st SYN is lost."
 * @param {Fault} fault
 * @returns {string}
 */
export function faultText(fault) {
  const which = whichFrame(fault);
  const said = deedText(fault, `${which.charAt(0).toLocaleUpperCase()}${which.slice(1)}`);
  return said;
}

/**
 * @param {Fault} fault
 * @param {string} which
 * @returns {string}
 */
function deedText({ deed, count, place, bit, delay_ms }, which) {
  switch (deed) {
    case "lose": return sayMany("{which} is lost.", "{which} are lost.", count, { which });
    case "duplicate": return sayMany("{which} comes twice.", "{which} come twice.", count, { which });
    case "swap": return sayMany("{which} comes behind the next frame.", "{which} come behind the frame that follows.", count, { which });
    case "delay": return sayMany("{which} is late by {ms} ms.", "{which} are late by {ms} ms.", count, { which, ms: number(delay_ms) });
    case "hold": return sayMany("{which} is held until it is let go.", "{which} are held until they are let go.", count, { which });
    case "corrupt": return damageText(which, place === null ? "" : PLACES[place], bit, count);
  }
}

/**
 * @param {string} which
 * @param {string} place
 * @param {number} bit
 * @param {number} count
 * @returns {string}
 */
function damageText(which, place, bit, count) {
  if (bit === BIT_OF_OURS) {
    return sayMany("{which}: one bit is flipped ({place}).", "{which}: one bit of each is flipped ({place}).", count, { which, place });
  }
  const values = { which, place, bit: number(bit) };
  return sayMany("{which}: bit {bit} is flipped ({place}).", "{which}: bit {bit} of each is flipped ({place}).", count, values);
}

/**
 * All that is not as in the plain run, a sentence each; the scene's name is not among them.
 * @param {Order} order
 * @returns {string[]}
 */
export function orderTexts(order) {
  const { ipv6, textbook, server_port: port } = order;
  return [
    ...order.faults.map(faultText),
    ...(ipv6 ? [say("Over IPv6.")] : []),
    ...delayTexts(order),
    ...(port === 0 ? [] : [say("The server listens on port {port}.", { port: String(port) })]),
    ...(textbook ? [say("Textbook timers.")] : []),
  ];
}

/**
 * @param {Order} order
 * @returns {string[]}
 */
function delayTexts({ client_delay_ms: client, server_delay_ms: server }) {
  const texts = [];
  if (client > 0) texts.push(say("Each frame of the client's is {ms} ms late.", { ms: number(client) }));
  if (server > 0) texts.push(say("Each frame of the server's is {ms} ms late.", { ms: number(server) }));
  return texts;
}

/**
 * Whether all is as in the plain run; to forget MAC addresses is chosen beside Start, so it does not count here.
 * @param {Order} order
 * @returns {boolean}
 */
export function isPlain(order) {
  return order.scene === PLAIN.scene && orderTexts(order).length === 0;
}

/**
 * Why it can't be played, in one sentence; empty where nothing is wrong with it.
 * @param {Order} order
 * @returns {string}
 */
export function whyNot(order) {
  const { faults, client_delay_ms, server_delay_ms, server_port } = order;
  if (!isWhole(server_port, 0, MOST.port)) return say("A port is a number from 1 to {last}.", { last: String(MOST.port) });
  if (![client_delay_ms, server_delay_ms].every((each) => isWhole(each, 0, MOST.delayMs))) {
    return say("A direction may be slower by {most} ms at most.", { most: number(MOST.delayMs) });
  }
  if (faults.length > MOST.faults) return say("One run has {most} faults at most.", { most: MOST.faults });
  const wrong = faults.map(whyNoFault).find((each) => each !== "");
  if (wrong !== undefined) return wrong;
  const named = faults.flatMap(({ sender, frame, nth, count }) => Array.from({ length: count }, (_, more) => `${sender} ${frame} ${nth + more}`));
  return new Set(named).size < named.length ? say("Two faults name the same frame.") : "";
}

/**
 * @param {Fault} fault
 * @returns {string}
 */
function whyNoFault({ deed, frame, nth, count, place, bit, delay_ms }) {
  if (!isWhole(nth, 1, MOST.nth) || !isWhole(count, 1, MOST.count)) {
    return say("A fault names {count} frames in a row at most, of the first {nth}.", { count: MOST.count, nth: MOST.nth });
  }
  if (deed === "delay" && !isWhole(delay_ms, 1, MOST.delayMs)) return say("A frame may be late by 1 to {most} ms.", { most: number(MOST.delayMs) });
  if (deed !== "corrupt") return "";
  if (place === null || !isWhole(bit, BIT_OF_OURS, MOST.bits - 1)) return say("A wrong bit needs its place: a header or the data.");
  if (place !== "ethernet" && (frame === "ARP" || frame === "other")) return say("Of such a frame only the Ethernet header can be damaged here.");
  const carriesNone = place === "data" && frame !== "data" && frame !== "UDP datagram";
  return carriesNone ? say("Such a frame carries no data that could be damaged.") : "";
}

/**
 * @param {number} value
 * @param {number} least
 * @param {number} most
 * @returns {boolean}
 */
function isWhole(value, least, most) {
  return Number.isInteger(value) && value >= least && value <= most;
}

/**
 * What was kept, as far as it is an order that can be played; null where it is none.
 * @param {string | null} text
 * @returns {Order | null}
 */
export function readOrder(text) {
  try {
    const read = { ...PLAIN, ...JSON.parse(text ?? "") };
    const known = /** @type {Order} */ (Object.fromEntries(Object.keys(PLAIN).map((name) => [name, read[name]])));
    return isOrder(known) && whyNot(known) === "" ? known : null;
  } catch {
    return null;
  }
}

/**
 * @param {Order} order
 * @returns {boolean}
 */
function isOrder({ scene, ipv6, cold, textbook, faults }) {
  const areFlags = [ipv6, cold, textbook].every((each) => typeof each === "boolean");
  return typeof scene === "string" && areFlags && Array.isArray(faults) && faults.every(isFault);
}

/**
 * @param {Fault} each
 * @returns {boolean}
 */
function isFault({ deed, sender, frame, place }) {
  const has = (/** @type {Array<[string, string]>} */ choices, /** @type {string} */ value) => choices.some(([known]) => known === value);
  return has(CHOICES.deeds, deed) && has(CHOICES.senders, sender) && Object.hasOwn(KINDS, frame) && (place === null || has(CHOICES.places, place));
}

/**
 * What a browser's address line would need for a server on that port: 80 goes without saying.
 * @param {string} ip
 * @param {number} port
 * @returns {string}
 */
export function browserAddress(ip, port) {
  const host = ip.includes(":") ? `[${ip}]` : ip;
  return port === 80 ? `http://${host}` : `http://${host}:${port}`;
}
