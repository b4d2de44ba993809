// The class in a dialog: who follows, who roams and where, how well each is connected, and what the students may press.
// It comes with the first press.

import { countTexts, inOrder, nameOf, roundTripText, standText, unlisted } from "../core/people.js";
import { say, sayMany } from "../core/say.js";
import { isLed } from "../core/words.js";
import { ask, make, setText, styled } from "./make.js";

/** @import { Attendance, Permission, Person } from "../core/messages.js" */
/** @import { State } from "../core/store.js" */
/** @import { View } from "../live/player.js" */

const HEADINGS = [say("Student"), say("Follows or looks around"), say("Round trip")];
const SHEET = new URL("../../css/presenting.css", import.meta.url).href;

/** @type {ReadonlyArray<{ permission: Permission, words: string }>} */
const MAY = Object.freeze([
  { permission: "start", words: say("Start the run on the stage again") },
  { permission: "let_go", words: say("Let a held frame go") },
]);

export class LvPeople extends HTMLElement {
  #counts = make("ul", { class: "counts" });
  #switches = MAY.map(({ permission, words }) => ({ permission, words, input: make("input", { type: "checkbox" }) }));
  #may = make("fieldset", { class: "may" }, make("legend", {}, say("What students may press")),
    ...this.#switches.map(({ input, words }) => make("label", {}, input, make("span", {}, words))));
  #own = make("p", { class: "own" });
  #nobody = make("p", { class: "nobody" }, say("Nobody has joined yet."));
  #rows = make("tbody");
  #list = make("div", { class: "people", tabindex: "0", role: "region", "aria-label": say("Students"), "data-scroller": "" },
    make("table", {}, make("thead", {}, make("tr", {}, ...HEADINGS.map((each) => make("th", { scope: "col" }, each)))), this.#rows));
  #more = make("p", { class: "more" });
  /** @type {Attendance | null | undefined} undefined before the first update */
  #shown;
  /** @type {State | null} null before the first update of an open dialog */
  #state = null;
  #listeners = new AbortController();

  connectedCallback() {
    this.#listeners = new AbortController();
    this.#may.addEventListener("change", () => ask(this, { kind: "allow", allowed: this.#wanted() }), { signal: this.#listeners.signal });
    this.replaceChildren(this.#counts, this.#nobody, this.#list, this.#more, this.#may, this.#own);
  }

  disconnectedCallback() {
    this.#listeners.abort();
  }

  /** @param {View} view */
  open(view) {
    const dialog = this.closest("dialog");
    if (dialog === null || dialog.open) return;
    dialog.showModal();
    this.#state = null;
    this.update(view);
  }

  /** @param {View} view */
  update({ state }) {
    if (this.closest("dialog")?.open !== true) return;
    setText(this.#own, ownText(state));
    this.#showSwitches(state);
    if (state.attendance === this.#shown) return;
    this.#shown = state.attendance;
    this.#write(state.attendance ?? { kind: "attendance", following: 0, roaming: 0, projectors: 0, presenters: 1, people: [] });
  }

  /**
   * As the class has them: a press that was refused is taken back.
   * @param {State} state
   */
  #showSwitches(state) {
    const before = this.#state;
    this.#state = state;
    this.#may.disabled = !state.connected || isLed(state);
    if (before !== null && before.allowed === state.allowed && before.notice === state.notice) return;
    for (const { permission, input } of this.#switches) input.checked = state.allowed.includes(permission);
  }

  /** @returns {Permission[]} */
  #wanted() {
    return this.#switches.filter(({ input }) => input.checked).map(({ permission }) => permission);
  }

  /** @param {Attendance} attendance */
  #write(attendance) {
    this.#counts.replaceChildren(...countTexts(attendance).map((text) => make("li", {}, text)));
    this.#nobody.hidden = attendance.following + attendance.roaming > 0;
    this.#list.hidden = attendance.people.length === 0;
    this.#rows.replaceChildren(...inOrder(attendance.people).map(row));
    const more = unlisted(attendance);
    setText(this.#more, more === 0 ? "" : sayMany("and {count} more", "and {count} more", more));
  }
}

/**
 * @param {Person} person
 * @returns {HTMLElement}
 */
function row(person) {
  return make("tr", { "data-mode": person.mode },
    make("th", { scope: "row" }, nameOf(person)),
    make("td", { class: "stand" }, standText(person)),
    make("td", { class: "trip" }, roundTripText(person.round_trip_ms)));
}

/**
 * @param {State} state
 * @returns {string}
 */
function ownText({ connected, connection: { roundTripMs } }) {
  if (!connected) return say("This window is not connected.");
  const time = roundTripText(roundTripMs);
  return time === "" ? say("This window is connected.") : say("This window is connected; its round trip to the server takes {time}.", { time });
}

customElements.define("lv-people", LvPeople);

/** @param {View} view */
export async function open(view) {
  await styled(SHEET);
  /** @type {LvPeople | null} */ (document.querySelector("lv-people"))?.open(view);
}
