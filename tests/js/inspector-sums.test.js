import { relative, scale, segment } from "../../static/js/core/inspector-connection.js";
import { sums, valueText } from "../../static/js/core/inspector-sums.js";
import { choose, find, sections } from "../../static/js/core/inspector.js";
import { whatChanges, whatFor } from "../../static/js/core/inspector-changes.js";
import { allFrames, connection, frame as madeFrame, recorded } from "./made.js";

/** @import { Assert } from "./runner.js" */
/** @import { Found } from "../../static/js/core/inspector.js" */
/** @import { Journey, Run } from "../../static/js/core/messages.js" */
/** @import { Segment } from "../../static/js/core/inspector-connection.js" */

const RUN = connection();

/**
 * @param {number} number
 * @param {Run} run
 * @returns {Journey}
 */
function frame(number, run = RUN) {
  return /** @type {Journey} */ (run.journeys.find((each) => each.number === number));
}

/**
 * @param {number} number
 * @param {string} name
 * @param {Run} run
 * @returns {string[]} 'sum: words'
 */
function said(number, name, run = RUN) {
  const journey = frame(number, run);
  for (const section of sections(journey)) {
    const each = section.fields.find(({ field }) => field.name === name);
    if (each === undefined && section.key !== name) continue;
    const choice = { section: section.key, field: each?.field.name ?? "", label: each?.field.label ?? "", nth: 0, bit: -1 };
    return sums(run, journey, /** @type {Found} */ (find(journey, choice))).map(({ sum, words }) => `${sum}: ${words}`);
  }
  return [];
}

/**
 * @param {number} number
 * @param {string} name
 * @param {Run} run
 * @returns {string}
 */
function value(number, name, run = RUN) {
  const journey = frame(number, run);
  const all = journey.headers.flatMap(({ fields }) => fields);
  return valueText(run, journey, /** @type {Journey["headers"][0]["fields"][0]} */ (all.find((each) => each.name === name)));
}

/**
 * The run with one frame's octets changed.
 * @param {number} number
 * @param {(hex: string) => string} change
 * @returns {Run}
 */
function changed(number, change) {
  const journeys = RUN.journeys.map((each) => (each.number === number ? { ...each, octets: change(each.octets) } : each));
  return { ...RUN, journeys };
}

/** @param {Assert} assert */
export function aSynAcksNumberIsOneMoreThanTheSynsWithBothRealNumbers(assert) {
  assert.equal(said(4, "tcp.ack_raw")[0], "4014466284 = 4014466283 + 1: sequence number of frame 3, its SYN takes 1");
  assert.equal(value(4, "tcp.ack_raw"), "relative 1 · raw 4014466284");
}

/** @param {Assert} assert */
export function dataTakesOneNumberForEachByteAndAFinOne(assert) {
  const [data] = said(7, "tcp.ack_raw");
  assert.equal(data, "4014466383 = 4014466284 + 99: sequence number of frame 6, its data takes 99");
  const fin = /** @type {Segment} */ (segment(frame(10)));
  assert.equal(said(11, "tcp.ack_raw")[0], `${fin.seq + 1} = ${fin.seq} + 1: sequence number of frame 10, its FIN takes 1`);
}

/** @param {Assert} assert */
export function aSequenceNumberIsGivenAgainstItsOwnEndsSyn(assert) {
  assert.equal(value(6, "tcp.seq_raw"), "relative 1 · raw 4014466284");
  assert.deepEqual(said(6, "tcp.seq_raw"), [
    "4014466284 − 4014466283 = 1: the initial number is that of the SYN in frame 3",
    "1 + 99 = 100: the number behind this segment: 99 for the data",
  ]);
  assert.equal(value(8, "tcp.seq_raw"), "relative 1 · raw 3655685598");
  assert.ok(said(5, "tcp.seq_raw")[1]?.endsWith("takes no number: the next segment has the same"));
}

/** @param {Assert} assert */
export function withoutTheSynsInTheRunTheBaseAndTheShiftAreSaidToBeUnknown(assert) {
  const late = { ...RUN, journeys: RUN.journeys.slice(2) };
  assert.ok(said(6, "tcp.seq_raw", late)[0]?.includes("the SYN is not here"), said(6, "tcp.seq_raw", late)[0]);
  assert.equal(value(6, "tcp.seq_raw", late), "relative 1 · raw 4014466284");
  assert.deepEqual(said(6, "tcp.window_size_value", late), ["63 × 2^?: this run does not hold both SYNs: the shift is unknown"]);
}

