// The students' bar: whether the page follows the class, where the class is while one looks around alone, the way back,
// a name for the presenter, and the run's start where the presenter lets students press it. It tells the server how it stands.

import { say } from "../core/say.js";
import { stopAt } from "../core/timeline.js";
import { closingText } from "../core/words.js";
import { ask, make, setAttribute, setText } from "./make.js";

/** @import { Stand, Start } from "../core/messages.js" */
/** @import { State } from "../core/store.js" */
/** @import { View } from "../live/player.js" */

const NAME = "layersviz-name";
export const LONGEST_NAME = 40;
const EVERY_MS = 1000;

export class LvFollow extends HTMLElement {
  #said = make("p", { class: "mode", role: "status" });
  #where = make("p", { class: "where" });
  #roam = make("button", { type: "button", class: "plain" }, say("Look around"));
  #catchUp = make("button", { type: "button", class: "primary" }, say("Catch up"));
  #another = make("a", { class: "plain", href: "/join/" }, say("Join another class"));
  #start = make("button", { type: "button", class: "primary" });
  #ask = make("button", { type: "button", class: "plain" }, say("Yes"));
  #decline = make("button", { type: "button", class: "plain" }, say("No"));
  #question = make("div", { class: "question-of-name" },
    make("p", {}, say("Tell the presenter your name?")), this.#ask, this.#decline);
  #input = make("input", { type: "text", maxlength: String(LONGEST_NAME), autocomplete: "name", "aria-describedby": "name-help" });
  #form = make("form", { method: "dialog" },
    make("h2", { id: "name-title" }, say("Your name")),
    make("p", { id: "name-help" }, say("Only the presenter sees it. Leave it empty to stay without a name.")),
    make("label", {}, make("span", {}, say("Name")), this.#input),
    make("div", { class: "actions" },
      make("button", { type: "button", class: "plain", value: "close" }, say("Close")),
      make("button", { type: "submit", class: "primary" }, say("Save"))));
  #dialog = make("dialog", { class: "name-dialog", "aria-labelledby": "name-title" }, this.#form);
  #name = keptName();
  /** @type {Stand | null} */
  #told = null;
  #toldMs = -Infinity;
  #timer = 0;
  /** @type {View | null} */
  #view = null;
  #listeners = new AbortController();

