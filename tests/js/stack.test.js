import { addressLines } from "../../static/js/core/host.js";
import { scene } from "../../static/js/core/scene.js";
import { blocks, headEm, layoutStack } from "../../static/js/core/stack.js";
import { fitted, monoWidth, sansWidth, signsOf, wrapped } from "../../static/js/core/text.js";
import { timeline } from "../../static/js/core/timeline.js";
import { sizeText, sumText } from "../../static/js/core/words.js";
import { handshake } from "./frames.js";
import { recorded } from "./made.js";

/** @import { Assert } from "./runner.js" */
/** @import { LayerScene, Piece } from "../../static/js/core/host.js" */

const line = timeline(handshake());

/**
 * @param {number} instantMs
 * @param {number} index
 * @returns {LayerScene}
 */
function clientLayer(instantMs, index) {
  return /** @type {LayerScene} */ (scene(line, instantMs).hosts.client.layers[index]);
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
  assert.equal(sumText(clientLayer(2900, 2)), "20 + 40 = 60 bytes");
  assert.equal(sumText(clientLayer(4900, 4)), "8 + 74 + 4 = 86 bytes = 688 bits");
}

/** @param {Assert} assert */
export function onlyCapturedOctetsCountAndTheFcsIsNamedBesideThem(assert) {
  assert.equal(sumText(clientLayer(3900, 3)), "14 + 20 + 40 = 74 bytes (+ 4 FCS)");
  assert.equal(sizeText(clientLayer(3900, 3)), "74-byte frame");
  assert.equal(sizeText(clientLayer(4900, 4)), "688 bits");
}

/** @param {Assert} assert */
export function aSumThatIsTooWideForItsTitleAddsWhatCameToWhatThisLayerPutInFront(assert) {
  const layer = clientLayer(3900, 3);
  assert.equal(sumText(layer, monoWidth("14 + 60 = 74 bytes (+ 4 FCS)")), "14 + 60 = 74 bytes (+ 4 FCS)");
  assert.equal(sumText(layer, monoWidth("14 + 60 = 74 bytes")), "14 + 60 = 74 bytes");
  assert.equal(sumText(layer, 1), "74 bytes");
}

/** @param {Assert} assert */
export function theSumKeepsItsFormWhileAHeaderSlidesIn(assert) {
  const room = monoWidth("14 + 60 = 74 bytes");
  const said = new Set();
  for (let instant = 3000; instant < 4000; instant += 20) said.add(sumText(clientLayer(instant, 3), room));
  assert.deepEqual([...said], ["20 + 40 = 60 bytes", "14 + 60 = 74 bytes"]);
}

/** @param {Assert} assert */
export function whatIsTakenOffIsSubtractedOnTheWayUp(assert) {
  const { layers } = scene(line, 7900).hosts.server;
  assert.equal(sumText(/** @type {LayerScene} */ (layers[3])), "74 − 14 = 60 bytes (− 4 FCS)");
  assert.equal(sumText(/** @type {LayerScene} */ (layers[4])), "688 − 64 = 624 bits");
}

/** @param {Assert} assert */
export function theSizeOfAMessageIsSaidInBytesOfData(assert) {
  const pieces = [{ ...(/** @type {Piece} */ (clientLayer(1900, 1).pieces[0])), layer: "application", octets: 194 }];
  assert.equal(sizeText(/** @type {LayerScene} */ ({ ...clientLayer(1900, 1), layer: "application", pieces })), "194 bytes of data");
}

/** @param {Assert} assert */
export function aShortHostGivesItsHeightToTheOpenLayer(assert) {
  const bar = (/** @type {number} */ heightPx) => layoutStack(scene(line, 1900).hosts.client, 640, heightPx, 24).rows[1]?.bar.height ?? 0;
  assert.ok(bar(700) < 24 * 2 && bar(900) > 24 * 2);
}

/** @param {Assert} assert */
export function aWordThatIsWiderThanTheRoomIsCut(assert) {
  assert.deepEqual(wrapped("abcdefgh ij", 3, (text) => text.length), ["abc", "def", "gh", "ij"]);
}

/** @param {Assert} assert */
export function addressesTakeOneLineWhereTheyFitAndTwoWhereNot(assert) {
  const host = { side: /** @type {const} */ ("client"), ip: "10.0.0.3", mac: "bc:35:db:cf:1b:03", port: 35310 };
  assert.deepEqual(addressLines(host, 30), ["10.0.0.3 · bc:35:db:cf:1b:03 · port 35310"]);
  assert.deepEqual(addressLines(host, 20), ["10.0.0.3 · port 35310", "bc:35:db:cf:1b:03"]);
}

