// TCP and UDP side by side: a run's frames in two lanes, each from its own zero on one axis of time, and what the server's
// application could read of the client's messages, and since when. Knows nothing of the page.

import { octetsOf } from "./bits.js";
import { number, say } from "./say.js";
import { fitted, sansWidth } from "./text.js";
import { faultMarks } from "./words.js";

/** @import { Header, Journey, Run, Side } from "./messages.js" */

/**
 * Microseconds from the lane's first frame on; `labels` are the longest first; `arrivedUs` is null where the frame never came.
 * @typedef {{ number: number, sender: Side, labels: string[], sentUs: number, arrivedUs: number | null, refused: boolean }} Passing
 * `behind` is true where a message had come before it could be read, because an earlier one was missing.
 * @typedef {{ text: string, atUs: number, behind: boolean }} Read
 * @typedef {{ key: "tcp" | "udp", passings: Passing[], read: Read[], sent: number }} Lane
 * @typedef {{ passing: Passing, label: string, fromX: number, fromY: number, toX: number, toY: number, labelX: number, labelY: number, isWhole: boolean }} Slope
 * @typedef {{ key: "tcp" | "udp", left: number, right: number, slopes: Slope[], lines: string[] }} Pane
 * @typedef {{ panes: Pane[], top: number, bottom: number, linesY: number }} Beside
 */

export const SCENE = "side-by-side";
const TOP_EM = 3.4;
const ROW_EM = 1.5;
const LONGEST_PAUSE_EM = 2.2;
const EM_PER_US = 1 / 1500;
const LINE_EM = 1.35;
const GAP_EM = 2.6;
const NARROW = { widthEm: 40, gapEm: 0.8 };
const MOST_APART = 1.7;
const FIRST_EM = 0.9;
const LAST_EM = 0.6;
const ASIDE_EM = 0.8;

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
  const made = [lane("tcp", run.journeys.filter((each) => hasOwn(each, "TCP")), readTcp), lane("udp", run.journeys.filter(isOfUdp), readUdp)];
  known.set(run, made);
  return made;
}

/**
 * @param {"tcp" | "udp"} key
 * @param {Journey[]} journeys
 * @param {(journeys: Journey[], zeroUs: number) => Read[]} read
 * @returns {Lane}
 */
function lane(key, journeys, read) {
  const zeroUs = Math.min(...journeys.map(({ time_us: timeUs }) => timeUs));
  const messages = new Set(journeys.filter(isMessage).map((each) => messageText({ ...each, arrived: "" })));
  return { key, passings: journeys.map((each) => passing(each, zeroUs)), read: read(journeys, zeroUs), sent: messages.size };
}

/**
 * @param {Journey} journey
 * @param {number} zeroUs
 * @returns {Passing}
 */
