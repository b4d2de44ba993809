// Where a host's head, its five layers and the pieces of the PDU stand in a box of that size.
// Knows nothing of the page: pixels come in, pixels go out; texts are measured by core/measure.js.

import { addressLines } from "./host.js";
import { MARK_EM, breakLines } from "./lines.js";
import { between, clamped } from "./motion.js";
import { LAYER_NAMES, pieceNames, sansWidth } from "./text.js";
import { shortSizeText, sizeText } from "./words.js";

/** @import { HostScene, LayerScene, Piece, ShownLine } from "./host.js" */
/** @import { Lines } from "./lines.js" */

/**
 * @typedef {{ x: number, y: number, width: number, height: number }} Box
 * @typedef {{ layer: LayerScene, box: Box, bar: Box, wide: number, size: string }} Row
 * @typedef {{ head: Box, rows: Row[] }} Stack
 */

export const TILE_EM = 2;
const GAP_EM = 0.3;
const CLOSED_EM = { tall: 1.95, short: 1.8 };
const SHORT_EM = 30;
/** How much larger a layer's name is than other words. */
export const NAME_SCALE = 1.08;
export const NAME_EM = Math.max(7.6, ...Object.values(LAYER_NAMES).map((name) => sansWidth(name, true) * NAME_SCALE + 0.6));
const SIZE_EM = 9.6;
const LEAST_BAR_EM = 5.5;
export const PAD_EM = 0.6;
const ROOMY_EM = 24;
const EDGE_EM = 0.08;
const BAR_TOP_EM = 2;
const BAR_EM = 1.5;
const BAR_MORE_EM = 1.15;
const MOST_KNOWN = 40;

/**
 * Open layers share what the closed ones leave; without an open one all are alike.
 * @param {HostScene} host
 * @param {number} widthPx
 * @param {number} heightPx
 * @param {number} emPx
 * @param {boolean} [isBrief]
 * @returns {Stack}
 */
export function layoutStack(host, widthPx, heightPx, emPx, isBrief = false) {
  const top = headEm(host, widthPx / emPx, isBrief);
  const head = { x: 0, y: 0, width: widthPx, height: top * emPx };
  const gap = GAP_EM * emPx;
  const short = isShort(heightPx / emPx - top);
  const closed = (short ? CLOSED_EM.short : CLOSED_EM.tall) * emPx;
  const free = heightPx - head.height - (gap + closed) * host.layers.length;
  if (free < 0) return { head, rows: [] };
  const calm = (1 - host.layers.reduce((sum, { open }) => sum + open, 0)) / host.layers.length;
  let y = head.height + gap;
  const rows = host.layers.map((layer) => {
    const height = closed + free * (layer.open + calm) - 1;
    const box = { x: EDGE_EM * emPx, y, width: widthPx - 2 * EDGE_EM * emPx, height };
    y += box.height + 1 + gap;
    return { layer, box, ...barIn(box, layer, emPx, short) };
  });
  return { head, rows };
}

/**
 * The head's height: the addresses take one line where both hosts have room for theirs, else two; a brief head has none.
 * @param {Pick<HostScene, "hosts">} host
 * @param {number} widthEm
 * @param {boolean} [isBrief]
 * @returns {number}
 */
export function headEm({ hosts }, widthEm, isBrief = false) {
  if (isBrief) return 2.1;
  const both = hosts === null ? [] : [hosts.client, hosts.server];
  return both.every((each) => addressLines(each, widthEm).length === 1) ? 3.3 : 4.6;
}

/**
 * A short host needs its height for the values: its closed layers are lower, and its PDU has one line.
 * @param {number} layersEm the height that the layers share
 * @returns {boolean}
 */
function isShort(layersEm) {
  return layersEm < SHORT_EM;
}

/**
 * The bar of pieces: between name and size in a closed layer, under them and across in a higher one. `size` is the PDU's
 * in the words that leave room for the bar.
 * @param {Box} box
 * @param {LayerScene} layer
 * @param {number} emPx
 * @param {boolean} short
 * @returns {{ bar: Box, wide: number, size: string }}
 */
