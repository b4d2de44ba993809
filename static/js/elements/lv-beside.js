// TCP and UDP side by side, over the hosts once that scene's story is told to its end. It comes with the first such run.

import { SCENE, lanes } from "../core/beside.js";
import { TITLES, layoutBeside } from "../core/beside-layout.js";
import { say } from "../core/say.js";
import { sansWidth } from "../core/text.js";
import { Picture } from "../drawing/picture.js";
import { styled } from "./make.js";

/** @import { Pane, Slope } from "../core/beside-layout.js" */
/** @import { Pen, View } from "../drawing/picture.js" */

const SHEET = new URL("../../css/faults.css", import.meta.url).href;
const WIDE_EM = 14;

export class LvBeside extends Picture {
  /** @override */
  connectedCallback() {
    void styled(SHEET);
    super.connectedCallback();
    this.hidden = true;
  }

  /**
   * @override
   * @param {View} view
   */
  update(view) {
    this.hidden = !isTold(view);
    super.update(view);
  }

  /**
   * @override
   * @param {View} one
   * @param {View} other
   * @returns {boolean}
   */
  isSame(one, other) {
    return one.state.run === other.state.run && isTold(one) === isTold(other);
  }

  /**
   * @override
   * @param {Pen} pen
   * @param {View} view
   * @param {number} width
   * @param {number} height
   * @param {number} em
   */
  draw(pen, view, width, height, em) {
    const { run } = view.state;
    if (run === null || !isTold(view)) return;
    const { panes, top, bottom, captions } = layoutBeside(lanes(run), width, height, em);
    this.name(spoken(panes));
    for (const pane of panes) drawPane(pen, pane, { top, bottom }, em);
    for (const [row, { words, isBold, x, y }] of captions.entries()) pen.text(`caption ${row}`, words, isBold ? "bold ink" : "ink", x, y);
  }
}

/**
 * @param {View} view
 * @returns {boolean}
 */
function isTold({ state: { run }, scene }) {
  return run !== null && run.order?.scene === SCENE && scene.ladder.whole;
}

/**
 * @param {Pen} pen
 * @param {Pane} pane
 * @param {{ top: number, bottom: number }} at
 * @param {number} em
 */
function drawPane(pen, { key, left, right, slopes }, { top, bottom }, em) {
  pen.inside("g", key, {}, () => {
    pen.text("title", TITLES[key], "bold middle ink", (left + right) / 2, 1.3 * em);
    if (right - left > WIDE_EM * em) {
      pen.text("client", say("Client"), "bold quiet", left, 1.3 * em);
      pen.text("server", say("Server"), "bold end quiet", right, 1.3 * em);
    }
    pen.path("client line", { class: "life", d: `M${left} ${top - 1.2 * em}V${bottom}` });
    pen.path("server line", { class: "life", d: `M${right} ${top - 1.2 * em}V${bottom}` });
    for (const { passing, fromX, fromY, toX, toY } of slopes) pen.path(`line ${passing.number}`, { class: "arrow", d: `M${fromX} ${fromY}L${toX} ${toY}` });
    for (const each of slopes) drawLabel(pen, each, em);
    for (const each of slopes) drawTip(pen, each, em);
  });
}

/**
 * A head where the frame came, a cross where it was lost or refused; a ring where the wire made it.
 * @param {Pen} pen
 * @param {Slope} slope
 * @param {number} em
 */
function drawTip(pen, { passing, fromX, fromY, toX, toY, isWhole }, em) {
  if (passing.copied) pen.circle(`origin ${passing.number}`, { class: "origin", cx: fromX, cy: fromY, r: 0.26 * em });
  const way = Math.sign(toX - fromX);
  const [x, r] = [isWhole ? toX - way * 0.5 * em : toX, 0.34 * em];
  if (isWhole && !passing.refused) pen.path(`tip ${passing.number}`, { class: "head", d: `M${toX} ${toY}l${-way * 0.75 * em} ${-0.35 * em}v${0.7 * em}Z` });
  else pen.path(`tip ${passing.number}`, { class: "cross", d: `M${x - r} ${toY - r}L${x + r} ${toY + r}M${x - r} ${toY + r}L${x + r} ${toY - r}` });
}

/**
 * Over all arrows, so that none of them strikes a word through.
 * @param {Pen} pen
 * @param {Slope} slope
 * @param {number} em
 */
function drawLabel(pen, { passing, label, labelX, labelY }, em) {
  const isLeft = passing.sender === "client";
  const width = sansWidth(label) * em;
  pen.rect(`plate ${passing.number}`, { class: "plate", x: isLeft ? labelX : labelX - width, y: labelY - 0.86 * em, width, height: 1.1 * em });
  pen.text(`label ${passing.number}`, label, isLeft ? "ink" : "ink end", labelX, labelY);
}

/**
 * @param {Pane[]} panes
 * @returns {string}
 */
function spoken(panes) {
  return panes.map(({ key, lines }) => say("{protocol}, what the server's program got: {lines}", { protocol: TITLES[key], lines: lines.join(" ") })).join(" ");
}

customElements.define("lv-beside", LvBeside);
