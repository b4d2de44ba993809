// How the layers look: each one's pattern, the pieces of a PDU in their bar and on their way, a line with its mark.

import { LABEL_GAP_EM, MARK_EM } from "../core/lines.js";
import { between, clamped } from "../core/motion.js";
import { blocks } from "../core/stack.js";
import { MONO_EM, pieceText, sansWidth } from "../core/text.js";
import { bytesText } from "../core/words.js";

/** @import { LayerScene, Piece } from "../core/host.js" */
/** @import { BrokenLine } from "../core/lines.js" */
/** @import { Block, Box, Row } from "../core/stack.js" */
/** @import { Pen } from "./picture.js" */

const TILE = 8;

/** The pattern of each layer in a tile of 8 by 8. */
const PATTERNS = {
  application: "M1.5 2h1M5.5 6h1",
  transport: "M-2 2L2 -2M-2 10L10 -2M6 10L10 6",
  network: "M0 2H8M0 6H8",
  link: "M2 0V8M6 0V8",
  physical: "M0 0L8 8M8 0L0 8",
};

/**
 * A fill of that layer's colour and pattern.
 * @param {Pen} pen
 * @param {string} layer
 * @param {"solid" | "soft"} kind
 * @returns {string}
 */
export function layerFill({ prefix }, layer, kind) {
  return `url(#${prefix}-${layer}-${kind})`;
}

/**
 * Defines the fills; each picture has its own.
 * @param {Pen} pen
 * @param {number} em
 */
export function definePatterns(pen, em) {
  const patternTransform = `scale(${Math.round((em / 18) * 100) / 100})`;
  pen.inside("defs", "patterns", {}, () => {
    for (const [layer, marks] of Object.entries(PATTERNS)) {
      for (const kind of ["solid", "soft"]) {
        const id = `${pen.prefix}-${layer}-${kind}`;
        const tile = { id, width: TILE, height: TILE, patternUnits: "userSpaceOnUse", patternTransform, class: layer };
        pen.inside("pattern", id, tile, () => {
          pen.rect("ground", { class: kind, width: TILE, height: TILE });
          pen.path("marks", { class: `marks on-${kind}`, d: marks });
        });
      }
    }
  });
}

/**
 * The pieces of a layer's PDU, cut off at its bar's ends. `solid` where the PDU is, pale where it was.
 * @param {Pen} pen
 * @param {string} key
 * @param {LayerScene} layer
 * @param {Box} bar
 * @param {boolean} solid
 * @param {number} em
 */
export function drawBar(pen, key, layer, bar, solid, em) {
  const arrived = layer.half === "up" && layer.from < 0 ? layer.carry : 1;
  pen.inside("svg", key, { ...bar, opacity: layer.fade }, () => {
    for (const block of blocks(layer.pieces, bar.width, em)) {
      const { piece, x } = block;
      pen.inside("g", piece.key, { class: piece.layer }, () => {
        if (piece.leaving > 0) drawSlot(pen, block, bar.height, em);
        if (piece.leaving < 1 && x < bar.width * arrived) drawPiece(pen, block, bar.height, solid, em);
        if (layer.refused && layer.open > 0.5 && piece.layer === layer.layer) drawRefused(pen, block, bar.height, em);
      });
    }
  });
}

/**
 * @param {Pen} pen
 * @param {Block} block
 * @param {number} height
 * @param {boolean} solid
 * @param {number} em
 */
function drawPiece(pen, { piece, x, width }, height, solid, em) {
  const kind = solid && !piece.computed ? "solid" : "soft";
  const edges = `${kind === "soft" ? "rim" : ""} ${piece.computed ? "dashed" : ""}`;
  const edge = 0.06 * em;
  const words = textOf(piece, width / em, height / em);
  const plate = { width: words.widthEm * em, height: words.octets === "" ? 1.24 * em : 2.3 * em, rx: edge };
  pen.inside("g", "piece", { transform: `translate(${Math.round(x * 100) / 100} 0)` }, () => {
    pen.rect("box", {
      x: edge, y: edge, width: Math.max(0, width - 2 * edge), height: height - 2 * edge, rx: 0.2 * em,
      fill: layerFill(pen, piece.layer, kind), class: edges,
    });
    pen.rect("plate", { ...plate, class: kind, x: (width - plate.width) / 2, y: (height - plate.height) / 2 });
    const y = height / 2 + (words.octets === "" ? 0.36 : -0.16) * em;
    pen.text("label", words.label, `bold middle on-${kind}`, width / 2, y);
    if (words.octets === "") return;
    pen.text("octets", words.octets, `mono middle on-${kind}`, width / 2, height / 2 + 0.98 * em);
  });
}

/**
 * What the layer that refuses has not taken off: its own header.
 * @param {Pen} pen
 * @param {Block} block
 * @param {number} height
 * @param {number} em
 */
function drawRefused(pen, { x, width }, height, em) {
  const edge = 0.08 * em;
  pen.rect("refused", { class: "refused", x: x + edge, y: edge, width: Math.max(0, width - 2 * edge), height: height - 2 * edge, rx: 0.2 * em });
}

/**
 * In a high bar the size stands under the name, in a low one beside it.
 * @param {Piece} piece
 * @param {number} widthEm
 * @param {number} heightEm
 * @returns {{ label: string, octets: string, widthEm: number }}
 */
