// One host: its head with addresses and TCP state, and its five layers, of which the active one is open.

import { addressLines, isWaiting } from "../core/host.js";
import { MARK_EM, endOf } from "../core/lines.js";
import { clamped } from "../core/motion.js";
import { say } from "../core/say.js";
import { NAME_EM, NAME_SCALE, PAD_EM, TILE_EM, headEm, isRoomy, layoutStack, openLines } from "../core/stack.js";
import { LAYER_NAMES, LAYER_TASKS, fitted, letterOf, monoWidth, sansWidth } from "../core/text.js";
import { sizeText, sumText } from "../core/words.js";
import { definePatterns, drawBar, drawLine, drawMoving, isAloft, layerFill } from "../drawing/pdu.js";
import { Picture } from "../drawing/picture.js";

/** @import { HostScene, LayerScene } from "../core/host.js" */
/** @import { HostEnding } from "../core/ending.js" */
/** @import { Box, Row } from "../core/stack.js" */
/** @import { Pen, View } from "../drawing/picture.js" */

const SYN_WAITS = [say("SYN waits for a MAC address"), say("SYN waits for a MAC"), say("SYN waits")];

const TITLE_SCALE = 1.5;

/** @typedef {HostScene & { heard: string[] }} EndedHost */
/** @typedef {{ layersEm: number, widthEm: number }} Size of all layers together */

class Stack extends Picture {
  #isBrief = document.body.dataset["page"] === "show";

  /**
   * A host at rest stays as it is until the next step.
   * @override
   * @param {View} one
   * @param {View} other
   * @returns {boolean}
   */
  isSame(one, other) {
    const { side } = this;
    return one.timeline === other.timeline && one.scene.index === other.scene.index
      && one.ending?.hosts[side].left === other.ending?.hosts[side].left
      && one.scene.hosts[side].resting && other.scene.hosts[side].resting;
  }

