// The wire: the frame's bits travel from plug to plug, named under a marker in the middle; on Ethernet as a Manchester wave.

import { manchesterPath, signalAt, wayOf } from "../core/bits.js";
import { say } from "../core/say.js";
import { isCarrying } from "../core/scene.js";
import { sansWidth } from "../core/text.js";
import {
  ORIGINS, bandWords, digitsOf, heldWords, hexOf, layoutWave, leadingEdge, mapPlace, mapWindow, markerWords, octetTicks, pipe, rows, sideWords, wireName,
} from "../core/wave.js";
import { definePatterns, layerFill } from "../drawing/pdu.js";
import { Picture } from "../drawing/picture.js";

/** @import { WireScene } from "../core/scene.js" */
/** @import { Band, Pipe, Rows, Wave } from "../core/wave.js" */
/** @import { Pen, View } from "../drawing/picture.js" */

const NARROW_EM = 58;
const NAME_EM = Math.max(5.2, ...[say("Client →"), say("→ Server")].map((each) => sansWidth(each, true) + 0.6));
const SIGN_EM = 42;
const SIDE_EM = NAME_EM + sansWidth(ORIGINS.wire.at(-2) ?? "") + 2.6;
const PLATE_EM = sansWidth(say("SIMULATED"), true) + 0.8;

class Wire extends Picture {
  /**
   * @override
   * @param {Pen} pen
   * @param {View} view
   * @param {number} width
   * @param {number} height
   * @param {number} em
   */
  draw(pen, { scene, state, serverMs }, width, height, em) {
    const { wire, simulated } = scene;
    const isNarrow = width / em < NARROW_EM;
    const at = rows(height, em, isNarrow ? 1.8 * em : 0);
    const box = pipe(width, em);
    this.name(wireName(wire));
    definePatterns(pen, em);
    drawPlugs(pen, box, at, width, em);
    const wave = wire === null ? null : layoutWave(wire, box, at);
    drawIdle(pen, box, at, wave);
    if (wire !== null && wave !== null) drawFrame(pen, wire, wave, em);
    const sideEm = Math.max(SIDE_EM + (simulated ? PLATE_EM + 1 : 0), (width / em - SIGN_EM) / 2);
    const most = width / em - 2 * (!isNarrow ? sideEm : wire?.crossing ? 1.3 : NAME_EM);
    if (wire?.copied === true && isCarrying(wire)) drawOrigin(pen, box, at);
    if (wire?.lost === true && (wire.bit > 0 || wire.gone)) drawLoss(pen, box, at, em);
    const held = isCarrying(wire) ? [] : heldWords(state.run?.held ?? [], serverMs);
    drawHeld(pen, held, box, at, em);
    const reach = held.length > 0 && wire?.gone !== true ? 0 : drawMarker(pen, wire, box, at, isCarrying(wire) ? most : width / em - 3, em);
    drawEnds(pen, scene, width, { reach, sideEm: sideEm - 1, isNarrow }, at, em);
  }
}

/**
 * @param {Pen} pen
 * @param {Pipe} box
 * @param {Rows} at
 * @param {number} width
 * @param {number} em
 */
function drawPlugs(pen, { left, right }, { pipe: y, band, bandHeight }, width, em) {
  const height = band + bandHeight - y;
  pen.rect("pipe", { class: "card line", x: left, y, width: right - left, height });
  const plug = { y: y + height / 2 - 1.5 * em, width: left, height: 3 * em, rx: 0.3 * em };
  const fill = layerFill(pen, "physical", "solid");
  pen.rect("client plug", { ...plug, x: 0, fill });
  pen.rect("server plug", { ...plug, x: width - left, fill });
}

/**
 * Where there is no signal the line is at rest.
 * @param {Pen} pen
 * @param {Pipe} box
 * @param {Rows} at
 * @param {Wave | null} wave
 */
function drawIdle(pen, { left, right }, { high, low }, wave) {
  const y = (high + low) / 2;
  const from = wave === null ? right : Math.min(wave.frontX, wave.backX);
  const to = wave === null ? right : Math.max(wave.frontX, wave.backX);
  pen.path("idle", { class: "idle", d: `M${left} ${y}H${from}M${to} ${y}H${right}` });
}

/**
 * @param {Pen} pen
 * @param {WireScene} wire
 * @param {Wave} wave
 * @param {number} em
 */