function textOf(piece, widthEm, heightEm) {
  const isHigh = heightEm > 2.4;
  const label = pieceText(piece, widthEm, !isHigh);
  const sizes = isHigh ? [bytesText(piece.octets), `${piece.octets}`] : [];
  const octets = sizes.find((each) => each.length * MONO_EM < widthEm - 0.4) ?? "";
  return { label, octets, widthEm: Math.max(sansWidth(label, true), octets.length * MONO_EM) + 0.3 };
}

/**
 * Where a header stood that has been taken off.
 * @param {Pen} pen
 * @param {Block} block
 * @param {number} height
 * @param {number} em
 */
function drawSlot(pen, { piece, slotX, width }, height, em) {
  const edge = 0.06 * em;
  pen.rect("slot", {
    class: "card edge", x: slotX + edge, y: edge, width: width - 2 * edge, height: height - 2 * edge, rx: 0.2 * em,
  });
  const words = pieceText(piece, width / em, false);
  pen.text("gone", words, "quiet middle struck", slotX + width / 2, height / 2 + 0.36 * em);
}

/**
 * The PDU on its way from the layer that had it to the one that gets it, over everything else.
 * @param {Pen} pen
 * @param {Row[]} rows
 * @param {number} em
 */
export function drawMoving(pen, rows, em) {
  const row = rows.find(({ layer }) => layer.pieces.length > 0 && isAloft(layer));
  const from = row === undefined ? undefined : rows[row.layer.from];
  if (row === undefined || from === undefined) return;
  const start = remaining(from, em);
  const along = (/** @type {keyof Box} */ name) => between(start[name], row.bar[name], row.layer.carry);
  const bar = { x: along("x"), y: along("y"), width: along("width"), height: along("height") };
  drawBar(pen, "moving", row.layer, bar, true, em);
}

/**
 * While the PDU is on its way it is in no layer's bar.
 * @param {LayerScene} layer
 * @returns {boolean}
 */
export function isAloft({ solid, carry, from }) {
  return solid && from >= 0 && carry < 1;
}

/**
 * The part of a layer's bar that holds what goes on to the next layer.
 * @param {Row} row
 * @param {number} em
 * @returns {Box}
 */
function remaining({ layer, bar }, em) {
  const stays = blocks(layer.pieces, bar.width, em).filter(({ piece }) => piece.leaving === 0);
  const first = stays[0];
  const last = stays.at(-1);
  if (first === undefined || last === undefined) return bar;
  return { ...bar, x: bar.x + first.x, width: last.x + last.width - first.x };
}

/**
 * A labelled value with its mark, `fade` of it at most. `x` and `top` are where all lines begin.
 * @param {Pen} pen
 * @param {BrokenLine} broken
 * @param {number} x
 * @param {number} top
 * @param {number} lineEm from one row to the next
 * @param {number} fade
 * @param {number} em
 */
export function drawLine(pen, { line, row, startEm, labelEm, labels, values, flows }, x, top, lineEm, fade, em) {
  const yOf = (/** @type {number} */ index) => top + ((row + index) * lineEm + 1.05) * em;
  const markX = x + startEm * em;
  const labelX = markX + MARK_EM * em;
  const valueX = labelX + (LABEL_GAP_EM + labelEm) * em;
  const tone = line.mark === "bad" ? "bad" : "ink";
  pen.inside("g", `line ${row} ${line.label}`, { opacity: line.shown * fade }, () => {
    drawMark(pen, line.mark, markX + 0.5 * em, yOf(0) - 0.36 * em, line.shown, em);
    for (const [index, words] of labels.entries()) pen.text(`label ${index}`, words, "quiet", labelX, yOf(index));
    for (const [index, words] of values.entries()) {
      pen.text(`value ${index}`, words, `mono ${tone}`, flows && index > 0 ? labelX : valueX, yOf(index));
    }
  });
}

/**
 * Where a value comes from, or how its check ended, by a shape of its own around (x, y).
 * @param {Pen} pen
 * @param {string} mark
 * @param {number} x
 * @param {number} y
 * @param {number} shown
 * @param {number} em
 */
function drawMark(pen, mark, x, y, shown, em) {
  const half = (mark === "simulated" ? 0.5 : 0.28) * em;
  const square = { x: x - half, y: y - half, width: 2 * half, height: 2 * half, rx: 0.06 * em };
  switch (mark) {
    case "captured": return pen.rect("mark", { ...square, class: "quiet" });
    case "computed": return pen.rect("mark", { ...square, class: "computed-mark" });
    case "simulated":
      pen.rect("mark", { class: "simulated", x: x - half, y: y - 0.56 * em, width: 2 * half, height: 1.12 * em });
      return pen.text("sign", "S", "bold middle on-simulated", x, y + 0.36 * em);
    case "good":
    case "bad":
      return drawVerdict(pen, mark, x, y, shown, em);
  }
}

/**
 * A tick or a cross on a disc that grows as the check is made.
 * @param {Pen} pen
 * @param {"good" | "bad"} mark
 * @param {number} x
 * @param {number} y
 * @param {number} shown
 * @param {number} em
 */
function drawVerdict(pen, mark, x, y, shown, em) {
  const size = 0.55 * em * clamped(shown * 1.4);
  const reach = size * 0.48;
  const tick = `M${x - reach} ${y}l${reach * 0.75} ${reach * 0.8}L${x + reach} ${y - reach * 0.8}`;
  const cross = `M${x - reach} ${y - reach}l${2 * reach} ${2 * reach}m0 ${-2 * reach}l${-2 * reach} ${2 * reach}`;
  pen.circle("mark", { class: mark, cx: x, cy: y, r: size });
  pen.path("sign", { class: "verdict", d: mark === "good" ? tick : cross });
}