/** @param {Assert} assert */
export function numbersGoOnBehindTheHighest(assert) {
  const high = changed(3, (hex) => `${hex.slice(0, 76)}ffffffff${hex.slice(84)}`);
  const answered = { ...high, journeys: high.journeys.map((each) => (
    each.number === 4 ? { ...each, octets: `${each.octets.slice(0, 84)}00000000${each.octets.slice(92)}` } : each)) };
  assert.equal(relative(answered, frame(4, answered), "tcp.ack_raw")?.relative, 1);
  assert.ok(said(4, "tcp.ack_raw", answered)[0]?.startsWith("0 = 4294967295 + 1:"));
}

/** @param {Assert} assert */
export function aWindowIsScaledByItsOwnEndsShiftButNeverInASyn(assert) {
  assert.deepEqual(said(5, "tcp.window_size_value"), ["63 × 2^10 = 64512 bytes: the shift is that of the SYN in frame 3"]);
  assert.equal(value(5, "tcp.window_size_value"), "scaled 64512 · raw 63");
  assert.deepEqual(said(3, "tcp.window_size_value"), ["64240 bytes: the window in a SYN is never scaled (RFC 7323)"]);
}

/** @param {Assert} assert */
export function aWindowIsNotScaledWhereOneSynDoesNotOfferIt(assert) {
  const journeys = RUN.journeys.map((each) => (each.number === 4
    ? { ...each, headers: each.headers.map((header) => ({ ...header, fields: header.fields.filter(({ name }) => name !== "tcp.options.wscale.shift") })) }
    : each));
  const run = { ...RUN, journeys };
  assert.equal(scale(run, /** @type {Segment} */ (segment(frame(5, run)))), "not offered");
}

/** @param {Assert} assert */
export function lengthsAreSumsOfWhatTheyCover(assert) {
  assert.deepEqual(said(6, "ip.len"), ["151 = 20 + 131: this header and what it carries", "131 = 32 + 99: the TCP header and its data"]);
  assert.deepEqual(said(3, "tcp.hdr_len"), ["10 × 4 = 40 bytes: the field counts words of 4 bytes"]);
  assert.deepEqual(said(3, "ip.hdr_len"), ["5 × 4 = 20 bytes: the field counts words of 4 bytes"]);
  assert.deepEqual(said(3, "tcp.options.mss_val"), ["1460 + 20 + 20 = 1500 bytes: with the least TCP and IP headers: the largest packet"]);
}

/** @param {Assert} assert */
export function aTrueChecksumIsComputedAndAWrongOneHasTheTrueOneBesideIt(assert) {
  assert.deepEqual(said(3, "ip.checksum"), [
    "0xffff − 0x8561 = 0x7a9e: 0x8561 is the sum over the 20 bytes of this header, with 0 for this field; the field says so too: right",
  ]);
  for (const journey of RUN.journeys) {
    for (const name of ["ip.checksum", "tcp.checksum"]) assert.ok(said(journey.number, name)[0]?.endsWith(": right"), `${journey.number} ${name}`);
  }
  const wrong = changed(3, (hex) => `${hex.slice(0, 48)}1234${hex.slice(52)}`);
  assert.ok(said(3, "ip.checksum", wrong)[0]?.includes("= 0x7a9e:"));
  assert.ok(said(3, "ip.checksum", wrong)[0]?.includes("the field says 0x1234. That is wrong"));
}

/** @param {Assert} assert */
export function theTcpChecksumCoversAPseudoHeader(assert) {
  assert.ok(said(6, "tcp.checksum")[0]?.includes("over 12 bytes of pseudo-header, 32 of header and 99 of data"));
}

/** @param {Assert} assert */
export function theChecksumOfASegmentThatIsCutShortIsNotJudged(assert) {
  const [told] = checksumSums(madeFrame("cut short"), "tcp.checksum");
  assert.ok(told?.startsWith("not checkable"), told);
}

/**
 * @param {Journey} journey
 * @param {string} name
 * @returns {string[]}
 */