function barIn(box, layer, emPx, short) {
  const em = box.height / emPx;
  const height = BAR_EM + (short ? 0 : BAR_MORE_EM * clamped((em - 4.5) / 1.5));
  const top = Math.max(0.15, Math.min(BAR_TOP_EM, em - height - 0.22));
  const wide = clamped((top - BAR_TOP_EM + 0.35) / 0.35);
  const left = between(TILE_EM + PAD_EM + NAME_EM, TILE_EM + PAD_EM, wide) * emPx;
  const { size, sizeEm } = sizeBeside(layer, box.width / emPx);
  const right = between(PAD_EM + sizeEm, PAD_EM, wide) * emPx;
  const width = Math.max(box.width - left - right, emPx);
  return { wide, size: wide < 1 ? size : sizeText(layer), bar: { x: box.x + left, y: box.y + top * emPx, width, height: height * emPx } };
}

/**
 * The PDU's size in words that leave room for its bar, and what they take of a closed layer once they are whole.
 * @param {LayerScene} layer
 * @param {number} widthEm
 * @returns {{ size: string, sizeEm: number }}
 */
function sizeBeside(layer, widthEm) {
  const whole = { ...layer, pieces: layer.pieces.map((piece) => ({ ...piece, entering: 1 })) };
  const taken = (/** @type {typeof sizeText} */ form) => sansWidth(form(whole)) + PAD_EM;
  const roomEm = widthEm - TILE_EM - 2 * PAD_EM - NAME_EM - LEAST_BAR_EM;
  const isTight = taken(sizeText) > roomEm;
  const form = isTight ? shortSizeText : sizeText;
  if (!isRoomy(widthEm)) return { size: form(layer), sizeEm: 0 };
  return { size: form(layer), sizeEm: Math.max(taken(form), isTight ? 0 : Math.min(SIZE_EM, roomEm)) };
}

/**
 * Whether a closed layer has room for its PDU's size beside the bar.
 * @param {number} widthEm
 * @returns {boolean}
 */
export function isRoomy(widthEm) {
  return widthEm >= ROOMY_EM;
}

/** @type {Map<string, Lines>} */
const known = new Map();

/**
 * The lines of a layer as they stand once it is quite open, the first of them `linesEm` under its top. Broken once for
 * all frames of a step; how much of each is shown is that of this frame.
 * @param {Pick<LayerScene, "lines" | "pieces">} layer
 * @param {number} layersEm the height that the layers share
 * @param {number} widthEm
 * @returns {Lines & { linesEm: number }}
 */
export function openLines({ lines, pieces }, layersEm, widthEm) {
  const hasBar = pieces.length > 0;
  const { openEm, linesEm } = opened(layersEm, hasBar);
  const key = [layersEm, widthEm, hasBar, ...lines.flatMap(({ label, text, mark }) => [label, text, mark])].join("\n");
  if (!known.has(key) && known.size >= MOST_KNOWN) known.clear();
  const roomEm = { width: widthEm - 2 * (EDGE_EM + PAD_EM) - TILE_EM - MARK_EM, height: openEm - linesEm - 0.3 };
  const broken = known.get(key) ?? breakLines(lines, roomEm.width, roomEm.height, hasBar);
  known.set(key, broken);
  const isSame = (/** @type {ShownLine} */ one, /** @type {ShownLine} */ other) => (
    one.label === other.label && one.text === other.text);
  const now = broken.lines.map((each) => ({ ...each, line: lines.find((line) => isSame(line, each.line)) ?? each.line }));
  return { ...broken, linesEm, lines: now };
}

/**
 * How high a layer is once it is quite open, and where its lines begin.
 * @param {number} layersEm
 * @param {boolean} hasBar
 * @returns {{ openEm: number, linesEm: number }}
 */
