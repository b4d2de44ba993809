// The diagram of TCP's states, drawn by the server from its table: here the present state of each end is marked, and the
// way by which it came there.

import { say } from "../core/say.js";
import { stopAt } from "../core/timeline.js";
import { setText } from "./make.js";

/** @import { Run, Side, States } from "../core/messages.js" */
/** @import { Stop, Timeline } from "../core/timeline.js" */
/** @import { View } from "../live/player.js" */

/** @type {Side[]} */
const SIDES = ["client", "server"];
/** Where static/css/dashboard.css gives the diagram more width than the window has. */
const NARROW = window.matchMedia("(width < 43rem)");
const NONE = say("This frame changes no state: it belongs to no TCP connection.");

export class LvStates extends HTMLElement {
  /** @type {Stop | null | undefined} undefined until the first update */
  #stop;
  /** @type {Timeline | null} */
  #timeline = null;

  /** @param {View} view */
  update({ timeline, instantMs }) {
    const stop = stopAt(timeline, instantMs);
    if (stop === this.#stop && timeline === this.#timeline) return;
    [this.#stop, this.#timeline] = [stop, timeline];
    const isHidden = timeline.run !== null && isWithoutStates(timeline.run);
    this.closest("section")?.toggleAttribute("hidden", isHidden);
    document.querySelector('a[href="#states"]')?.toggleAttribute("hidden", isHidden);
    const states = stop?.step.states ?? null;
    const ways = SIDES.map((side) => (stop === null ? null : wayTo(timeline, stop.index, side)));
    for (const node of this.querySelectorAll("[data-state]")) {
      for (const side of SIDES) node.toggleAttribute(`data-${side}`, states?.[side] === node.getAttribute("data-state"));
    }
    for (const node of this.querySelectorAll("[data-way]")) {
      for (const [index, side] of SIDES.entries()) node.toggleAttribute(`data-${side}`, node.getAttribute("data-way") === ways[index]);
    }
    this.#bringIntoSight(stop?.step.side ?? null);
    const words = this.querySelector("[data-words]");
    if (words !== null) setText(words, stop === null ? "" : said(states, ways));
  }

  /**
   * In a narrow window the diagram is wider than its box.
   * @param {Side | null} side whose state counts where both are too far apart
   */
  #bringIntoSight(side) {
    if (!NARROW.matches) return;
    const start = this.getBoundingClientRect().left - this.scrollLeft;
    const sides = side === "server" ? [...SIDES].reverse() : SIDES;
    const marks = sides.flatMap((each) => [...this.querySelectorAll(`[data-state][data-${each}]`)]).map((node) => {
      const { left, right } = node.getBoundingClientRect();
      return { left: left - start, right: right - start };
    });
    if (marks.length > 0) this.scrollTo({ left: middleOf(marks, this.clientWidth) - this.clientWidth / 2 });
  }
}

/**
 * The middle of all marks, where they fit into that width together, else of the first.
 * @param {{ left: number, right: number }[]} marks
 * @param {number} widthPx
 * @returns {number}
 */
function middleOf(marks, widthPx) {
  const [left, right] = [Math.min(...marks.map((each) => each.left)), Math.max(...marks.map((each) => each.right))];
  if (right - left <= widthPx) return (left + right) / 2;
  const [first] = marks;
  return first === undefined ? 0 : (first.left + first.right) / 2;
}

/**
 * Only TCP has states: a run of other frames shows no diagram.
 * @param {Run} run
 * @returns {boolean}
 */
function isWithoutStates({ journeys }) {
  return journeys.length > 0 && journeys.every(({ steps }) => steps.every(({ states }) => states === null));
}

/**
 * The last change of that end up to the step: 'LISTEN SYN-RECEIVED'.
 * @param {Timeline} timeline
 * @param {number} index
 * @param {Side} side
 * @returns {string | null} null where it has not changed yet
 */
function wayTo({ steps }, index, side) {
  const now = steps[index]?.step.states?.[side];
  for (let at = index - 1; at >= 0 && now !== undefined; at -= 1) {
    const before = steps[at]?.step.states?.[side];
    if (before !== undefined && before !== now) return `${before} ${now}`;
  }
  return null;
}

/**
 * @param {States | null} states
 * @param {Array<string | null>} ways
 * @returns {string}
 */
function said(states, ways) {
  if (states === null) return NONE;
  const ends = SIDES.map((side, index) => {
    const from = ways[index]?.split(" ")[0];
    return endText(side, states[side], from);
  });
  return say("Now {ends}.", { ends: ends.join("; ") });
}

/**
 * @param {Side} side
 * @param {string} state
 * @param {string | undefined} from
 * @returns {string}
 */
function endText(side, state, from) {
  if (from === undefined) return side === "client" ? say("the client in {state}", { state }) : say("the server in {state}", { state });
  return side === "client"
    ? say("the client in {state}, from {from}", { state, from })
    : say("the server in {state}, from {from}", { state, from });
}

customElements.define("lv-states", LvStates);