function drawFrame(pen, { lead, tail }, wave, em) {
  if (lead > 0 && tail < 1) drawMap(pen, wave, em);
  if (wave.bands.length === 0) return;
  for (const band of wave.bands) drawBand(pen, band, wave.rows, em);
  const sight = { x: wave.left, y: 0, width: wave.right - wave.left, height: wave.rows.band };
  pen.inside("svg", "sight", { ...sight, viewBox: `${wave.left} 0 ${sight.width} ${sight.height}` }, () => {
    const transform = `translate(${Math.round(wave.originX * 100) / 100} 0)`;
    pen.inside("g", "travelling", { transform }, () => drawBits(pen, wave, em));
  });
  drawEdge(pen, wave, em);
}

/**
 * All that travels: octet borders, the bit under the marker, the digits; the wave, or where none is known each octet's value.
 * @param {Pen} pen
 * @param {Wave} wave
 * @param {number} em
 */
function drawBits(pen, wave, em) {
  const whole = signalAt(wave.journey, wave.place);
  const { pitch, forward, rows: at } = wave;
  pen.path("octets", { class: "octets", d: octetTicks(wave) });
  if (wave.marked >= 0) pen.rect("cell", {
    class: "cell", x: forward === 1 ? -(wave.marked + 1) * pitch : wave.marked * pitch, y: at.pipe, width: pitch,
    height: at.band - at.pipe,
  });
  for (const { region } of whole.isEthernet ? wave.bands : []) {
    const first = Math.max(region.firstBit, wave.first - (wave.lost ? 0 : 1));
    const last = region.known ? Math.min(region.firstBit + region.bits, wave.last + (wave.copied ? 0 : 1)) : first;
    const d = manchesterPath(whole, { first, last, pitch: -forward * pitch, low: at.low, high: at.high });
    pen.path(`wave ${region.key}`, { class: `${region.layer} wave${region.computed ? " computed" : ""}`, d });
  }
  for (const { octet, hex, x } of whole.isEthernet ? [] : hexOf(wave, whole)) {
    pen.text(`octet ${octet}`, hex, "mono middle quiet", x, (at.high + at.low) / 2 + 0.5 * em);
  }
  const { digits, xs } = digitsOf(wave, whole);
  pen.text("digits", digits, "mono middle ink", xs, at.digits);
  if (wave.wrong >= 0 && wave.wrong < wave.place) drawWrong(pen, wave);
}

/**
 * The flipped bit, behind the place of its damage: framed, under a flag.
 * @param {Pen} pen
 * @param {Wave} wave
 */
function drawWrong(pen, { wrong, pitch, forward, rows: at }) {
  const x = forward === 1 ? -(wrong + 1) * pitch : wrong * pitch;
  pen.rect("wrong", { class: "wrong", x, y: at.pipe, width: pitch, height: at.band - at.pipe });
  const flag = (at.digits - at.pipe) * 0.3;
  pen.path("flag", { class: "flag", d: `M${x} ${at.pipe}h${pitch}L${x + pitch / 2} ${at.pipe + flag}Z` });
}

/**
 * Where a frame is lost: a cross on the wire under the marker.
 * @param {Pen} pen
 * @param {Pipe} box
 * @param {Rows} at
 * @param {number} em
 */
function drawLoss(pen, { middle }, { pipe: top, band, high, low }, em) {
  const [y, reach] = [(high + low) / 2, 0.75 * em];
  pen.path("end of it", { class: "broken", d: `M${middle} ${top}V${band}` });
  pen.circle("loss", { class: "loss", cx: middle, cy: y, r: 1.15 * em });
  const stroke = (/** @type {1 | -1} */ way) => `M${middle - reach} ${y - way * reach}L${middle + reach} ${y + way * reach}`;
  pen.path("cross", { class: "cross", d: stroke(1) + stroke(-1) });
}

/**
 * Where the wire makes a second copy: it comes from no plug.
 * @param {Pen} pen
 * @param {Pipe} box
 * @param {Rows} at
 */
function drawOrigin(pen, { middle }, { pipe: top, band }) {
  pen.path("origin", { class: "broken", d: `M${middle} ${top}V${band}` });
}

/**
 * Frames that a fault holds stand on the wire, each side's in its half, as long as no other frame's bits are drawn.
 * @param {Pen} pen
 * @param {ReturnType<typeof heldWords>} held
 * @param {Pipe} box
 * @param {Rows} at
 * @param {number} em
 */