/** @param {Assert} assert */
export function whatALinkOrAConversationHasNotIsLeftOut(assert) {
  const host = { side: /** @type {const} */ ("client"), ip: "10.0.0.3", mac: "", port: 0 };
  assert.deepEqual(addressLines(host, 30), ["10.0.0.3"]);
  assert.deepEqual(addressLines({ ...host, port: 80 }, 30), ["10.0.0.3 · port 80"]);
}

/** @param {Assert} assert */
export function aLongAddressHasItsLineOrKeepsItsTwoEnds(assert) {
  const ip = "2001:db8:1234:5678:9abc:def0:1111:2222";
  const host = { side: /** @type {const} */ ("client"), ip, mac: "bc:35:db:cf:1b:03", port: 443 };
  assert.deepEqual(addressLines(host, 25), [ip, "bc:35:db:cf:1b:03 · port 443"]);
  assert.equal(addressLines(host, 19)[0], "2001:db8:…:1111:2222");
  assert.equal(addressLines(host, 9)[0], "2001:…:2222");
  assert.equal(addressLines({ ...host, ip: "::1" }, 9)[0], "::1");
}

/** @param {Assert} assert */
export function bothHostsHaveHeadsOfOneHeight(assert) {
  const hosts = recorded().hosts;
  const long = { ...hosts.client, ip: "2001:db8:1234:5678:9abc:def0:1111:2222" };
  assert.equal(headEm({ hosts }, 30), 3.3);
  assert.equal(headEm({ hosts: { ...hosts, client: long } }, 30), 4.6);
}

/** @param {Assert} assert */
export function anEmojiOfSeveralPartsIsNeverCutInTwo(assert) {
  const family = "\u{1f468}\u200d\u{1f469}\u200d\u{1f467}";
  assert.deepEqual(signsOf(`a${family}e\u0301`), ["a", family, "e\u0301"]);
  assert.equal(fitted(`${family}${family}${family}`, 3), `${family}…`);
  const pieces = wrapped(family.repeat(5), 4, sansWidth);
  assert.ok(pieces.every((piece) => piece.length % family.length === 0), JSON.stringify(pieces));
}

/**
 * A layer of the server's that has a segment of 4128 bytes.
 * @param {number} layer
 * @param {string} pdu
 * @returns {LayerScene}
 */
function large(layer, pdu) {
  const found = clientLayer(3900, layer);
  const [own] = found.pieces;
  const made = (/** @type {Piece["layer"]} */ of, /** @type {string} */ label, /** @type {number} */ octets) => (
    { ...(/** @type {Piece} */ (own)), layer: of, label, octets, key: label, computed: false, entering: 1, leaving: 0 });
  const pieces = [made("transport", "TCP", 32), made("application", "HTTP", 124), made("application", "body", 3972)];
  return { ...found, layer: /** @type {const} */ ("transport"), role: "passed", open: 0, pdu, pieces };
}

/** @param {Assert} assert */
export function theSizeBesideAClosedLayersBarNeverRunsUnderIt(assert) {
  for (const [widthPx, em] of [[366, 15], [425, 15.04], [1280, 38]]) {
    const host = scene(line, 3900).hosts.client;
    const layers = host.layers.map((layer, index) => (index === 1 ? large(1, "segment") : layer));
    const row = layoutStack({ ...host, layers }, widthPx, em * 26, em).rows[1];
    if (row === undefined) throw new Error("no room");
    assert.ok(row.wide < 1 && row.size.startsWith("4128"), row.size);
    assert.ok(row.bar.x + row.bar.width + sansWidth(row.size) * em <= row.box.x + row.box.width - 0.6 * em, `${widthPx}: ${row.size}`);
    assert.ok(row.bar.width > 5 * em, `${widthPx}: ${row.bar.width / em} em`);
  }
}

/** @param {Assert} assert */
export function udpsUnitIsADatagram(assert) {
  assert.equal(sizeText(large(1, "datagram")), "4128-byte datagram");
  assert.equal(sizeText({ ...large(1, "datagram"), role: "ahead", pieces: [] }), "datagram");
  assert.equal(sizeText(large(1, "segment")), "4128-byte segment");
}

/** @param {Assert} assert */
export function aLayerThatADatagramHasYetToReachSaysSo(assert) {
  const run = handshake();
  const journeys = run.journeys.map((each) => ({ ...each, steps: each.steps.map((step) => ({ ...step, pdu: "datagram" })) }));
  const ahead = scene(timeline({ ...run, journeys }), 0).hosts.server.layers[1];
  assert.equal(ahead?.role, "ahead");
  assert.equal(sizeText(/** @type {LayerScene} */ (ahead)), "datagram");
}
