import {
  choiceAt, choicesOfOctet, choose, find, lights, networkBit, numberAt, onWire, read, sections,
} from "../../static/js/core/inspector.js";
import { bitText, placeText } from "../../static/js/core/inspector-words.js";
import { bitAt, fromWire, signal } from "../../static/js/core/bits.js";
import { initialState, withChoice } from "../../static/js/core/store.js";
import { allFrames, connection, frame } from "./made.js";

/** @import { Assert } from "./runner.js" */
/** @import { Found } from "../../static/js/core/inspector.js" */
/** @import { Journey } from "../../static/js/core/messages.js" */

const [syn, , ack] = /** @type {[Journey, Journey, Journey]} */ (connection().journeys);

/** @param {string} name */
const choiceOf = (name, section = "TCP", label = "", nth = 0) => {
  const field = sections(syn).find(({ key }) => key === section)?.fields.find((each) => each.field.name === name);
  return { section, field: name, label: label || (field?.field.label ?? ""), nth, bit: -1 };
};

/** @param {Assert} assert */
export function theSectionsFillTheWireWithoutAGap(assert) {
  const all = sections(syn);
  assert.deepEqual(all.map(({ key }) => key), ["preamble", "sfd", "Ethernet II", "IPv4", "TCP", "fcs"]);
  for (const [index, { first, bits }] of all.entries()) assert.equal(all[index + 1]?.first ?? first + bits, first + bits);
}

/** @param {Assert} assert */
export function twoHeadersOfOneProtocolHaveKeysOfTheirOwn(assert) {
  const [ethernet, ip] = /** @type {[Journey["headers"][0], Journey["headers"][0]]} */ (/** @type {unknown} */ (syn.headers));
  const tag = { ...ethernet, protocol: "802.1Q", octet_length: 4, fields: [] };
  const stacked = { ...syn, headers: [ethernet, { ...tag, octet_offset: 14 }, { ...tag, octet_offset: 18 }, ip] };
  assert.deepEqual(sections(stacked).filter(({ label }) => label === "802.1Q").map(({ key, first }) => [key, first]),
    [["802.1Q", 112], ["802.1Q 2", 144]]);
}

/** @param {Assert} assert */
export function aChoiceIsFoundAgainInTheNextFrameWhereverItsFieldStandsThere(assert) {
  const choice = choiceOf("tcp.option_kind", "TCP", "Timestamps");
  assert.equal(find(syn, choice)?.first, 34 * 8 + 208);
  assert.equal(find(ack, choice)?.first, 34 * 8 + 176);
  assert.equal(find(ack, choiceOf("tcp.options.mss_val")), null);
  assert.equal(find(null, choice), null);
  assert.equal(find(syn, { ...choice, section: "UDP" }), null);
}

/** @param {Assert} assert */
export function aBitLeadsToTheShortestFieldThatHoldsIt(assert) {
  assert.deepEqual(choiceAt(syn, 112, false), { section: "IPv4", field: "ip.version", label: "Version", nth: 0, bit: -1 });
  assert.equal(choiceAt(syn, 118, true)?.bit, 2);
  assert.deepEqual(choiceAt(syn, -1, true), { section: "sfd", field: "", label: "", nth: 0, bit: 7 });
  assert.equal(choiceAt(syn, 74 * 8, false)?.section, "fcs");
  assert.equal(choiceAt(syn, 78 * 8, false), null);
}

/** @param {Assert} assert */
export function everyBitLeadsToAChoiceThatLightsJustThatBit(assert) {
  for (let bit = -64; bit < 78 * 8; bit += 1) {
    const found = /** @type {Found} */ (find(syn, choiceAt(syn, bit, true)));
    assert.equal(found.bit, bit);
    assert.equal(lights(found, bit, 1), "all");
    assert.equal(lights(found, bit + 1, 1), "");
  }
}

/** @param {Assert} assert */
export function aByteOffersEachFieldThatHasABitInIt(assert) {
  assert.deepEqual(choicesOfOctet(syn, 14).map(({ field }) => field), ["ip.version", "ip.hdr_len"]);
  assert.deepEqual(choicesOfOctet(syn, 46).map(({ field }) => field), ["tcp.hdr_len", "tcp.flags.res", "tcp.flags"]);
}

/** @param {Assert} assert */
export function aFieldOfHalfAByteLightsItInPart(assert) {
  const found = find(syn, choiceOf("ip.version", "IPv4"));
  assert.equal(lights(found, 112, 8), "some");
  assert.equal(lights(found, 112, 4), "all");
  assert.equal(lights(found, 116, 4), "");
  assert.equal(lights(null, 112, 8), "");
}