function drawHeld(pen, held, { left, middle }, { pipe: top, band, high, low }, em) {
  for (const { key, toRight, words } of held) {
    const roomEm = (middle - left) / em - 1;
    const said = words.find((each) => sansWidth(each, true) + 2.6 <= roomEm) ?? words.at(-1) ?? "";
    const width = (sansWidth(said, true) + 2) * em;
    const x = toRight ? middle - width - 0.8 * em : middle + 0.8 * em;
    const y = (high + low) / 2;
    const tip = toRight ? x + width : x;
    pen.path(`${key} stop`, { class: "broken", d: `M${middle} ${top}V${band}` });
    pen.rect(`${key} held`, { class: "now", x, y: y - 0.95 * em, width, height: 1.9 * em, rx: 0.3 * em });
    pen.path(`${key} way`, { class: "now", d: `M${tip} ${y - 0.5 * em}L${tip + (toRight ? 0.7 : -0.7) * em} ${y}L${tip} ${y + 0.5 * em}Z` });
    pen.text(`${key} words`, said, "bold middle on-now", x + width / 2, y + 0.36 * em);
  }
}

/**
 * A header's stretch: its pale ground behind the wave and its name under it, as much of both as is in sight.
 * @param {Pen} pen
 * @param {Band} band
 * @param {Rows} at
 * @param {number} em
 */
function drawBand(pen, { region, x, width }, at, em) {
  const { layer, computed, key } = region;
  const kind = computed || !region.known ? "soft" : "solid";
  const inset = Math.min(0.06 * em, width / 4);
  const words = bandWords(region, width / em);
  const plate = (sansWidth(words, true) + 0.3) * em;
  pen.inside("g", key, { class: layer }, () => {
    const ground = { x, y: at.pipe, width, height: at.band - at.pipe };
    if (kind === "soft") pen.rect("ground", { ...ground, class: "ground", fill: layerFill(pen, layer, "soft") });
    else pen.rect("ground", { ...ground, class: "ground soft" });
    pen.rect("band", {
      x: x + inset, y: at.band, width: width - 2 * inset, height: at.bandHeight, rx: 0.2 * em,
      fill: layerFill(pen, layer, kind), class: kind === "soft" ? "rim dashed" : "",
    });
    if (words === "") return;
    const y = at.band + 0.18 * em;
    pen.rect("plate", { class: kind, x: x + (width - plate) / 2, y, width: plate, height: at.bandHeight - 0.36 * em });
    pen.text("name", words, `bold middle on-${kind}`, x + width / 2, at.band + at.bandHeight / 2 + 0.36 * em);
  });
}

/**
 * The whole frame, small, and the part of it that is in sight.
 * @param {Pen} pen
 * @param {Wave} wave
 * @param {number} em
 */
function drawMap(pen, wave, em) {
  const { map: top, mapHeight } = wave.rows;
  for (const { region, x, width } of wave.map) {
    pen.inside("g", `map ${region.key}`, { class: region.layer }, () => {
      const box = { x: x + 0.5, y: top + 0.08 * em, width: Math.max(0.5, width - 1), height: mapHeight - 0.16 * em };
      pen.rect("stretch", { ...box, class: region.computed || !region.known ? "map soft" : "map solid" });
    });
  }
  const sight = { ...mapWindow(wave), y: top - 0.05 * em, height: mapHeight + 0.05 * em, rx: 0.12 * em };
  pen.rect("map sight", { ...sight, class: "sight" });
  if (wave.wrong < 0 || wave.wrong >= wave.place) return;
  const [x, y] = [mapPlace(wave, wave.wrong), top + mapHeight / 2];
  pen.path("map wrong", { class: "flag", d: `M${x - 0.45 * em} ${y}L${x} ${y - 0.5 * em}L${x + 0.45 * em} ${y}L${x} ${y + 0.5 * em}Z` });
}

/**
 * The sign over the marker while bits pass under it, else what the wire does: over the bits where some are out.
 * @param {Pen} pen
 * @param {WireScene | null} wire
 * @param {Pipe} box
 * @param {Rows} at
 * @param {number} most em
 * @param {number} em
 * @returns {number} how far it reaches from the middle in the row of words
 */
