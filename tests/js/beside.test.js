import { lanes, readLines } from "../../static/js/core/beside.js";
import { layoutBeside } from "../../static/js/core/beside-layout.js";
import { sansWidth } from "../../static/js/core/text.js";
import { run } from "./samples.js";

/** @import { Journey, Run } from "../../static/js/core/messages.js" */
/** @import { Assert } from "./runner.js" */

/** @param {string} text */
const hex = (text) => Array.from(text, (sign) => sign.charCodeAt(0).toString(16).padStart(2, "0")).join("");

/**
 * @param {"TCP" | "UDP" | "ARP"} protocol
 * @param {number} number
 * @param {string} text
 * @param {Partial<Journey> & { seq?: number, flags?: number }} more
 * @returns {Journey}
 */
function frame(protocol, number, text, { seq = 0, flags = 16, ...more } = {}) {
  const fields = protocol === "TCP" ? [{ name: "tcp.seq_raw", number: seq }, { name: "tcp.flags", number: flags }] : [];
  const made = {
    number, sender: "client", name: protocol === "TCP" ? "data" : "UDP", headers: [{ protocol, quoted: false, fields }], octets: hex(text), arrived: "",
    payload_offset: 0, payload_octets: text.length, time_us: number * 1000, arrived_us: number * 1000 + 900, lost: false, refused_at: null,
    deed: "", flipped_bit: null, copy_of: 0, held_ms: 0, ...more,
  };
  return /** @type {Journey} */ (/** @type {unknown} */ (made));
}

/** @param {Journey[]} journeys @returns {Run} */
const of = (...journeys) => run({ journeys });
const LOST = { lost: true, arrived_us: null };
const OPENING = frame("TCP", 2, "", { seq: 2 ** 32 - 2, flags: 2, name: "SYN" });

/** @param {Assert} assert */
export function eachLaneHasItsOwnZeroAndWhatBelongsToNeitherIsLeftOut(assert) {
  const [tcp, udp] = lanes(of(frame("ARP", 1, ""), OPENING, frame("UDP", 9, "a"), frame("UDP", 11, "b")));
  assert.deepEqual(tcp?.passings.map(({ number, sentUs }) => [number, sentUs]), [[2, 0]]);
  assert.deepEqual(udp?.passings.map(({ number, sentUs, arrivedUs }) => [number, sentUs, arrivedUs]), [[9, 0, 900], [11, 2000, 2900]]);
}

/** @param {Assert} assert */
export function tcpsApplicationWaitsForWhatIsMissingAndItsNumbersWrap(assert) {
  const [tcp] = lanes(of(
    OPENING, frame("TCP", 3, "one", { seq: 2 ** 32 - 1, ...LOST }), frame("TCP", 4, "two", { seq: 2 }), frame("TCP", 5, "one", { seq: 2 ** 32 - 1 }),
    frame("TCP", 6, "one", { seq: 2 ** 32 - 1 })));
  assert.deepEqual(tcp?.read, [{ text: "one", atUs: 3900, behind: false }, { text: "two", atUs: 3900, behind: true }]);
  assert.equal(tcp?.sent, 2);
  assert.equal(tcp === undefined ? "" : readLines(tcp).at(-1), "All 2 messages came.");
}

/** @param {Assert} assert */
export function udpsApplicationGetsWhatComesTwiceWhereItComesTwiceAndNothingOfTheRest(assert) {
  const damaged = frame("UDP", 6, "four", { refused_at: "transport", arrived: hex("gour"), flipped_bit: 6, deed: "corrupt" });
  const [, udp] = lanes(of(frame("UDP", 3, "one", LOST), frame("UDP", 4, "two"), frame("UDP", 5, "two", { copy_of: 4, name: "copy of UDP" }), damaged));
  assert.deepEqual(udp?.read.map(({ text }) => text), ["two", "two"]);
  assert.equal(udp === undefined ? "" : readLines(udp).at(-1), "2 of 3 messages never came as sent, and UDP tells nobody.");
  assert.deepEqual(udp?.passings.map(({ labels: [label] }) => label), ["[lost] UDP: one", "UDP: two", "copy of UDP: two", "[bit wrong] UDP: four"]);
}