  /**
   * @override
   * @param {Pen} pen
   * @param {View} view
   * @param {number} width
   * @param {number} height
   * @param {number} em
   */
  draw(pen, { scene, ending }, width, height, em) {
    const host = ended(scene.hosts[this.side], ending?.hosts[this.side]);
    const { rows } = layoutStack(host, width, height, em, this.#isBrief);
    this.toggleAttribute("data-resting", scene.focus !== this.side);
    const address = host.hosts?.[this.side].ip ?? "";
    const state = host.state === "" ? "" : say("TCP state {state}", { state: scene.hosts[this.side].state });
    this.name(say("{host}: five layers", { host: [titleOf(host), address, state].filter((each) => each !== "").join(", ") }));
    definePatterns(pen, em);
    if (this.#isBrief) drawBriefHead(pen, host, width, em);
    else drawHead(pen, host, width, em);
    const stack = { layersEm: height / em - headEm(host, width / em, this.#isBrief), widthEm: width / em };
    for (const row of rows) drawRow(pen, row, host, stack, em);
    drawMoving(pen, rows, em);
  }
}

/**
 * The host where the run's story has been told to its end: how long it still waits, and what its program has heard.
 * @param {HostScene} host
 * @param {HostEnding | undefined} ending
 * @returns {EndedHost}
 */
function ended(host, ending) {
  const { left = "", heard = [] } = ending ?? {};
  return { ...host, heard, state: left === "" || host.state === "" ? host.state : `${host.state} ${left}` };
}

/**
 * @param {HostScene} host
 * @returns {string}
 */
function titleOf({ side }) {
  return side === "client" ? say("Client") : say("Server");
}

/**
 * @param {Pen} pen
 * @param {HostScene} host
 * @param {number} width
 * @param {number} em
 */
function drawHead(pen, host, width, em) {
  const { hosts, side, state } = host;
  pen.text("host", titleOf(host), "bold ink title", 0, 1.45 * em);
  if (state !== "") drawState(pen, host, width, em);
  const lines = hosts === null ? [] : addressLines(hosts[side], width / em);
  for (const [row, words] of lines.entries()) pen.text(`address ${row}`, words, "mono quiet", 0, (2.85 + 1.3 * row) * em);
}

/**
 * For the back of the room: who it is, and the IP address where there is room for it. Ports and MAC addresses are said by
 * the layers that use them.
 * @param {Pen} pen
 * @param {HostScene} host
 * @param {number} width
 * @param {number} em
 */
function drawBriefHead(pen, host, width, em) {
  const { hosts, side, state } = host;
  const title = titleOf(host);
  pen.text("host", title, "bold ink title", 0, 1.45 * em);
  if (state !== "") drawState(pen, host, width, em);
  const left = sansWidth(title, true) * TITLE_SCALE + 0.8;
  const roomEm = width / em - left - (state === "" ? 0 : sansWidth(state, true) + 1.8);
  const ip = hosts?.[side].ip ?? "";
  if (monoWidth(ip) <= roomEm) pen.text("address", ip, "mono quiet", left * em, 1.42 * em);
}

/**
 * The TCP state, dark in the step that changed it.
 * @param {Pen} pen
 * @param {HostScene} host
 * @param {number} right
 * @param {number} em
 */
function drawState(pen, { state, changed, pulse }, right, em) {
  const width = (sansWidth(state, true) + 1.2) * em;
  const x = right - width - 1;
  const ring = 0.3 * pulse * em;
  const box = { y: 0.15 * em, height: 1.6 * em, rx: 0.35 * em };
  const outer = { x: x - ring, width: width + ring, height: box.height + ring };
  if (ring > 0) pen.rect("ring", { ...box, ...outer, class: "ring" });
  pen.rect("badge", { ...box, class: changed ? "now" : "well edge", x, width });
  pen.text("state", state, `bold middle ${changed ? "on-now" : "ink"}`, x + width / 2, 1.3 * em);
}

/**
 * @param {Pen} pen
 * @param {Row} row
 * @param {EndedHost} host
 * @param {Size} stack
 * @param {number} em
 */
function drawRow(pen, row, host, stack, em) {
  const { layer, box, bar } = row;
  pen.inside("g", layer.layer, { class: layer.layer }, () => {
    drawCard(pen, layer, box, em);
    drawTitle(pen, row, em);
    if (!hasBar(row)) drawEmptiness(pen, row, host, em);
    else if (!isAloft(layer)) drawBar(pen, "bar", layer, bar, layer.solid, em);
    if (layer.open > 0) drawOpened(pen, row, stack, em);
  });
}

/**
 * @param {Pen} pen
 * @param {LayerScene} layer
 * @param {Box} box
 * @param {number} em
 */
function drawCard(pen, { layer, role, solid, open, refused }, box, em) {
  const kind = isUsed(role) ? "solid" : "soft";
  const rx = 0.4 * em;
  const letterY = box.y + Math.min(box.height / 2, 1.45 * em);
  pen.rect("card", { ...box, rx, class: role === "aside" ? "line" : "card line" });
  pen.path("tile", { d: tilePath(box, TILE_EM * em, rx), fill: layerFill(pen, layer, kind) });
  pen.rect("plate", { class: kind, x: box.x + 0.5 * em, y: letterY - 0.65 * em, width: em, height: 1.3 * em });
  pen.text("letter", letterOf(layer), `bold middle letter on-${kind}`, box.x + em, letterY + 0.38 * em);
  if (refused) pen.rect("refused", { ...box, rx, class: "refused" });
  else if (open > 0) pen.rect("frame", { ...box, rx, class: "frame", "stroke-opacity": solid ? 1 : open });
}

/**
 * A box with round corners on the left only.
 * @param {Box} box
 * @param {number} width
 * @param {number} radius
 * @returns {string}
 */
function tilePath({ x, y, height }, width, radius) {
  const arc = `A${radius} ${radius} 0 0 0`;
  const [right, low] = [x + width, y + height];
  return `M${right} ${y}H${x + radius}${arc} ${x} ${y + radius}V${low - radius}${arc} ${x + radius} ${low}H${right}Z`;
}

/**
 * @param {LayerScene["role"]} role
 * @returns {boolean}
 */
function isUsed(role) {
  return role === "active" || role === "passed";
}

/**
 * @param {Row} row
 * @returns {boolean}
 */
function hasBar({ layer }) {
  return layer.pieces.length > 0;
}

/**
 * The layer's name, and its sum or its PDU's size.
 * @param {Pen} pen
 * @param {Row} row
 * @param {number} em
 */
function drawTitle(pen, row, em) {
  const { layer, box, wide, size } = row;
  const name = LAYER_NAMES[layer.layer];
  const y = titleY(box, em);
  const right = box.x + box.width - PAD_EM * em;
  const tone = isUsed(layer.role) ? "words" : "quiet";
  const left = box.x + (TILE_EM + PAD_EM) * em;
  pen.text("name", name, `bold name ${tone}`, left, y);
  const stampEm = layer.refused ? drawRefusal(pen, left + (sansWidth(name, true) * NAME_SCALE + 0.6) * em, y, em) : 0;
  if (layer.open > 0.5 && hasBar(row)) {
    const roomEm = box.width / em - TILE_EM - 2 * PAD_EM - sansWidth(name, true) * NAME_SCALE - 0.8 - stampEm;
    const sum = sumText(layer, roomEm);
    if (!layer.refused || monoWidth(sum) <= roomEm) pen.text("sum", sum, "mono bold end words", right, y);
  } else if (layer.refused) {
    return;
  } else if (wide === 1 || !hasBar(row) || isRoomy(box.width / em)) {
    pen.text("size", size, "end quiet", right, y);
  }
}

/**
 * The stamp of the layer that found the damage.
 * @param {Pen} pen
 * @param {number} x
 * @param {number} y
 * @param {number} em
 * @returns {number} em that it takes
 */
function drawRefusal(pen, x, y, em) {
  const words = `✗ ${say("refused")}`;
  const widthEm = sansWidth(words, true) + 0.8;
  pen.rect("stamp", { class: "stamp", x, y: y - 1.08 * em, width: widthEm * em, height: 1.46 * em, rx: 0.25 * em });
  pen.text("refusal", words, "bold middle bad", x + (widthEm / 2) * em, y);
  return widthEm + 0.6;
}

/**
 * In the middle of a low layer, at the top of a higher one.
 * @param {Box} box
 * @param {number} em
 * @returns {number}
 */
function titleY({ y, height }, em) {
  return y + Math.min(height / 2 + 0.42 * em, 1.4 * em);
}

/**
 * What stands in a layer without a PDU.
 * @param {Pen} pen
 * @param {Row} row
 * @param {EndedHost} host
 * @param {number} em
 */
function drawEmptiness(pen, { layer, box, bar, wide }, host, em) {
  const words = emptyWords(layer, host);
  const waits = isWaiting(layer, host);
  const isCall = layer.layer === "application" && (layer.role !== "aside" || waits) && !host.blank && host.heard.length === 0;
  const isUnder = wide === 1;
  const left = TILE_EM + PAD_EM + (isUnder ? 0 : NAME_EM);
  const room = box.width / em - left - PAD_EM - (isUnder ? 0 : sansWidth(sizeText(layer)) + 0.8);
  const widthOf = isCall ? monoWidth : sansWidth;
  const said = words.find((each) => widthOf(each) <= room) ?? (isCall ? "" : fitted(words[0] ?? "", room));
  const y = isUnder ? bar.y + 1.2 * em : titleY(box, em);
  const isInk = waits || (layer.layer === "application" && host.heard.length > 0);
  if (said !== "") pen.text("empty", said, isCall ? "mono ink" : isInk ? "ink" : "quiet", box.x + left * em, y);
}

/**
 * @param {LayerScene} scene
 * @param {EndedHost} host
 * @returns {string[]} the longest first
 */
function emptyWords(scene, host) {
  const { layer, role } = scene;
  const { blank, call, unseen, reported } = host;
  if (blank) return [LAYER_TASKS[layer]];
  if (layer === "application" && host.heard.length > 0) return host.heard;
  if (isWaiting(scene, host)) return layer === "application" ? [call] : SYN_WAITS;
  if (unseen.includes(layer)) return [say("not in the capture")];
  if (role === "aside") return [reported.includes(layer) ? say("gets the error's report") : say("not involved")];
  if (layer !== "application") return [];
  return call === "" ? [say("no data")] : [`${call} · ${say("no data")}`, call];
}

/**
 * The lines of an open layer, as far as it has opened.
 * @param {Pen} pen
 * @param {Row} row
 * @param {Size} stack
 * @param {number} em
 */
function drawOpened(pen, { layer, box }, { layersEm, widthEm }, em) {
  const fade = clamped(layer.open * 2 - 1);
  const { lines, more, rows, lineEm, linesEm } = openLines(layer, layersEm, widthEm);
  const x = box.x + (TILE_EM + PAD_EM) * em;
  const top = box.y + linesEm * em;
  const fits = (/** @type {number} */ end) => (linesEm + end * lineEm) * em < box.height;
  for (const line of lines) {
    if (line.line.shown > 0 && fits(endOf(line))) drawLine(pen, line, x, top, lineEm, fade, em);
  }
  if (more === 0 || !fits(rows + 1)) return;
  const words = document.body.dataset["page"] === "present" ? say("+{count} more below", { count: more }) : say("+{count} more", { count: more });
  pen.text("more", words, "quiet", x + MARK_EM * em, top + (rows * lineEm + 1) * em, { "fill-opacity": fade });
}

customElements.define("lv-stack", Stack);
