// TCP and UDP side by side: a run's frames in two lanes, each from its own zero on one axis of time, and what the server's
// application could read of the client's messages, and since when: inferred from the frames where its program did not say it. Knows
// nothing of the page.

import { heardInLane, heardLines } from "./beside-heard.js";
import { octetsOf } from "./bits.js";
import { number, say } from "./say.js";
import { faultMarks } from "./words.js";

/** @import { HeardInLane } from "./beside-heard.js" */
/** @import { Header, Journey, Run, Side } from "./messages.js" */

/**
 * Microseconds from the lane's first frame on; `labels` are the longest first; `arrivedUs` is null where the frame never came; what
 * is `copied` was made by the wire, and begins there.
 * @typedef {{ number: number, sender: Side, labels: string[], sentUs: number, arrivedUs: number | null, refused: boolean, copied: boolean }} Passing
 * `behind` is true where a message had come before it could be read, because an earlier one was missing.
 * @typedef {{ text: string, atUs: number, behind: boolean }} Read
 * @typedef {{ key: "tcp" | "udp", passings: Passing[], read: Read[], sent: number, heard: HeardInLane | null }} Lane
 */

export const SCENE = "side-by-side";

/** @type {Intl.NumberFormatOptions} */
const ONE_PLACE = { minimumFractionDigits: 1, maximumFractionDigits: 1 };

/** @type {WeakMap<Run, Lane[]>} */
const known = new WeakMap();

/**
 * The two lanes; what belongs to neither, as ARP, is left out.
 * @param {Run} run
 * @returns {Lane[]}
 */
export function lanes(run) {
  const before = known.get(run);
  if (before !== undefined) return before;
  const made = [lane(run, "tcp", run.journeys.filter((each) => hasOwn(each, "TCP")), readTcp), lane(run, "udp", run.journeys.filter(isOfUdp), readUdp)];
  known.set(run, made);
  return made;
}

/**
 * @param {Run} run
 * @param {"tcp" | "udp"} key
 * @param {Journey[]} journeys
 * @param {(journeys: Journey[], zeroUs: number) => Read[]} read
 * @returns {Lane}
 */
function lane(run, key, journeys, read) {
  const zeroUs = Math.min(...journeys.map(({ time_us: timeUs }) => timeUs));
  const messages = new Set(journeys.filter(isMessage).map((each) => messageText({ ...each, arrived: "" })));
  const heard = heardInLane(run, key, zeroUs, [...messages]);
  return { key, passings: journeys.map((each) => passing(each, zeroUs)), read: read(journeys, zeroUs), sent: messages.size, heard };
}

/**
 * @param {Journey} journey
 * @param {number} zeroUs
 * @returns {Passing}
 */
function passing(journey, zeroUs) {
  const { number: nth, sender, name, lost, arrived_us: arrivedUs, time_us: timeUs, refused_at: refusedAt, copy_of: copyOf, repeats } = journey;
  const marks = [...(lost ? [say("lost")] : []), ...faultMarks(journey)];
  const what = isMessage(journey) ? messageText({ ...journey, arrived: "" }) : name;
  const said = isMessage(journey) ? `${name}: ${what}` : name;
  const mark = marks.length === 0 ? "" : `[${marks.join(", ")}] `;
  const short = isMessage(journey) && repeats > 0 ? say("again {what}", { what }) : what;
  const shorter = copyOf > 0 ? [marks.join(", ")] : [...(lost ? [say("lost: {what}", { what })] : []), short, what];
  return {
    number: nth, sender, labels: [copyOf > 0 ? said : `${mark}${said}`, `${mark}${short}`, ...shorter], sentUs: timeUs - zeroUs,
    arrivedUs: lost || arrivedUs === null ? null : arrivedUs - zeroUs, refused: refusedAt !== null, copied: copyOf > 0,
  };
}

/**
 * TCP hands bytes on in their order only: what came behind a gap waits until the gap is filled.
 * @param {Journey[]} journeys
 * @param {number} zeroUs
 * @returns {Read[]}
 */