/** @param {Assert} assert */
export function inANarrowLaneALostMessageAndItsRepeatAreStillToldApart(assert) {
  const [tcp] = lanes(of(OPENING, frame("TCP", 3, "Message 1 of 3", LOST), frame("TCP", 4, "Message 1 of 3", { name: "data again", repeats: 3 })));
  const { panes } = layoutBeside(tcp === undefined ? [] : [tcp, { ...tcp, key: "udp" }], 356, 500, 13.1);
  assert.deepEqual(panes[0]?.slopes.slice(1).map(({ label }) => label), ["[lost] Message 1 of 3", "again Message 1 of 3"]);
  assert.deepEqual(tcp?.passings[1]?.labels, ["[lost] data: Message 1 of 3", "[lost] Message 1 of 3", "lost: Message 1 of 3", "Message 1 of 3", "Message 1 of 3"]);
}

/** @param {Assert} assert */
export function timeRunsDownTheSameForBothAndNothingLeavesItsPane(assert) {
  const many = Array.from({ length: 16 }, (_, index) => frame("TCP", index + 3, `message ${index}`, { seq: index }));
  const both = lanes(of(OPENING, ...many, frame("UDP", 40, "one"), frame("UDP", 41, "two", LOST), frame("UDP", 300, "late")));
  for (const [width, height, em] of [[1180, 500, 15], [340, 520, 13], [1840, 800, 24]]) {
    const { panes, top, bottom, captions } = layoutBeside(both, width ?? 0, height ?? 0, em ?? 0);
    for (const { left, right, slopes } of panes) {
      const starts = slopes.map(({ fromY }) => fromY);
      assert.deepEqual(starts, [...starts].sort((one, other) => one - other));
      for (const { fromX, toX, fromY, toY } of slopes) {
        assert.ok(fromX >= left && toX <= right && fromY >= top && toY >= fromY && toY <= bottom + 0.01, `${fromY} ${toY} of ${bottom} at ${width}`);
      }
    }
    assert.ok(captions.every(({ words, isBold, x, y }) => y > bottom && y <= (height ?? 0) && x + sansWidth(words, isBold) * (em ?? 0) <= (width ?? 0)));
    assert.ok((panes[0]?.right ?? 0) < (panes[1]?.left ?? 0) && (panes[1]?.right ?? 0) <= (width ?? 0));
    const [tcp, udp] = panes;
    const same = tcp?.slopes.find(({ passing }) => passing.sentUs === 1000)?.fromY;
    assert.equal(udp?.slopes.find(({ passing }) => passing.sentUs === 1000)?.fromY, same);
  }
}

/** @param {Assert} assert */
export function aCopyBeginsOnTheWireAndALostFrameEndsBehindItsLabel(assert) {
  const both = lanes(of(OPENING, frame("UDP", 3, "one", LOST), frame("UDP", 4, "two"), frame("UDP", 5, "two", { copy_of: 4, name: "copy of UDP", time_us: 4000 })));
  const pane = layoutBeside(both, 1180, 500, 15).panes[1];
  const [lost, sent, copy] = pane?.slopes ?? [];
  assert.deepEqual([sent?.fromX, copy?.fromX], [pane?.left, ((pane?.left ?? 0) + (pane?.right ?? 0)) / 2]);
  assert.ok((copy?.labelY ?? 0) > (sent?.labelY ?? 0) + 15);
  assert.ok((lost?.toX ?? 0) > (lost?.labelX ?? 0) + sansWidth(lost?.label ?? "") * 15 && (lost?.toX ?? 0) < (pane?.right ?? 0));
}
