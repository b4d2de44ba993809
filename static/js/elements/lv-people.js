// The class in a dialog: who follows, who roams and where, and how well each is connected. It comes with the first press.

import { countTexts, inOrder, nameOf, roundTripText, standText, unlisted } from "../core/people.js";
import { say, sayMany } from "../core/say.js";
import { make, setText, styled } from "./make.js";

/** @import { Attendance, Person } from "../core/messages.js" */
/** @import { State } from "../core/store.js" */
/** @import { View } from "../live/player.js" */

const HEADINGS = [say("Student"), say("Follows or looks around"), say("Round trip")];
const SHEET = new URL("../../css/presenting.css", import.meta.url).href;

export class LvPeople extends HTMLElement {
  #counts = make("ul", { class: "counts" });
  #own = make("p", { class: "own" });
  #nobody = make("p", { class: "nobody" }, say("Nobody has joined yet."));
  #rows = make("tbody");
  #list = make("div", { class: "people", tabindex: "0", role: "region", "aria-label": say("Students"), "data-scroller": "" },
    make("table", {}, make("thead", {}, make("tr", {}, ...HEADINGS.map((each) => make("th", { scope: "col" }, each)))), this.#rows));
  #more = make("p", { class: "more" });
  /** @type {Attendance | null | undefined} undefined before the first update */
  #shown;

  connectedCallback() {
    this.replaceChildren(this.#counts, this.#nobody, this.#list, this.#more, this.#own);
  }

  /** @param {View} view */
  open(view) {
    const dialog = this.closest("dialog");
    if (dialog === null || dialog.open) return;
    dialog.showModal();
    this.update(view);
  }

  /** @param {View} view */
  update({ state }) {
    if (this.closest("dialog")?.open !== true) return;
    setText(this.#own, ownText(state));
    if (state.attendance === this.#shown) return;
    this.#shown = state.attendance;
    this.#write(state.attendance ?? { kind: "attendance", following: 0, roaming: 0, projectors: 0, presenters: 1, people: [] });
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
