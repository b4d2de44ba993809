// A clear sheet over one host of the stage or over the wire: it takes what is pointed at there, and rings what is chosen.

import { bitBeside, lightsTarget, stackTargets, targetAt, wireChoiceAt, wireLights } from "../core/inspector-stage.js";
import { isSamePlace } from "../core/inspector.js";
import { say } from "../core/say.js";
import { isCarrying } from "../core/scene.js";
import { layoutWave, pipe, rows } from "../core/wave.js";
import { Picture } from "../drawing/picture.js";
import { chosen } from "./make.js";

/** @import { Target } from "../core/inspector-stage.js" */
/** @import { Choice } from "../core/store.js" */
/** @import { Wave } from "../core/wave.js" */
/** @import { Pen, View } from "../drawing/picture.js" */

const NARROW_EM = 58;

/** What both sheets do alike: the focus stays where it was when they are clicked, so that the presenter's keys go on. */
class Lens extends Picture {
  #listeners = new AbortController();

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    this.#listeners = new AbortController();
    const { signal } = this.#listeners;
    this.tabIndex = 0;
    this.setAttribute("role", "group");
    this.setAttribute("data-scroller", "");
    this.querySelector("svg")?.setAttribute("aria-hidden", "true");
    this.addEventListener("mousedown", (event) => event.preventDefault(), { signal });
    this.addEventListener("click", (event) => this.#pressed(event), { signal });
    this.addEventListener("pointermove", (event) => this.#moved(event), { signal, passive: true });
    this.addEventListener("keydown", (event) => this.#key(event), { signal });
  }

  /** @override */
  disconnectedCallback() {
    super.disconnectedCallback();
    this.#listeners.abort();
  }

  /** @param {MouseEvent} event */
  #pressed(event) {
    const { left, top } = this.getBoundingClientRect();
    const choice = this.choiceAt(event.clientX - left, event.clientY - top);
    if (choice !== null) chosen(this, choice);
  }

  /** @param {PointerEvent} event */
  #moved(event) {
    const { left, top } = this.getBoundingClientRect();
    this.toggleAttribute("data-over", this.choiceAt(event.clientX - left, event.clientY - top) !== null);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || !event.key.startsWith("Arrow")) return;
    event.preventDefault();
    const choice = this.choiceBeside(event.key);
    if (choice !== null) chosen(this, choice);
  }

  /**
   * @param {number} _x
   * @param {number} _y
   * @returns {Choice | null}
   */
  choiceAt(_x, _y) {
    throw new Error("a lens knows what lies under it");
  }

  /**
   * @param {string} _key an arrow
   * @returns {Choice | null}
   */
  choiceBeside(_key) {
    throw new Error("a lens knows what lies under it");
  }
}

class StackLens extends Lens {
  /** @type {(() => Target[])} found when they are asked for: most instants of a moving picture need none */
  #targets = () => [];
  /** @type {Choice | null} */
  #choice = null;
  #last = "";

