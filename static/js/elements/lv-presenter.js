// What a presenter has beside the controls: who leads, what the screens show, what comes next, how many follow.
// Each part writes only when what it says has changed: a run's frames come in a burst.

import { say, sayMany } from "../core/say.js";
import { indexAt, nextStop } from "../core/timeline.js";
import { isLed, nextWords } from "../core/words.js";
import { ask, make, setAttribute, setText } from "./make.js";

/** @import { Attendance, Cover } from "../core/messages.js" */
/** @import { State } from "../core/store.js" */
/** @import { Stop } from "../core/timeline.js" */
/** @import { View } from "../live/player.js" */

/** Whether another window leads, and what the class's screens show while it is not the picture. */
export class LvLead extends HTMLElement {
  #ledBy = make("p", { role: "status" });
  #takeOver = make("button", { type: "button", class: "primary" }, say("Take over"));
  #forget = make("button", { type: "button", class: "plain" }, say("Don't show it"));
  #led = make("div", { class: "strip", "data-tone": "led" }, this.#ledBy, this.#takeOver, this.#forget);
  #screens = make("p", { role: "status" });
  #covered = make("div", { class: "strip", "data-tone": "covered" }, this.#screens);
  #hasLed = false;
  /** @type {State | null} */
  #state = null;
  #listeners = new AbortController();

  connectedCallback() {
    this.#listeners = new AbortController();
    const { signal } = this.#listeners;
    this.#takeOver.addEventListener("click", () => ask(this, { kind: "take_over" }), { signal });
    this.#forget.addEventListener("click", () => ask(this, { kind: "forget_wanted" }), { signal });
    this.replaceChildren(this.#led, this.#covered);
    this.#led.hidden = this.#covered.hidden = true;
  }

  disconnectedCallback() {
    this.#listeners.abort();
  }

  /** @param {View} view */
  update({ state }) {
    if (state === this.#state) return;
    this.#state = state;
    this.#hasLed ||= state.leader === state.window;
    const led = state.connected && isLed(state) ? this.#ledWords() : "";
    setText(this.#ledBy, led);
    this.#led.hidden = led === "";
    this.#forget.hidden = state.wanted === null;
    setText(this.#takeOver, state.wanted === null ? say("Take over") : say("Take over and show it"));
    const covered = (led === "" ? COVERED : COVERED_BY_ANOTHER)[state.cover];
    setText(this.#screens, covered);
    this.#covered.hidden = covered === "";
  }

  /** @returns {string} */
  #ledWords() {
    return this.#hasLed
      ? say("Another window has taken over. This one follows now.") : say("Another window leads this class. This one follows.");
  }
}

/** @type {Readonly<Record<Cover, string>>} */
const COVERED = Object.freeze({
  none: "",
  blank: say("The screens are blank: press b or go on."),
  invitation: say("The screens show how to join. Press b or go on to show the picture."),
});

/** @type {Readonly<Record<Cover, string>>} */
const COVERED_BY_ANOTHER = Object.freeze({
  none: "", blank: say("The screens are blank."), invitation: say("The screens show how to join."),
});

/** What the class's screens show: two buttons, of which one at most is pressed. */
export class LvCover extends HTMLElement {
  #blank = make("button", { type: "button", class: "plain", title: say("Blank the screens of the class (b)") }, say("Blank"));
  #invitation = make("button", { type: "button", class: "plain", title: say("Show on the screens how to join") }, say("Invitation"));
  /** @type {Array<[Cover, HTMLButtonElement]>} */
  #buttons = [["blank", this.#blank], ["invitation", this.#invitation]];
  /** @type {State | null} */
  #state = null;
  #listeners = new AbortController();

  connectedCallback() {
    this.#listeners = new AbortController();
    for (const [cover, button] of this.#buttons) {
      button.addEventListener("click", () => this.#press(cover, button), { signal: this.#listeners.signal });
    }
    this.setAttribute("role", "group");
    this.setAttribute("aria-label", say("What the screens of the class show"));
    this.replaceChildren(this.#blank, this.#invitation);
  }

  disconnectedCallback() {
    this.#listeners.abort();
  }

  /** @param {View} view */
  update({ state }) {
    if (state === this.#state) return;
    this.#state = state;
    for (const [cover, button] of this.#buttons) {
      setAttribute(button, "aria-pressed", String(state.cover === cover));
      setAttribute(button, "aria-disabled", !state.connected || isLed(state) ? "true" : null);
    }
  }

  /**
   * @param {Cover} cover
   * @param {HTMLButtonElement} button
   */
  #press(cover, button) {
    if (button.getAttribute("aria-disabled") === "true") return;
    ask(this, { kind: "show_cover", cover: button.getAttribute("aria-pressed") === "true" ? "none" : cover });
  }
}

/** What PageDown will show: the next step, and its frame where another one begins with it. */
export class LvNext extends HTMLElement {
  #label = make("span", { class: "label" });
  #frame = make("strong");
  #step = make("span");
  /** @type {{ here: Stop | null, next: Stop | null, ended: boolean | undefined, connected: boolean } | null} */
  #shown = null;

  connectedCallback() {
    this.replaceChildren(this.#label, " ", this.#frame, " ", this.#step);
  }

  /** @param {View} view */
  update({ state, timeline, instantMs }) {
    const here = timeline.steps[indexAt(timeline, instantMs)] ?? null;
    const next = nextStop(timeline, state.playhead, instantMs);
    const { connected } = state;
    const ended = state.run?.ended;
    const shown = this.#shown;
    if (shown !== null && shown.here === here && shown.next === next && shown.ended === ended && shown.connected === connected) return;
    this.#shown = { here, next, ended, connected };
    const { isNext, frame, step } = nextWords(state, here, next);
    setText(this.#label, isNext ? say("Next") : "");
    setText(this.#frame, frame);
    setText(this.#step, step);
  }
}

/** How many follow and roam; a press shows who they are. */
export class LvClass extends HTMLElement {
  #following = make("span");
  #roaming = make("span", { class: "roaming" });
  #button = make("button", { type: "button", class: "plain", "aria-haspopup": "dialog" }, this.#following, this.#roaming);
  /** @type {Attendance | null | undefined} undefined before the first update */
  #shown;
  #listeners = new AbortController();

  connectedCallback() {
    this.#listeners = new AbortController();
    const open = () => document.dispatchEvent(new CustomEvent("lv-people"));
    this.#button.addEventListener("click", open, { signal: this.#listeners.signal });
    this.replaceChildren(this.#button);
  }

  disconnectedCallback() {
    this.#listeners.abort();
  }

  /** @param {View} view */
  update({ state: { attendance } }) {
    if (attendance === this.#shown) return;
    this.#shown = attendance;
    const { following = 0, roaming = 0 } = attendance ?? {};
    const nobody = attendance === null ? say("The class") : say("Nobody yet");
    setText(this.#following, following + roaming === 0 ? nobody : sayMany("{count} follows", "{count} follow", following));
    setText(this.#roaming, roaming === 0 ? "" : sayMany("{count} looks around", "{count} look around", roaming));
    setAttribute(this.#button, "title", say("The class: who follows, who looks around, how to join"));
  }
}

customElements.define("lv-lead", LvLead);
customElements.define("lv-cover", LvCover);
customElements.define("lv-next", LvNext);
customElements.define("lv-class", LvClass);
