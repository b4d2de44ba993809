import { cellBeside, cellText, diagram } from "../../static/js/core/inspector-diagram.js";
import { sections } from "../../static/js/core/inspector.js";
import { monoWidth } from "../../static/js/core/text.js";
import { allFrames, recorded } from "./made.js";

/** @import { Assert } from "./runner.js" */
/** @import { Cell } from "../../static/js/core/inspector-diagram.js" */
/** @import { Section } from "../../static/js/core/inspector.js" */
/** @import { Journey } from "../../static/js/core/messages.js" */

const RUN = recorded();

/**
 * @param {number} number
 * @param {string} key
 * @returns {Section}
 */
function section(number, key) {
  const journey = /** @type {Journey} */ (RUN.journeys[number - 1]);
  return /** @type {Section} */ (sections(journey).find((each) => each.key === key));
}

/**
 * @param {number} number
 * @param {string} key
 * @returns {string[]} a row each: 'label 16, label 16'
 */
function drawn(number, key) {
  return diagram(section(number, key)).map(({ cells }) => cells.map(({ owner, span }) => `${owner?.field.label} ${span}`).join(", "));
}

/** @param {Assert} assert */
export function theInternetHeaderIsThatOfRfc791Figure4(assert) {
  assert.deepEqual(drawn(3, "IPv4"), [
    "Version 4, Header length 4, Differentiated services 8, Total length 16", "Identification 16, Flags 3, Fragment offset 13",
    "Time to live 8, Protocol 8, Header checksum 16", "Source IP 32", "Destination IP 32",
  ]);
}

/** @param {Assert} assert */
export function theSegmentHeaderIsThatOfRfc9293Figure1(assert) {
  assert.deepEqual(drawn(5, "TCP").slice(0, 5), [
    "Source port 16, Destination port 16", "Sequence number 32", "Acknowledgment number 32",
    "Data offset 4, Reserved 3, Flags 9, Window 16", "Checksum 16, Urgent pointer 16",
  ]);
}

/** @param {Assert} assert */
export function aMacAddressTakesARowAndAHalf(assert) {
  assert.deepEqual(drawn(1, "Ethernet II"), ["Destination MAC 32", "Destination MAC 16, Source MAC 16", "Source MAC 32", "EtherType 16"]);
  const [first, second] = diagram(section(1, "Ethernet II")).flatMap(({ cells }) => cells);
  assert.deepEqual([first?.part, first?.parts, second?.part, second?.parts], [0, 2, 1, 2]);
  assert.equal(drawn(1, "ARP").length, 7);
}

/** @param {Assert} assert */
export function everyBitOfEveryHeaderStandsInOneBoxInItsPlace(assert) {
  for (const [, journey] of allFrames()) {
    for (const each of sections(journey).filter(({ header }) => header !== null)) {
      let bit = each.first;
      for (const { offset, cells } of diagram(each)) {
        assert.equal(offset * 8 + each.first, bit - (cells[0]?.column ?? 0));
        for (const cell of cells) {
          assert.equal(cell.first, bit);
          assert.equal(cell.column, (bit - each.first) % 32);
          bit += cell.bits;
        }
      }
      assert.equal(bit, each.first + each.bits, each.key);
    }
  }
}

/** @param {Assert} assert */
export function aFieldInsideAnotherHasItsOwnBox(assert) {
  const tcp = section(5, "TCP");
  const flags = tcp.fields.find(({ field }) => field.name === "tcp.flags");
  const syn = { field: { .../** @type {NonNullable<typeof flags>} */ (flags).field, name: "tcp.flags.syn", label: "SYN", bit_offset: 34 * 8 + 110, bit_length: 1 }, nth: 0 };
  const row = diagram({ ...tcp, fields: [syn, ...tcp.fields] })[3];
  assert.deepEqual(row?.cells.map(({ owner, span }) => `${owner?.field.label} ${span}`),
    ["Data offset 4", "Reserved 3", "Flags 7", "SYN 1", "Flags 1", "Window 16"]);
}

/** @param {Assert} assert */
export function bitsOfNoFieldAreABoxOfTheirOwn(assert) {
  const tcp = section(3, "TCP");
  const rows = diagram({ ...tcp, fields: tcp.fields.slice(0, 2) });
  assert.equal(rows[1]?.words, 9);
  assert.equal(rows[1]?.cells[0]?.owner, null);
}

/** @param {Assert} assert */
export function manyRowsOfOneFieldAreDrawnAsOne(assert) {
  const rows = diagram(section(6, "HTTP"));
  assert.ok(rows.some(({ words }) => words > 1));
  assert.ok(rows.length < 12, String(rows.length));
}

/** @param {Assert} assert */
export function theArrowKeysGoFromBoxToBox(assert) {
  const rows = diagram(section(3, "IPv4"));
  const label = (/** @type {Cell | null | undefined} */ cell) => cell?.owner?.field.label;
  const from = /** @type {Cell} */ (rows[1]?.cells[1]);
  assert.equal(label(from), "Flags");
  assert.deepEqual(["ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown", "Home", "End"].map((key) => label(cellBeside(rows, from, key))),
    ["Fragment offset", "Identification", "Total length", "Header checksum", "Identification", "Fragment offset"]);
  const last = /** @type {Cell} */ (rows[4]?.cells[0]);
  assert.equal(label(cellBeside(rows, last, "ArrowDown")), "Destination IP");
  assert.equal(cellBeside(rows, last, "PageDown"), null);
}

/** @param {Assert} assert */
export function aNarrowBoxHasAShorterName(assert) {
  const [cell] = /** @type {[Cell]} */ (diagram(section(3, "IPv4"))[0]?.cells.slice(1));
  const name = (/** @type {number} */ widthEm) => cellText(cell, widthEm, ["5 (20 bytes)", "5"], monoWidth).name;
  assert.deepEqual([name(12), name(4), name(0.4)], ["Header length", "IHL", ""]);
  assert.equal(cellText(cell, 5, ["5 (20 bytes)", "5"], monoWidth).value, "5");
}