function readTcp(journeys, zeroUs) {
  const opening = journeys.find(({ sender, headers }) => sender === "client" && (fieldOf(headers, "tcp.flags") & SYN) !== 0);
  let next = opening === undefined ? NaN : (fieldOf(opening.headers, "tcp.seq_raw") + 1) % WRAP;
  /** @type {Read[]} */
  const read = [];
  /** @type {Map<number, Journey>} */
  const waiting = new Map();
  for (const journey of arrivals(journeys)) {
    waiting.set(fieldOf(journey.headers, "tcp.seq_raw"), journey);
    for (let each = waiting.get(next); each !== undefined; each = waiting.get(next)) {
      read.push({ text: messageText(each), atUs: (journey.arrived_us ?? 0) - zeroUs, behind: each !== journey });
      next = (next + each.payload_octets) % WRAP;
    }
  }
  return read;
}

/**
 * UDP hands on whatever comes, as it comes, twice where it comes twice.
 * @param {Journey[]} journeys
 * @param {number} zeroUs
 * @returns {Read[]}
 */
function readUdp(journeys, zeroUs) {
  return arrivals(journeys).map((each) => ({ text: messageText(each), atUs: (each.arrived_us ?? 0) - zeroUs, behind: false }));
}

const SYN = 2;
const WRAP = 2 ** 32;

/**
 * The client's messages that came and that no layer refused, as they came.
 * @param {Journey[]} journeys
 * @returns {Journey[]}
 */
function arrivals(journeys) {
  const came = journeys.filter((each) => isMessage(each) && !each.lost && each.refused_at === null && each.arrived_us !== null);
  return came.sort((one, other) => (one.arrived_us ?? 0) - (other.arrived_us ?? 0));
}

/**
 * @param {Journey} journey
 * @returns {boolean}
 */
function isMessage({ sender, payload_octets: octets }) {
  return sender === "client" && octets > 0;
}

/**
 * What it carries, as it came.
 * @param {Journey} journey
 * @returns {string}
 */
function messageText({ octets, arrived, payload_offset: from, payload_octets: count }) {
  const bytes = octetsOf(arrived || octets).slice(from, from + count);
  return String.fromCharCode(...bytes.map((byte) => (byte >= 32 && byte < 127 ? byte : 46)));
}

/**
 * @param {Journey} journey
 * @param {string} protocol
 * @returns {boolean}
 */
function hasOwn({ headers }, protocol) {
  return headers.some((header) => header.protocol === protocol && header.quoted !== true);
}

/**
 * An ICMP error that quotes a datagram belongs to it.
 * @param {Journey} journey
 * @returns {boolean}
 */
function isOfUdp({ headers }) {
  return headers.some(({ protocol }) => protocol === "UDP");
}

/**
 * @param {Header[]} headers
 * @param {string} name
 * @returns {number} NaN where there is none
 */
function fieldOf(headers, name) {
  return headers.flatMap(({ fields }) => fields).find((field) => field.name === name)?.number ?? NaN;
}

/**
 * What the server's application could read, a line each, and what it never could.
 * @param {Lane} lane
 * @returns {string[]}
 */
export function readLines({ key, read, sent, heard }) {
  if (heard !== null) return heardLines(heard);
  const lines = read.map(({ text, atUs, behind }) => {
    const values = { text, ms: number(atUs / 1000, ONE_PLACE) };
    return behind ? say("“{text}” since {ms} ms: it waited for what was missing", values) : say("“{text}” since {ms} ms", values);
  });
  const missing = sent - new Set(read.map(({ text }) => text)).size;
  if (missing === 0) return [...lines, say("All {sent} messages came.", { sent })];
  const values = { missing, sent };
  return [...lines, key === "udp"
    ? say("{missing} of {sent} messages never came as sent, and UDP tells nobody.", values)
    : say("{missing} of {sent} messages never came as sent.", values)];
}