  connectedCallback() {
    this.#listeners = new AbortController();
    const { signal } = this.#listeners;
    const opener = document.querySelector("#name-button");
    this.#roam.addEventListener("click", () => ask(this, { kind: "roam" }), { signal });
    this.#catchUp.addEventListener("click", () => ask(this, { kind: "catch_up" }), { signal });
    this.#decline.addEventListener("click", () => this.#keep(""), { signal });
    this.#start.addEventListener("click", () => this.#startAgain(), { signal });
    for (const each of [this.#ask, opener]) each?.addEventListener("click", () => this.#open(), { signal });
    this.#form.querySelector('[value="close"]')?.addEventListener("click", () => this.#dialog.close(), { signal });
    this.#form.addEventListener("submit", () => this.#keep(tidied(this.#input.value)), { signal });
    this.#question.hidden = this.#name !== null;
    this.#start.hidden = true;
    this.replaceChildren(this.#question, this.#start,
      make("div", { class: "follow-bar" }, make("div", { class: "words" }, this.#said, this.#where),
        this.#another, this.#roam, this.#catchUp), this.#dialog);
  }

  disconnectedCallback() {
    window.clearTimeout(this.#timer);
    this.#listeners.abort();
  }

  /** @param {View} view */
  update(view) {
    this.#view = view;
    const isRoaming = view.state.roam !== null;
    const isEnded = view.state.connection.phase === "ended";
    setText(this.#said, modeText(view));
    const hasNothing = !isRoaming && view.timeline.steps.length === 0;
    setText(this.#where, isEnded ? "" : hasNothing ? say("There are no frames yet.") : whereText(view));
    setAttribute(this.#roam, "aria-disabled", hasNothing ? "true" : null);
    this.#another.hidden = !isEnded;
    this.#showWay(isRoaming, isEnded, view.state.cover === "blank");
    this.#showStart(view.state);
    this.#tell();
  }

  /**
   * The button that was pressed goes: the keyboard stays with the one that takes its place.
   * @param {boolean} isRoaming
   * @param {boolean} isEnded
   * @param {boolean} isBlank where there is nothing to look at, neither with the class nor alone
   */
  #showWay(isRoaming, isEnded, isBlank) {
    const [comes, goes] = isRoaming ? [this.#catchUp, this.#roam] : [this.#roam, this.#catchUp];
    const hadFocus = goes.matches(":focus");
    comes.hidden = isBlank || (isEnded && isRoaming);
    goes.hidden = true;
    if (hadFocus && !comes.hidden) comes.focus();
    document.body.toggleAttribute("data-roaming", isRoaming);
  }

  /** @param {State} state */
  #showStart(state) {
    const words = startWords(state);
    setText(this.#start, words);
    this.#start.hidden = words === "";
    setAttribute(this.#start, "aria-disabled", state.connected && state.run?.ended === true && state.cover === "none" ? null : "true");
  }

  #startAgain() {
    if (this.#view === null || this.#start.getAttribute("aria-disabled") === "true") return;
    ask(this, { kind: "press", request: startAgain(this.#view.state) });
  }

  /** What the presenter is told: at once where the mode or the name is new, else at most each second. */
  #tell() {
    if (this.#view === null) return;
    if (!this.#view.state.connected) return void (this.#told = null);
    const stand = standOf(this.#view, this.#name ?? "");
    if (isSame(this.#told, stand)) return;
    const isUrgent = this.#told?.mode !== stand.mode || this.#told.name !== stand.name;
    const waitMs = isUrgent ? 0 : this.#toldMs + EVERY_MS - performance.now();
    window.clearTimeout(this.#timer);
    if (waitMs > 0) return void (this.#timer = window.setTimeout(() => this.#tell(), waitMs));
    this.#told = stand;
    this.#toldMs = performance.now();
    ask(this, stand);
  }

  #open() {
    this.#input.value = this.#name ?? "";
    this.#dialog.showModal();
    this.#input.select();
  }

  /** @param {string} name */
  #keep(name) {
    this.#name = name;
    this.#question.hidden = true;
    try {
      localStorage.setItem(NAME, name);
    } catch { /* a browser that keeps nothing asks again the next time */ }
    this.#tell();
  }
}

/**
 * @param {View} view
 * @returns {string}
 */
export function modeText({ state, theClass }) {
  if (state.connection.phase === "ended") return closingText(state.connection);
  if (theClass === null && state.connection.phase === "lost") return say("No connection to the server");
  if (theClass === null) return say("You follow the class.");
  return theClass.hasOtherRun ? say("The class has begun another run.") : say("You are looking around.");
}

/**
 * @param {View} view
 * @returns {string} where the class is while one looks around alone, else empty
 */
export function whereText({ theClass }) {
  if (theClass === null) return "";
  const { stop } = theClass;
  if (stop === null) return say("The class has no frame yet.");
  return say("The class is at frame {frame}, step {step}.", { frame: stop.journey.number, step: stop.step.number });
}

/**
 * @param {State} state
 * @returns {string} what the button says, empty where there is none: who looks around alone has left the class's run
 */
export function startWords({ allowed, connection, roam, run }) {
  if (connection.phase === "ended" || roam !== null || run === null || !allowed.includes("start")) return "";
  return run.number === 0 ? say("Start handshake") : say("Start the run again");
}

/**
 * The order of the run on the stage once more.
 * @param {State} state
 * @returns {Start}
 */
export function startAgain({ run }) {
  if (run === null) throw new TypeError("no run is known");
  return { kind: "start", ...run.order };
}

/**
 * @param {View} view
 * @param {string} name
 * @returns {Stand}
 */
export function standOf({ state, timeline, instantMs }, name) {
  if (state.roam === null) return { kind: "stand", mode: "follow", name, frame: 0, step: 0 };
  const stop = stopAt(timeline, instantMs);
  return { kind: "stand", mode: "roam", name, frame: stop?.journey.number ?? 0, step: stop?.step.number ?? 0 };
}

/**
 * @param {Stand | null} one
 * @param {Stand} other
 * @returns {boolean}
 */
function isSame(one, other) {
  return one !== null && one.mode === other.mode && one.name === other.name && one.frame === other.frame && one.step === other.step;
}

/**
 * @param {string} name
 * @returns {string} without white space around it, of the length that the server takes
 */
export function tidied(name) {
  return [...name.trim()].slice(0, LONGEST_NAME).join("");
}

/** @returns {string | null} null where nobody has been asked yet */
function keptName() {
  try {
    const kept = localStorage.getItem(NAME);
    return kept === null ? null : tidied(kept);
  } catch {
    return null;
  }
}

customElements.define("lv-follow", LvFollow);
