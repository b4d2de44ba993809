// What a presenter can press: start a run, step, play, choose the rate. A press asks; the state comes down later.

import { RATES, playOrPause, start } from "../core/keys.js";
import { number, say } from "../core/say.js";
import { isLed, isRunOn, isStartedHere, startText, whyNoStart } from "../core/words.js";
import { ask, icon, make, setAttribute, setText } from "./make.js";

/** @import { Wish } from "../core/keys.js" */
/** @import { State } from "../core/store.js" */
/** @import { View } from "../live/player.js" */

const GUARD_MS = 1000;
const BUSY_AFTER_MS = 150;

export class LvControls extends HTMLElement {
  #start = make("button", { type: "button", class: "primary", "aria-describedby": "start-reason" }, say("Start handshake"));
  #reason = make("span", { class: "reason", id: "start-reason" });
  #begin = make("div", { class: "start" });
  #cold = make("input", { type: "checkbox" });
  #desk = make("button", { type: "button", class: "plain to-desk", "aria-haspopup": "dialog", title: say("What is played, and what shall go wrong (w)") },
    say("Scene and faults"));
  #previousFrame = iconButton("previousFrame", say("Previous frame"), "[");
  #previousStep = iconButton("previousStep", say("Previous step"), say("Left"));
  #play = make("button", { type: "button", class: "round play" });
  #nextStep = iconButton("nextStep", say("Next step"), say("Right"));
  #nextFrame = iconButton("nextFrame", say("Next frame"), "]");
  #rate = make("select", { "aria-label": say("Rate of the story"), title: say("Rate of the story (+ and -)") },
    ...RATES.map((rate) => make("option", { value: String(rate) }, `${number(rate)}×`)));
  #playing = icon("pause");
  #paused = icon("play");
  /** @type {View | null} */
  #view = null;
  /** @type {State | null} */
  #pressedIn = null;
  #guarded = 0;
  #busyTimer = 0;
  #rateShown = "";
  #listeners = new AbortController();

  connectedCallback() {
    this.#listeners = new AbortController();
    this.#listen();
    this.#play.replaceChildren(this.#playing, this.#paused);
    this.#begin.replaceChildren(this.#start, make("div", { class: "choice" }, this.#reason, option(this.#cold)), this.#desk);
    this.replaceChildren(
      this.#begin,
      make("div", { class: "steps", role: "group", "aria-label": say("Step through the story") },
        this.#previousFrame, this.#previousStep, this.#play, this.#nextStep, this.#nextFrame, this.#rate),
    );
  }

  disconnectedCallback() {
    window.clearTimeout(this.#guarded);
    window.clearTimeout(this.#busyTimer);
    this.#listeners.abort();
  }

  #listen() {
    const { signal } = this.#listeners;
    /** @type {Array<[HTMLElement, () => Wish]>} */
    const presses = [
      [this.#previousFrame, () => ({ kind: "move_frame", by: -1 })],
      [this.#previousStep, () => ({ kind: "move_step", by: -1 })],
      [this.#nextStep, () => ({ kind: "move_step", by: 1 })],
      [this.#nextFrame, () => ({ kind: "move_frame", by: 1 })],
    ];
    for (const [button, wish] of presses) button.addEventListener("click", () => press(this, button, wish()), { signal });
    this.#start.addEventListener("click", () => this.#startPressed(), { signal });
    this.#desk.addEventListener("click", () => ask(this, { kind: "faults" }), { signal });
    this.#play.addEventListener("click", () => this.#playPressed(), { signal });
    this.#rate.addEventListener("change", () => ask(this, { kind: "set_rate", rate: Number(this.#rate.value) }), { signal });
  }

  /** An answer within a blink needs no sign that one waits for it: to draw one would only delay the first frames. */
  #startPressed() {
    if (this.#view === null || this.#guarded !== 0 || whyNoStart(this.#view.state) !== "") return;
    this.#pressedIn = this.#view.state;
    this.#guarded = window.setTimeout(() => this.#unguard(), GUARD_MS);
    this.#busyTimer = window.setTimeout(() => this.#refresh(), BUSY_AFTER_MS);
    ask(this, start(this.#view.state, this.#cold.checked));
  }

  /** A double click is one press: the second one comes when a short run may be over already. */
  #unguard() {
    this.#liftGuard();
    this.#refresh();
  }

  #refresh() {
    if (this.#view !== null) this.update(this.#view);
  }

  #liftGuard() {
    window.clearTimeout(this.#guarded);
    this.#guarded = 0;
  }

  /**
   * From the press until the server has answered, with a run or with a refusal.
   * @param {State} state
   * @returns {boolean}
   */
  #isWaiting({ connected, run, notice }) {
    const then = this.#pressedIn;
    return connected && then !== null && then.run?.number === run?.number && then.notice?.number === notice?.number;
  }

  /**
   * Once the run is on, Space shall pause it, not press Start again: the focus goes on to the next thing to press.
   * @param {State} state
   */
  #answered({ run }) {
    const hasBegun = this.#pressedIn !== null && this.#pressedIn.run?.number !== run?.number;
    if (hasBegun && this.#start.matches(":focus")) this.#play.focus();
    if (this.#pressedIn !== null && !hasBegun) this.#liftGuard();
    this.#pressedIn = null;
  }

  #playPressed() {
    if (this.#view !== null) press(this, this.#play, playOrPause(this.#view.state, this.#view.moving));
  }

  /** @param {View} view */
  update(view) {
    this.#view = view;
    const { state, timeline, moving } = view;
    const canMove = (state.connected && !isLed(state)) || state.roam !== null;
    const reason = whyNoStart(state);
    if (!this.#isWaiting(state)) this.#answered(state);
    const isBusy = this.#pressedIn !== null || this.#guarded !== 0 || (state.connected && isRunOn(state));
    setDisabled(this.#start, reason !== "" || isBusy);
    setAttribute(this.#start, "data-busy", isBusy ? "" : null);
    setText(this.#reason, reason);
    this.#begin.hidden = !isStartedHere(state);
    setText(this.#start, startText(state));
    this.#updateSteps(timeline.steps.length === 0 || !canMove, state.playhead.playing && moving);
    this.#updateRate(state, canMove);
  }

  /**
   * Only what is new: what was chosen here stands until the server answers, or a quick second press counts from the old.
   * @param {State} state
   * @param {boolean} canMove
   */
  #updateRate({ playhead }, canMove) {
    const shown = `${playhead.rate} ${canMove}`;
    if (shown === this.#rateShown) return;
    this.#rateShown = shown;
    this.#rate.value = String(playhead.rate);
  }

  /**
   * @param {boolean} nothingToMove
   * @param {boolean} moving
   */
  #updateSteps(nothingToMove, moving) {
    for (const button of [this.#previousFrame, this.#previousStep, this.#play, this.#nextStep, this.#nextFrame]) {
      setDisabled(button, nothingToMove);
    }
    setAttribute(this.#play, "aria-label", moving ? say("Pause") : say("Play"));
    setAttribute(this.#play, "title", moving ? say("Pause (Space)") : say("Play (Space)"));
    this.#playing.toggleAttribute("hidden", !moving);
    this.#paused.toggleAttribute("hidden", moving);
  }
}

/**
 * @param {HTMLInputElement} cold
 * @returns {HTMLElement}
 */
function option(cold) {
  const words = make("span", {}, say("Forget MAC addresses first"), make("small", {}, say("so that ARP is seen")));
  return make("label", { class: "option" }, cold, words);
}

/**
 * A disabled button keeps the focus and can be read out with its reason, so it is not the attribute `disabled`.
 * @param {HTMLButtonElement} button
 * @param {boolean} disabled
 */
function setDisabled(button, disabled) {
  setAttribute(button, "aria-disabled", disabled ? "true" : null);
}

/**
 * @param {Element} element
 * @param {HTMLElement} button
 * @param {Wish} wish
 */
function press(element, button, wish) {
  if (button.getAttribute("aria-disabled") !== "true") ask(element, wish);
}

/**
 * @param {string} shape
 * @param {string} label
 * @param {string} key
 * @returns {HTMLButtonElement}
 */
function iconButton(shape, label, key) {
  return make("button", { type: "button", class: "round", "aria-label": label, title: `${label} (${key})` }, icon(shape));
}

/** What Start plays beside the plain handshake, so that nobody forgets a fault that is on. */
export class LvChosen extends HTMLElement {
  #words = make("p", { role: "status" });
  #reset = make("button", { type: "button", class: "plain", title: say("Back to the plain handshake") }, say("Reset"));
  #listeners = new AbortController();

  connectedCallback() {
    this.#listeners = new AbortController();
    this.#reset.addEventListener("click", () => this.#pressed(), { signal: this.#listeners.signal });
    this.replaceChildren(this.#words, this.#reset);
    this.hidden = true;
  }

  disconnectedCallback() {
    this.#listeners.abort();
  }

  /** @param {View} view */
  update({ state }) {
    const words = isStartedHere(state) ? state.chosen?.words ?? "" : "";
    this.hidden = words === "";
    setText(this.#words, words);
    setAttribute(this.#words, "title", words || null);
  }

  #pressed() {
    ask(this, { kind: "choose_order", chosen: null });
    /** @type {HTMLElement | null} */ (document.querySelector("lv-controls .primary"))?.focus();
  }
}

customElements.define("lv-controls", LvControls);
customElements.define("lv-chosen", LvChosen);
