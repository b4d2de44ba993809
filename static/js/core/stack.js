// Where a host's head, its five layers and the pieces of the PDU stand in a box of that size.
// Knows nothing of the page: pixels come in, pixels go out; texts are measured by core/measure.js.

import { MONO_EM, sansWidth } from "./text.js";
import { between, clamped } from "./motion.js";

/** @import { HostScene, LayerScene, Piece } from "./host.js" */

/**
 * @typedef {{ x: number, y: number, width: number, height: number }} Box
 * @typedef {{ layer: LayerScene, box: Box, bar: Box, wide: number }} Row
 * @typedef {{ head: Box, rows: Row[] }} Stack
 */

export const TILE_EM = 2;
const GAP_EM = 0.3;
const CLOSED_EM = 1.95;
export const NAME_EM = 7.6;
const SIZE_EM = 9.6;
export const PAD_EM = 0.6;
const ROOMY_EM = 24;
const EDGE_EM = 0.08;
const BAR_TOP_EM = 2;
const BAR_EM = 1.5;
const BAR_MORE_EM = 1.15;

/**
 * Open layers share what the closed ones leave; without an open one all are alike.
 * @param {HostScene} host
 * @param {number} widthPx
 * @param {number} heightPx
 * @param {number} emPx
 * @returns {Stack}
 */
export function layoutStack(host, widthPx, heightPx, emPx) {
  const head = { x: 0, y: 0, width: widthPx, height: headEm(widthPx / emPx) * emPx };
  const gap = GAP_EM * emPx;
  const room = heightPx - head.height - gap * host.layers.length;
  if (room < CLOSED_EM * emPx * host.layers.length) return { head, rows: [] };
  const free = room - CLOSED_EM * emPx * host.layers.length;
  const calm = (1 - host.layers.reduce((sum, { open }) => sum + open, 0)) / host.layers.length;
  let y = head.height + gap;
  const rows = host.layers.map((layer) => {
    const height = CLOSED_EM * emPx + free * (layer.open + calm) - 1;
    const box = { x: EDGE_EM * emPx, y, width: widthPx - 2 * EDGE_EM * emPx, height };
    y += box.height + 1 + gap;
    return { layer, box, ...barIn(box, emPx) };
  });
  return { head, rows };
}

/**
 * The head's height: the addresses take one line where there is room, else two.
 * @param {number} widthEm
 * @returns {number}
 */
export function headEm(widthEm) {
  return addressesFit(widthEm) ? 3.3 : 4.6;
}

const ADDRESSES = "000.000.000.000 · 00:00:00:00:00:00 · port 00000".length - 8;

/**
 * @param {number} widthEm
 * @returns {boolean}
 */
export function addressesFit(widthEm) {
  return ADDRESSES * MONO_EM <= widthEm;
}

/**
 * The bar of pieces: between name and size in a closed layer, under them and across in a higher one.
 * @param {Box} box
 * @param {number} emPx
 * @returns {{ bar: Box, wide: number }}
 */
function barIn(box, emPx) {
  const em = box.height / emPx;
  const height = BAR_EM + BAR_MORE_EM * clamped((em - 4.5) / 1.5);
  const top = Math.max(0.2, Math.min(BAR_TOP_EM, em - height - 0.22));
  const wide = clamped((top - BAR_TOP_EM + 0.35) / 0.35);
  const left = between(TILE_EM + PAD_EM + NAME_EM, TILE_EM + PAD_EM, wide) * emPx;
  const right = between(PAD_EM + (isRoomy(box.width / emPx) ? SIZE_EM : 0), PAD_EM, wide) * emPx;
  const width = Math.max(box.width - left - right, emPx);
  return { wide, bar: { x: box.x + left, y: box.y + top * emPx, width, height: height * emPx } };
}

/**
 * Whether a closed layer has room for its PDU's size beside the bar.
 * @param {number} widthEm
 * @returns {boolean}
 */
export function isRoomy(widthEm) {
  return widthEm >= ROOMY_EM;
}

/** Where the lines of an open layer begin, in em under its top: behind the bar, and behind the sum if that is there. */
export const LINES_EM = BAR_TOP_EM + BAR_EM + BAR_MORE_EM + 0.3;
export const LINES_WITHOUT_BAR_EM = BAR_TOP_EM + BAR_EM + 0.3;
export const LINE_EM = 1.34;

/**
 * How high a layer of that host is once it is quite open, in em.
 * @param {number} heightEm of the whole element
 * @param {number} widthEm
 * @returns {number}
 */
export function openEm(heightEm, widthEm) {
  return heightEm - headEm(widthEm) - 5 * GAP_EM - 4 * CLOSED_EM;
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
 * Widths that add up to the bar's: what each needs for its name, and a share of the rest that grows with its octets.
 * @param {Piece[]} pieces
 * @param {number} widthPx
 * @param {number} emPx
 * @returns {number[]}
 */
function widths(pieces, widthPx, emPx) {
  const needs = pieces.map(({ label }) => (sansWidth(label, true) + 0.7) * emPx);
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

/** @type {Record<string, string>} */
const UNITS = { application: "data", transport: "segment", network: "packet", link: "frame", physical: "bits" };

/**
 * What the layer calls its unit, with its size where it has one.
 * @param {LayerScene} layer
 * @returns {string}
 */
export function sizeText({ layer, role, pieces }) {
  const unit = UNITS[layer] ?? "";
  if (role === "aside") return "";
  if (role === "ahead" || pieces.length === 0 || pieces.some(({ entering }) => entering < 0.5)) return unit;
  return layer === "physical" ? `${octetsOf(pieces) * 8} bits` : `${octetsOf(pieces)}-byte ${unit}`;
}

/**
 * The sizes adding up on the way down, what is taken off on the way up: '20 + 40 = 60-byte packet'.
 * @param {LayerScene} layer
 * @returns {string}
 */
export function sumText(layer) {
  const { pieces, half } = layer;
  const there = pieces.filter(({ entering }) => entering > 0.5);
  const gone = there.filter(({ leaving }) => leaving > 0.5);
  const total = octetsOf(there);
  if (gone.length > 0) return `${[total, ...sizes(gone)].join(" − ")} = ${total - octetsOf(gone)} bytes`;
  const isWhole = there.length === pieces.length;
  const isPhysical = layer.layer === "physical";
  const isSent = isPhysical && half === "down";
  const whole = isSent || !isWhole ? `${total} bytes` : `${total}-byte ${isPhysical ? "frame" : layer.pdu}`;
  const sum = there.length > 1 ? `${sizes(there).join(" + ")} = ${whole}` : whole;
  return isSent && isWhole ? `${sum} = ${total * 8} bits` : sum;
}

/**
 * @param {Piece[]} pieces
 * @returns {number[]}
 */
function sizes(pieces) {
  return pieces.map(({ octets }) => octets);
}

/**
 * @param {Piece[]} pieces
 * @returns {number}
 */
function octetsOf(pieces) {
  return sumOf(sizes(pieces), pieces.length);
}
