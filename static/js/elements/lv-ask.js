// The presenter's part of "predict, then see": what may be asked at the step that is seen, and while the class is asked who has
// answered what, the answer, and the way on. It comes with the first key "q"; alone with a recording one asks oneself.

import { answersOf } from "../core/questions.js";
import { say } from "../core/say.js";
import { stopAt } from "../core/timeline.js";
import { ask, make, setText, styled } from "./make.js";

/** @import { Offered, Question, Replies } from "../core/messages.js" */
/** @import { State } from "../core/store.js" */
/** @import { Stop } from "../core/timeline.js" */
/** @import { View } from "../live/player.js" */

const SHEET = new URL("../../css/predict.css", import.meta.url).href;
const ASK_AFTER_MS = 250;

export class LvAsk extends HTMLElement {
  #title = make("h2", { id: "ask-title" });
  #offers = make("div", { class: "offers", role: "group", "aria-labelledby": "ask-title" });
  #none = make("p", { class: "none" });
  #who = make("ul", { class: "who", "data-scroller": "", tabindex: "0", "aria-label": say("Who has answered what") });
  #reveal = make("button", { type: "button", class: "primary" }, say("Show the answer"));
  #end = make("button", { type: "button", class: "plain" });
  #file = make("a", { class: "plain", download: "" }, say("Answers as a table (CSV)"));
  #close = make("button", { type: "button", class: "plain" }, say("Close"));
  #actions = make("div", { class: "actions" }, this.#reveal, this.#end, this.#file, this.#close);
  #isAlone = document.body.dataset["recording"] !== undefined;
  /** @type {Offered | null} */
  #offered = null;
  /** @type {Replies | null} */
  #replies = null;
  /** @type {Question | null} */
  #shown = null;
  #begun = 0;
  /** @type {number | null} the number of the run that was shown last */
  #run = null;
  #asked = "";
  #timer = 0;
  #listeners = new AbortController();