function passing(journey, zeroUs) {
  const { number: nth, sender, name, lost, arrived_us: arrivedUs, time_us: timeUs, refused_at: refusedAt } = journey;
  const marks = [...(lost ? [say("lost")] : []), ...faultMarks(journey)];
  const what = isMessage(journey) ? messageText({ ...journey, arrived: "" }) : name;
  const said = isMessage(journey) ? `${name}: ${what}` : name;
  const mark = marks.length === 0 ? "" : `[${marks.join(", ")}] `;
  return {
    number: nth, sender, labels: [`${mark}${said}`, `${mark}${what}`, what], sentUs: timeUs - zeroUs,
    arrivedUs: lost || arrivedUs === null ? null : arrivedUs - zeroUs, refused: refusedAt !== null,
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
 * Time runs down, the same for both; a pause longer than a few rows is shortened, and no row is so near that it could not be read.
 * @param {Lane[]} both
 * @param {number} widthPx
 * @param {number} heightPx
 * @param {number} emPx
 * @returns {Beside}
 */
export function layoutBeside(both, widthPx, heightPx, emPx) {
  const gapPx = (widthPx / emPx < NARROW.widthEm ? NARROW.gapEm : GAP_EM) * emPx;
  const paneWidth = (widthPx - gapPx) / 2;
  const roomEm = paneWidth / emPx - 2 * ASIDE_EM;
  const lines = both.map((each) => readLines(each).map((line) => fitted(line, roomEm + ASIDE_EM)));
  const top = TOP_EM * emPx;
  const bottom = heightPx - (Math.max(...lines.map(({ length }) => length)) * LINE_EM + 1.9) * emPx;
  const at = axis(both, (bottom - top) / emPx - FIRST_EM - LAST_EM * MOST_APART);
  const panes = both.map(({ key, passings }, index) => {
    const left = index * (paneWidth + gapPx) + ASIDE_EM * emPx;
    const right = left + paneWidth - 2 * ASIDE_EM * emPx;
    return { key, left, right, lines: lines[index] ?? [], slopes: passings.map((each) => slope(each, { left, right }, (us) => top + (at(us) + FIRST_EM) * emPx, emPx)) };
  });
  return { panes, top, bottom, linesY: bottom + 1.5 * emPx };
}

/**
 * @param {Passing} passing
 * @param {{ left: number, right: number }} ends
 * @param {(us: number) => number} yOf
 * @param {number} emPx
 * @returns {Slope}
 */
function slope(passing, { left, right }, yOf, emPx) {
  const [fromX, farX] = passing.sender === "client" ? [left, right] : [right, left];
  const isWhole = passing.arrivedUs !== null;
  const fromY = yOf(passing.sentUs);
  const farY = Math.max(fromY + 0.15 * emPx, isWhole ? yOf(passing.arrivedUs ?? 0) : fromY + 0.3 * emPx);
  const [toX, toY] = isWhole ? [farX, farY] : [(fromX + farX) / 2, (fromY + farY) / 2];
  const time = say("{ms} ms", { ms: number(passing.sentUs / 1000, ONE_PLACE) });
  const roomEm = (right - left) / emPx - 1.1;
  const [full = "", ...shorter] = passing.labels;
  const label = [`${full} · ${time}`, full, ...shorter].find((each) => sansWidth(each) <= roomEm) ?? fitted(shorter.at(-1) ?? full, roomEm);
  const labelX = fromX + (passing.sender === "client" ? 1 : -1) * emPx;
  return { passing, label, labelX, labelY: fromY - 0.28 * emPx, fromX, fromY, toX, toY, isWhole };
}

/** @type {Intl.NumberFormatOptions} */
const ONE_PLACE = { minimumFractionDigits: 1, maximumFractionDigits: 1 };

/**
 * How far down an instant stands, in em, the same for all lanes.
 * @param {Lane[]} both
 * @param {number} roomEm
 * @returns {(us: number) => number}
 */
function axis(both, roomEm) {
  const events = both.flatMap(({ key, passings }) => passings.map(({ sentUs }) => ({ key, us: sentUs }))).sort((one, other) => one.us - other.us);
  /** @type {Array<{ us: number, em: number }>} */
  const marks = [];
  /** @type {Map<string, number>} */
  const lastOf = new Map();
  for (const { key, us } of events) {
    const last = marks.at(-1) ?? { us: 0, em: 0 };
    const em = Math.max(last.em + Math.min(LONGEST_PAUSE_EM, (us - last.us) * EM_PER_US), (lastOf.get(key) ?? -ROW_EM) + ROW_EM);
    lastOf.set(key, em);
    marks.push({ us, em });
  }
  const scale = Math.min(MOST_APART, roomEm / Math.max(1, marks.at(-1)?.em ?? 1));
  return (us) => scale * between(marks, us);
}

/**
 * @param {Array<{ us: number, em: number }>} marks in their order
 * @param {number} us
 * @returns {number}
 */
function between(marks, us) {
  const after = marks.findIndex((mark) => mark.us > us);
  const last = marks.at(after < 0 ? -1 : Math.max(0, after - 1)) ?? { us: 0, em: 0 };
  const next = after < 0 ? null : marks[after];
  const more = (us - last.us) * EM_PER_US;
  if (next === null || next === undefined) return last.em + Math.min(LAST_EM, more);
  return last.em + ((us - last.us) / Math.max(1e-9, next.us - last.us)) * (next.em - last.em);
}

/**
 * What the server's application could read, a line each, and what it never could.
 * @param {Lane} lane
 * @returns {string[]}
 */
export function readLines({ key, read, sent }) {
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