function checksumSums(journey, name) {
  const section = sections(journey).find(({ fields }) => fields.some(({ field }) => field.name === name));
  const field = section?.fields.find((each) => each.field.name === name);
  if (section === undefined || field === undefined) return [];
  const found = /** @type {Found} */ (find(journey, choose(section, field)));
  return sums(null, journey, found).map(({ sum, words }) => `${sum}: ${words}`);
}

/** @param {Assert} assert */
export function everyChecksumOfEveryProtocolComesToWhatItsFieldSays(assert) {
  /** @type {Record<string, string>} */
  const names = { "dns over ipv6": "udp.checksum", "echo": "icmp.checksum", "icmp error": "icmp.checksum", "raw": "tcp.checksum", "ip in ip": "tcp.checksum", "loopback": "ip.checksum" };
  for (const [name, field] of Object.entries(names)) {
    const [told] = checksumSums(madeFrame(name), field);
    assert.ok(told?.endsWith("right"), `${name}: ${told}`);
  }
}

/** @param {Assert} assert */
export function ofEveryFieldItIsSaidWhatWouldChangeIt(assert) {
  for (const [name, journey] of allFrames()) {
    for (const { key, fields, header } of sections(journey)) {
      if (header !== null) assert.ok(whatFor(key) !== "", `${name}: ${key}`);
      for (const { field } of fields) assert.ok(whatChanges(field.name) !== "", `${name}: ${field.name}`);
    }
  }
}

/** @param {Assert} assert */
export function anEchoIsTheTimestampThatTheOtherEndSent(assert) {
  assert.deepEqual(said(4, "tcp.options.timestamp.tsecr"), ["438631066: the timestamp value that frame 3 brought"]);
  assert.deepEqual(said(3, "tcp.options.timestamp.tsecr"), []);
}

/** @param {Assert} assert */
export function theCheckSequenceIsOverTheWholeFrame(assert) {
  assert.deepEqual(said(3, "fcs"), ["CRC-32 = 0x3315af3b: over all 74 bytes from the destination MAC to the end of the frame"]);
}

/** @param {Assert} assert */
export function everyFieldOfEveryFrameIsToldWithoutAFault(assert) {
  const run = recorded();
  for (const journey of run.journeys) {
    for (const section of sections(journey)) {
      for (const { field, nth } of section.fields) {
        const found = find(journey, { section: section.key, field: field.name, label: field.label, nth, bit: 0 });
        assert.ok(found !== null && sums(run, journey, found).every(({ sum, words }) => sum !== "" && words !== ""), field.name);
        assert.ok(!/NaN|undefined|Infinity/.test(JSON.stringify(sums(run, journey, /** @type {Found} */ (found)))), field.name);
      }
    }
  }
}

/** @param {Assert} assert */
export function aFrameThatIsCutShortIsNoFault(assert) {
  const run = recorded();
  for (let length = 0; length <= 74; length += 1) {
    const cut = { ...frame(3, run), octets: frame(3, run).octets.slice(0, length * 2) };
    for (const section of sections(cut)) {
      for (const { field, nth } of section.fields) {
        const found = find(cut, { section: section.key, field: field.name, label: field.label, nth, bit: -1 });
        if (found !== null) sums({ ...run, journeys: [cut] }, cut, found);
      }
    }
  }
  assert.equal(segment({ ...frame(3, run), headers: [] }), null);
}

/** @param {Assert} assert */
export function nothingIsSaidWhereNothingIsKnown(assert) {
  assert.equal(whatChanges("no.such.field"), "");
  assert.equal(whatChanges("toString"), "");
  assert.ok(whatChanges("ip.ttl").includes("Each router takes 1 off"));
  assert.ok(whatFor("TCP") !== "" && whatFor("802.1Q 2") === whatFor("802.1Q"));
}

/** @param {Assert} assert */
export function withoutASynTheFirstNumberSeenCountsAsOne(assert) {
  const bare = { ...RUN, journeys: RUN.journeys.slice(3) };
  const first = /** @type {Journey} */ (bare.journeys[0]);
  const numbers = relative(bare, first, "tcp.seq_raw");
  assert.deepEqual([numbers?.relative, numbers?.isSyn, numbers?.frame], [1, false, first.number]);
  assert.equal(relative(bare, first, "tcp.ack_raw")?.relative, 1);
  const answer = /** @type {Journey} */ (bare.journeys.find(({ sender }) => sender === "server"));
  assert.equal(relative(bare, answer, "tcp.seq_raw")?.relative, 1);
}
