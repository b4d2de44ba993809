import { scene } from "../../static/js/core/scene.js";
import { blocks, layoutStack, sumText } from "../../static/js/core/stack.js";
import { breakLines, monoWidth, sansWidth, wrapped } from "../../static/js/core/text.js";
import { timeline } from "../../static/js/core/timeline.js";
import { handshake } from "./frames.js";

/** @import { Assert } from "./runner.js" */
/** @import { LayerScene, Piece, ShownLine } from "../../static/js/core/host.js" */
/** @import { Mark } from "../../static/js/core/messages.js" */

const line = timeline(handshake());

/**
 * @param {number} instantMs
 * @param {number} index
 * @returns {LayerScene}
 */
function clientLayer(instantMs, index) {
  return /** @type {LayerScene} */ (scene(line, instantMs).hosts.client.layers[index]);
}

/**
 * @param {string} label
 * @param {string} text
 * @param {Mark} mark
 * @returns {ShownLine}
 */
function shown(label, text, mark = "captured") {
  return { label, text, mark, shown: 1 };
}

/** @param {Assert} assert */
export function theFiveLayersFillTheHeightAtEveryInstantAndNeverOverlap(assert) {
  for (let instant = 0; instant < 22_000; instant += 87) {
    const { head, rows } = layoutStack(scene(line, instant).hosts.client, 640, 700, 24);
    let end = head.height;
    for (const { box } of rows) {
      assert.ok(box.y >= end, `at ${instant} ms`);
      end = box.y + box.height;
    }
    assert.ok(end <= 700 && end > 690, `at ${instant} ms it ends at ${end}`);
  }
}

/** @param {Assert} assert */
export function aHostWithRoomForItsHeadOnlyShowsNoLayers(assert) {
  assert.equal(layoutStack(scene(line, 0).hosts.client, 360, 80, 16).rows.length, 0);
}

/** @param {Assert} assert */
export function thePiecesOfAPduFillTheirBar(assert) {
  const placed = blocks(clientLayer(4900, 4).pieces, 500, 20);
  const end = placed.reduce((x, block) => (Math.abs(block.x - x) < 0.01 ? x + block.width : NaN), 0);
  assert.equal(Math.round(end), 500);
}

/** @param {Assert} assert */
export function aHeaderComesFromTheLeftAndATrailerFromTheRight(assert) {
  const placed = blocks(clientLayer(3000, 3).pieces, 500, 20);
  const [ethernet, , , fcs] = placed;
  assert.ok(ethernet !== undefined && ethernet.x + ethernet.width <= 0.01);
  assert.ok(fcs !== undefined && fcs.x >= 500);
}

/** @param {Assert} assert */
export function theSizesAddUpOnTheWayDown(assert) {
  const layer = { ...clientLayer(2900, 2), pdu: "packet" };
  assert.equal(sumText(layer), "20 + 40 = 60-byte packet");
  assert.equal(sumText(clientLayer(4900, 4)), "8 + 14 + 20 + 40 + 4 = 86 bytes = 688 bits");
}

/** @param {Assert} assert */
export function whatIsTakenOffIsSubtractedOnTheWayUp(assert) {
  const link = /** @type {LayerScene} */ (scene(line, 7900).hosts.server.layers[3]);
  assert.equal(sumText(link), "78 − 14 − 4 = 60 bytes");
}

/** @param {Assert} assert */
export function noRowOfAnyLineIsWiderThanItsRoom(assert) {
  const long = shown("Compressed", `49 bytes: ${"1f ".repeat(49)}`);
  const lines = [long, shown("Frame check sequence", "x".repeat(70)), shown("To", "10.0.0.2")];
  for (const widthEm of [14, 20, 27, 40]) {
    const { lines: broken, labelEm } = breakLines(lines, widthEm, 40);
    for (const { labels, values, flows } of broken) {
      assert.ok(labels.every((each) => sansWidth(each) <= (flows ? widthEm : labelEm) + 0.01));
      assert.ok(values.every((each) => monoWidth(each) <= widthEm), values.join("|"));
    }
  }
}

/** @param {Assert} assert */
export function whenThereAreMoreLinesThanRowsTheRestIsCounted(assert) {
  const lines = Array.from({ length: 9 }, (_, index) => shown(`Field ${index}`, "value"));
  const { lines: kept, more, rows } = breakLines(lines, 30, 5);
  assert.deepEqual([kept.length, more, rows], [4, 5, 4]);
}

/** @param {Assert} assert */
export function aFailedCheckIsTheLastToGo(assert) {
  const good = Array.from({ length: 5 }, (_, index) => shown(`Field ${index}`, "value"));
  const lines = [...good, shown("Checksum", "wrong", "bad")];
  assert.deepEqual(breakLines(lines, 30, 2).lines.map(({ line: { label } }) => label), ["Checksum"]);
}

/** @param {Assert} assert */
export function aWordThatIsWiderThanTheRoomIsCut(assert) {
  assert.deepEqual(wrapped("abcdefgh ij", 3, (text) => text.length), ["abc", "def", "gh", "ij"]);
}