function opened(layersEm, hasBar) {
  const short = isShort(layersEm);
  const closed = short ? CLOSED_EM.short : CLOSED_EM.tall;
  const bar = BAR_EM + (short || !hasBar ? 0 : BAR_MORE_EM);
  return { openEm: layersEm - 5 * GAP_EM - 4 * closed, linesEm: BAR_TOP_EM + bar + 0.15 };
}

/**
 * A piece in its bar: `x` and `width` in pixels from the bar's left end, `slotX` where it stood before it left.
 * @typedef {{ piece: Piece, x: number, slotX: number, width: number }} Block
 */

/**
 * @param {Piece[]} pieces
 * @param {number} widthPx
 * @param {number} emPx
 * @returns {Block[]}
 */
export function blocks(pieces, widthPx, emPx) {
  const here = pieces.filter(({ entering }) => entering === 1);
  const after = widths(pieces, widthPx, emPx);
  const before = widths(here, widthPx, emPx);
  const front = pieces.findIndex(({ entering }) => entering === 1);
  const amount = Math.min(1, ...pieces.map(({ entering }) => entering));
  let [oldX, newX] = [0, 0];
  return pieces.map((piece, index) => {
    const width = after[index] ?? 0;
    const stood = here.indexOf(piece);
    const oldWidth = stood < 0 ? width : (before[stood] ?? 0);
    const outside = front < 0 || index < front ? newX - sumOf(after, front < 0 ? after.length : front) : widthPx;
    const slotX = between(stood < 0 ? outside : oldX, newX, amount);
    const drawnWidth = between(oldWidth, width, amount);
    if (stood >= 0) oldX += oldWidth;
    newX += width;
    return { piece, slotX, width: drawnWidth, x: slotX + leavingBy(pieces, index, slotX, drawnWidth, widthPx) };
  });
}

/**
 * A header leaves to the left, a trailer to the right.
 * @param {Piece[]} pieces
 * @param {number} index
 * @param {number} x
 * @param {number} width
 * @param {number} widthPx
 * @returns {number}
 */
function leavingBy(pieces, index, x, width, widthPx) {
  const { leaving } = /** @type {Piece} */ (pieces[index]);
  const stays = pieces.findIndex((piece) => piece.leaving === 0);
  return leaving * (stays >= 0 && index > stays ? widthPx - x : -(x + width));
}

/**
 * @param {number[]} numbers
 * @param {number} count
 * @returns {number}
 */
function sumOf(numbers, count) {
  return numbers.slice(0, count).reduce((sum, each) => sum + each, 0);
}

/**
 * Widths that add up to the bar's: what each needs for its name, with its size where all have room for theirs, and a
 * share of the rest that grows with its octets.
 * @param {Piece[]} pieces
 * @param {number} widthPx
 * @param {number} emPx
 * @returns {number[]}
 */
function widths(pieces, widthPx, emPx) {
  const needsOf = (/** @type {number} */ form) => pieces.map((piece) => (
    (sansWidth(pieceNames(piece)[form] ?? "", true) + 0.7) * emPx));
  const needs = [0, 1, 2].map(needsOf).find((each) => sumOf(each, each.length) <= widthPx) ?? needsOf(5);
  const total = sumOf(needs, needs.length);
  const limit = total > widthPx ? fairLimit(needs, widthPx) : Infinity;
  const least = needs.map((need) => Math.min(need, limit));
  const rest = Math.max(0, widthPx - sumOf(least, least.length));
  const shares = pieces.map(({ octets }) => Math.sqrt(octets));
  const all = sumOf(shares, shares.length) || 1;
  return least.map((need, index) => need + (rest * (shares[index] ?? 0)) / all);
}

/**
 * The width that no piece may pass, so that all of them together fit.
 * @param {number[]} needs
 * @param {number} widthPx
 * @returns {number}
 */
function fairLimit(needs, widthPx) {
  const sorted = [...needs].sort((one, other) => one - other);
  let left = widthPx;
  for (const [index, need] of sorted.entries()) {
    const share = left / (sorted.length - index);
    if (need > share) return share;
    left -= need;
  }
  return Infinity;
}