/** @param {Assert} assert */
export function theWireTurnsEachByteRoundAndBackAgain(assert) {
  for (let bit = -64; bit < 78 * 8; bit += 1) {
    const [[place]] = /** @type {[[number, number]]} */ (onWire(syn, bit, 1));
    assert.equal(fromWire(syn, place), bit);
    assert.equal(bitAt(signal(syn), place), networkBit(syn, bit));
  }
}

/** @param {Assert} assert */
export function whatIsOneStretchInTheHeaderMayBeSeveralOnTheWire(assert) {
  assert.deepEqual(onWire(syn, 0, 16), [[64, 80]]);
  assert.deepEqual(onWire(syn, 112, 4), [[180, 184]]);
  assert.deepEqual(onWire(syn, 34 * 8 + 103, 9), [[64 + 46 * 8, 64 + 46 * 8 + 1], [64 + 47 * 8, 64 + 48 * 8]]);
}

/** @param {Assert} assert */
export function aNumberIsReadFromItsBits(assert) {
  assert.equal(numberAt(syn, 34 * 8, 16), 35310);
  assert.equal(numberAt(syn, 112, 4), 4);
  assert.equal(numberAt(syn, 38 * 8, 32), 0xef47e4eb);
}

/** @param {Assert} assert */
export function whereAFieldStandsIsSaidInWords(assert) {
  const place = (/** @type {string} */ name, /** @type {string} */ section) => {
    const { section: found, first, bits } = /** @type {Found} */ (find(syn, choiceOf(name, section)));
    return placeText(found, first, bits);
  };
  assert.equal(place("ip.ttl", "IPv4"), "1 byte: byte 22 of the frame");
  assert.equal(place("ip.src", "IPv4"), "4 bytes: bytes 26 to 29 of the frame");
  assert.equal(place("ip.hdr_len", "IPv4"), "4 bits: byte 14 of the frame, bits 4 to 7");
  assert.equal(place("tcp.flags", "TCP"), "9 bits: bytes 46 to 47 of the frame, from bit 7");
  const [preamble] = sections(syn);
  assert.equal(preamble && placeText(preamble, preamble.first, preamble.bits), "7 bytes on the wire, in no capture");
}

/** @param {Assert} assert */
export function oneBitIsSaidByItsNameOrItsWorth(assert) {
  const at = (/** @type {number} */ bit) => bitText(syn, /** @type {Found} */ (find(syn, choiceAt(syn, bit, true))));
  assert.equal(at(34 * 8 + 110), "Bit 8 of 9 is 1: SYN is set");
  assert.equal(at(34 * 8 + 111), "Bit 9 of 9 is 0: FIN is not set");
  assert.equal(at(22 * 8 + 1), "Bit 2 of 8 is 1: worth 64");
  assert.equal(at(22 * 8), "Bit 1 of 8 is 0");
}

/** @param {Assert} assert */
export function whatWasKeptIsReadAndWhatIsNoneOfOursIsNothing(assert) {
  const choice = choiceOf("ip.ttl", "IPv4");
  assert.deepEqual(read(JSON.stringify(choice)), choice);
  for (const strange of [null, "", "null", "7", "{", "{}", '{"section":1,"field":"","label":"","nth":0,"bit":0}']) {
    assert.equal(read(strange), null, String(strange));
  }
}

/** @param {Assert} assert */
export function theSameChoiceAgainChangesNothing(assert) {
  const section = /** @type {import("../../static/js/core/inspector.js").Section} */ (sections(syn)[3]);
  const state = withChoice(initialState(), choose(section));
  assert.ok(state.choice);
  assert.equal(withChoice(state, choose(section)), state);
  assert.equal(withChoice(state, null).choice, null);
}

/** @param {Assert} assert */
export function everyFieldOfEveryKindOfFrameIsFoundByItsOwnChoice(assert) {
  for (const [name, journey] of allFrames()) {
    for (const section of sections(journey)) {
      for (const each of section.fields) {
        const found = find(journey, choose(section, each));
        assert.equal(found?.first, each.field.bit_offset, `${name} ${section.key} ${each.field.name}`);
      }
    }
  }
}

/** @param {Assert} assert */
export function whatWasNotCapturedHasAPlaceButNoBits(assert) {
  const cut = frame("cut short");
  const choice = choiceAt(cut, 500, true);
  assert.deepEqual([choice?.section, choice?.bit], ["missing", -1]);
  const found = /** @type {Found} */ (find(cut, choice));
  assert.equal(placeText(found.section, found.first, found.bits), "198 bytes on the wire that the capture left out");
}