  connectedCallback() {
    this.#listeners = new AbortController();
    const { signal } = this.#listeners;
    this.#reveal.addEventListener("click", () => ask(this, { kind: "reveal" }), { signal });
    this.#end.addEventListener("click", () => ask(this, { kind: "close_question" }), { signal });
    this.#close.addEventListener("click", () => this.toggle(false), { signal });
    document.addEventListener("keydown", (event) => this.#leave(event), { signal });
    const { answers } = document.body.dataset;
    if (answers !== undefined) this.#file.href = answers;
    this.#file.hidden = answers === undefined;
    this.setAttribute("role", "region");
    this.setAttribute("aria-labelledby", "ask-title");
    this.replaceChildren(make("div", { class: "line" }, this.#title, this.#offers, this.#none, this.#actions), this.#who);
  }

  disconnectedCallback() {
    window.clearTimeout(this.#timer);
    this.#listeners.abort();
  }

  /** @param {boolean} [open] */
  toggle(open = this.hasAttribute("hidden")) {
    const hadFocus = this.contains(document.activeElement);
    this.hidden = !open;
    const button = document.querySelector("#questions-button");
    button?.setAttribute("aria-expanded", String(open));
    if (hadFocus && !open && button instanceof HTMLElement) button.focus();
    this.#asked = "";
  }

  /**
   * Escape closes the strip, not the question: what the class is asked stays until it is taken away.
   * @param {KeyboardEvent} event
   */
  #leave(event) {
    if (event.key !== "Escape" || event.defaultPrevented || this.hidden || this.#begun > 0) return;
    if (document.querySelector("dialog[open]") === null) this.toggle(false);
  }

  /** @param {View} view */
  update({ state, timeline, instantMs }) {
    const { question, run } = state;
    if (this.#run !== null && run !== null && run.number !== this.#run && question === null) this.toggle(false);
    this.#run = run?.number ?? this.#run;
    if (question !== null && question.number !== this.#begun) this.toggle(true);
    this.#begun = question?.number ?? 0;
    if (this.hidden) return;
    const stop = stopAt(timeline, instantMs);
    if (question === null) this.#wonder(stop, state);
    setText(this.#title, titleText(question, this.#isAlone));
    if (question === null) this.#showOffers(state.offered, stop);
    else this.#showAnswers(question, state.replies);
    this.#showWays(question);
  }

  /**
   * What may be asked here; once the picture stays at a step, for that is soon enough.
   * @param {Stop | null} stop
   * @param {State} state
   */
  #wonder(stop, { run, connected }) {
    const key = stop === null || !connected ? "" : `${run?.number} ${stop.journey.number} ${stop.step.number} ${run?.journeys.length}`;
    if (key === this.#asked) return;
    this.#asked = key;
    window.clearTimeout(this.#timer);
    if (stop === null || key === "") return;
    const { journey, step } = stop;
    this.#timer = window.setTimeout(() => ask(this, { kind: "which_questions", frame: journey.number, step: step.number }), ASK_AFTER_MS);
  }

  /** @param {Question | null} question */
  #showWays(question) {
    const hadFocus = this.#offers.contains(document.activeElement);
    this.#offers.hidden = this.#none.hidden = question !== null;
    this.#who.hidden = question === null || this.#who.childElementCount === 0;
    this.#reveal.hidden = question === null || question.revealed !== null || this.#isAlone;
    this.#end.hidden = question === null;
    this.#close.hidden = question !== null;
    if (hadFocus && question !== null) (this.#reveal.hidden ? this.#end : this.#reveal).focus();
    setText(this.#end, question?.revealed === null ? say("Take the question away") : say("Go on"));
  }

  /**
   * @param {Offered | null} offered
   * @param {Stop | null} stop
   */
  #showOffers(offered, stop) {
    const isOfHere = offered !== null && offered.frame === stop?.journey.number && offered.step === stop.step.number;
    setText(this.#none, noneText(stop, isOfHere ? offered : null));
    this.#offers.hidden = !isOfHere || offered.offers.length === 0;
    if (!isOfHere || offered === this.#offered) return;
    this.#offered = offered;
    this.#offers.replaceChildren(...offered.offers.map(({ kind, words }) => {
      const button = make("button", { type: "button", class: "plain" }, words);
      button.addEventListener("click", () => ask(this, { kind: "ask_question", frame: offered.frame, step: offered.step, question: kind }));
      return button;
    }));
  }

  /**
   * @param {Question} question
   * @param {Replies | null} replies
   */
  #showAnswers(question, replies) {
    if (replies === this.#replies && question === this.#shown) return;
    [this.#replies, this.#shown] = [replies, question];
    this.#who.replaceChildren(...answersOf(question, replies).map(({ name, letter, isRight }) => (
      make("li", isRight === null ? {} : { "data-right": String(isRight) }, make("b", {}, letter), " ", name, isRight === true ? " ✓" : ""))));
  }
}

/**
 * @param {Question | null} question
 * @param {boolean} isAlone
 * @returns {string}
 */
function titleText(question, isAlone) {
  if (question === null) return isAlone ? say("Ask yourself") : say("Ask the class");
  return isAlone ? say("You are asked") : say("The class is asked");
}

/**
 * @param {Stop | null} stop
 * @param {Offered | null} offered for this step, null where it is not known yet
 * @returns {string}
 */
function noneText(stop, offered) {
  if (stop === null) return say("There are no steps yet.");
  return offered?.offers.length === 0 ? say("Nothing can be asked at this step: go on, and look again.") : "";
}

customElements.define("lv-ask", LvAsk);

/**
 * @param {View} view
 * @param {boolean} [isOpen] whether to open it, else it is the other way round than before
 */
export async function open(view, isOpen) {
  await styled(SHEET);
  /** @type {LvAsk | null} */
  let element = document.querySelector("lv-ask");
  if (element === null) {
    element = new LvAsk();
    element.hidden = true;
    document.querySelector(".dock")?.prepend(element);
  }
  element.toggle(isOpen);
  element.update(view);
}