function drawMarker(pen, wire, { middle }, at, most, em) {
  const { name, words } = markerWords(wire);
  const said = words.find((each) => sansWidth(each, true) + 1 <= most) ?? words.at(-1) ?? "";
  const width = (sansWidth(said, true) + 1) * em;
  if (name === null) {
    const isGone = wire?.gone === true;
    const isOver = isGone || isCarrying(wire);
    const isWrong = isGone || (wire !== null && wire.bit > 0 && (wire.journey.flipped_bit ?? null) !== null);
    pen.text("said", said, isWrong ? "middle bold bad" : "middle quiet", middle,
      isOver ? at.words : (at.high + at.low) / 2 - 0.6 * em);
    return isOver ? width / 2 : 0;
  }
  const [x, y] = [middle - width / 2, at.words - 1.15 * em];
  const tip = `M${middle - 0.45 * em} ${y + 1.5 * em}h${0.9 * em}L${middle} ${at.pipe + 0.2 * em}Z`;
  pen.path("pointer", { class: "now", d: tip });
  pen.rect("sign", { class: "now", x, y, width, height: 1.6 * em, rx: 0.3 * em });
  pen.inside("g", "sign layer", { class: name.region.layer }, () => {
    pen.rect("stripe", { class: "solid", x, y, width: 0.5 * em, height: 1.6 * em, rx: 0.2 * em });
  });
  pen.text("said", said, "bold middle on-now", middle, at.words);
  return width / 2;
}

/**
 * Where the frame begins: an arrow head the way that it goes, and the words for it.
 * @param {Pen} pen
 * @param {Wave} wave
 * @param {number} em
 */
function drawEdge(pen, wave, em) {
  const edge = leadingEdge(wave, em);
  if (edge === null) return;
  const { frontX: x, forward, rows: { high, low } } = wave;
  const y = (high + low) / 2;
  pen.path("edge", { class: "now", d: `M${x} ${y - 0.55 * em}L${x + 0.95 * forward * em} ${y}L${x} ${y + 0.55 * em}Z` });
  pen.text("first", edge.words, `bold ink ${forward === 1 ? "" : "end"}`, edge.x, y - 0.5 * em);
}

/**
 * Who sends and who receives, whether any of it is real, how the bits came to be and in which order to read them.
 * @param {Pen} pen
 * @param {View["scene"]} scene
 * @param {number} width
 * @param {{ reach: number, sideEm: number, isNarrow: boolean }} taken `reach` of the sign, from the middle
 * @param {Rows} at
 * @param {number} em
 */
function drawEnds(pen, { wire, simulated }, width, { reach, sideEm, isNarrow }, { words: y }, em) {
  const moves = isCarrying(wire);
  const toRight = wire?.journey.sender === "client";
  const way = wire === null ? "wire" : wayOf(wire.journey);
  if (width / 2 - reach > NAME_EM * em) {
    const isSent = moves && !wire?.copied;
    pen.text("client", toRight ? (isSent ? say("Client →") : say("Client")) : (moves ? say("← Client") : say("Client")), "bold ink", 0, y);
    pen.text("server", toRight ? (moves ? say("→ Server") : say("Server")) : (isSent ? say("Server ←") : say("Server")), "bold ink end", width, y);
  }
  const plateEm = simulated ? PLATE_EM + 1 : 0;
  const left = isNarrow ? plateEm : NAME_EM;
  const right = isNarrow ? 0 : NAME_EM + 1 + plateEm;
  if (simulated) drawSimulated(pen, isNarrow ? 0 : width - (NAME_EM + PLATE_EM) * em, em);
  if (!moves) return;
  const [computedEm, orderEm] = toRight ? [sideEm - right, sideEm - left] : [sideEm - left, sideEm - right];
  const said = isNarrow ? sideWords(toRight, way, 0, width / em - plateEm) : sideWords(toRight, way, computedEm, orderEm);
  const rowY = isNarrow ? 1.15 * em : y;
  const isLeft = toRight && !isNarrow;
  pen.text("start", isLeft ? said.order : said.computed, isLeft ? "bold ink" : "quiet", left * em, rowY);
  pen.text("end", isLeft ? said.computed : said.order, `${isLeft ? "quiet" : "bold ink"} end`, width - right * em, rowY);
}

/**
 * @param {Pen} pen
 * @param {number} x
 * @param {number} em
 */
function drawSimulated(pen, x, em) {
  const width = PLATE_EM * em;
  pen.rect("plate", { class: "simulated", x, y: 0, width, height: 1.55 * em, rx: 0.2 * em });
  pen.text("simulated", say("SIMULATED"), "bold middle on-simulated", x + width / 2, 1.15 * em);
}

customElements.define("lv-wire", Wire);