  /**
   * @override
   * @param {View} one
   * @param {View} other
   * @returns {boolean}
   */
  isSame(one, other) {
    const { side } = this;
    if (one.state.choice === null && other.state.choice === null) return false;
    return one.state.choice === other.state.choice && one.timeline === other.timeline && one.scene.index === other.scene.index
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
  draw(pen, { scene, state: { choice } }, width, height, em) {
    const host = scene.hosts[this.side];
    this.#choice = choice;
    this.#targets = () => stackTargets(scene.journey, host, width, height, em);
    label(this, this.side === "client"
      ? say("Client: headers and fields; the arrow keys choose one for the inspector")
      : say("Server: headers and fields; the arrow keys choose one for the inspector"));
    if (choice === null) return;
    for (const target of this.#targets()) {
      const lit = lightsTarget(target, choice);
      if (lit !== "") drawRing(pen, target.key, target.box, lit);
    }
  }

  /**
   * @override
   * @param {number} x
   * @param {number} y
   * @returns {Choice | null}
   */
  choiceAt(x, y) {
    return targetAt(this.#targets(), x, y)?.choice ?? null;
  }

  /**
   * @override
   * @param {string} key
   * @returns {Choice | null}
   */
  choiceBeside(key) {
    const targets = this.#targets();
    const at = this.#placeIn(targets);
    const to = key === "ArrowRight" || key === "ArrowDown" ? at + 1 : at - 1;
    const target = targets[Math.min(Math.max(to, 0), targets.length - 1)];
    this.#last = target?.key ?? "";
    this.#choice = target?.choice ?? this.#choice;
    return target?.choice ?? null;
  }

  /**
   * Several lines may choose the same header: the keys go on from the one that they came to.
   * @param {Target[]} targets
   * @returns {number} -1 where none is chosen
   */
  #placeIn(targets) {
    const isChosen = (/** @type {Target} */ { choice }) => isSamePlace(choice, this.#choice);
    const kept = targets.findIndex((each) => each.key === this.#last && isChosen(each));
    if (kept >= 0) return kept;
    const found = targets.findIndex(isChosen);
    return found >= 0 ? found : targets.findIndex(({ choices }) => choices.some((each) => isSamePlace(each, this.#choice)));
  }
}

class WireLens extends Lens {
  /** @type {Wave | null} null while no bit is on the wire */
  #wave = null;
  /** @type {Choice | null} */
  #choice = null;

  /**
   * @override
   * @param {Pen} pen
   * @param {View} view
   * @param {number} width
   * @param {number} height
   * @param {number} em
   */
  draw(pen, { scene: { wire }, state: { choice } }, width, height, em) {
    this.#choice = choice;
    label(this, say("The wire: its bits; the arrow keys choose one for the inspector"));
    const extra = width / em < NARROW_EM ? 1.8 * em : 0;
    this.#wave = isCarrying(wire) ? layoutWave(wire, pipe(width, em), rows(height, em, extra)) : null;
    if (this.#wave === null || choice === null) return;
    const { rows: at } = this.#wave;
    const { wave, map, found } = wireLights(this.#wave, choice);
    const isWhole = found?.field === null && found.bit === null;
    const bottom = isWhole ? at.band + at.bandHeight : at.band;
    for (const [index, { x, width: across }] of wave.entries()) {
      drawRing(pen, `wave ${index}`, { x, y: at.pipe, width: across, height: bottom - at.pipe }, "all");
    }
    if (map === null) return;
    const long = Math.max(0.4 * em, map.width);
    const mark = { x: map.x - (long - map.width) / 2, y: at.map - 0.32 * em, width: long, height: 0.32 * em };
    pen.rect("map", { ...mark, class: "mark" });
  }

  /**
   * @override
   * @param {number} x
   * @param {number} y
   * @returns {Choice | null}
   */
  choiceAt(x, y) {
    return this.#wave === null ? null : wireChoiceAt(this.#wave, x, y);
  }

  /**
   * @override
   * @param {string} key
   * @returns {Choice | null}
   */
  choiceBeside(key) {
    return this.#wave === null ? null : bitBeside(this.#wave, this.#choice, key);
  }
}

/**
 * @param {HTMLElement} element
 * @param {string} words
 */
function label(element, words) {
  if (element.getAttribute("aria-label") !== words) element.setAttribute("aria-label", words);
}

/**
 * Two lines, a dark one in a light one, so that it is seen on every layer's colour; dashed around what is lit in part.
 * @param {Pen} pen
 * @param {string} key
 * @param {import("../core/stack.js").Box} box
 * @param {"all" | "some"} lit
 */
function drawRing(pen, key, box, lit) {
  const round = { ...box, rx: 3 };
  pen.rect(`halo ${key}`, { ...round, class: "halo" });
  pen.rect(`ring ${key}`, { ...round, class: lit === "all" ? "ring" : "ring dashed" });
}

customElements.define("lv-inspector-lens", StackLens);
customElements.define("lv-inspector-wave", WireLens);
