// A student's part of "predict, then see": the question, its choices as buttons, and after the answer was shown whether it was
// right, why, and how the class has answered. It comes with the first question. Alone with a recording it is the reader's.

import { countText, ownChoice, ownText } from "../core/questions.js";
import { say } from "../core/say.js";
import { Choices } from "../drawing/spread.js";
import { ask, make, setText, styled } from "./make.js";

/** @import { State } from "../core/store.js" */
/** @import { View } from "../live/player.js" */

const SHEET = new URL("../../css/predict.css", import.meta.url).href;

export class LvPredict extends HTMLElement {
  #kicker = make("p", { class: "kicker" }, say("Predict, then see"));
  #text = make("h2", { class: "asked", id: "predict-text" });
  #choices = new Choices((index) => this.#choose(index));
  #own = make("p", { class: "own", role: "status" });
  #why = make("p", { class: "why" });
  #count = make("p", { class: "count" });
  #number = 0;
  /** @type {number | null} the choice that is on its way */
  #sent = null;
  #notice = 0;

  connectedCallback() {
    this.setAttribute("role", "region");
    this.setAttribute("aria-labelledby", "predict-text");
    this.replaceChildren(this.#kicker, this.#text, this.#choices.node, this.#own, this.#why, this.#count);
  }

  /** @param {View} view */
  update({ state }) {
    const { question } = state;
    this.hidden = question === null;
    if (question === null) return;
    if (question.number !== this.#number) this.#begin(state);
    this.#forgetWhatIsLost(state);
    this.toggleAttribute("data-revealed", question.revealed !== null);
    setText(this.#text, question.text);
    this.#choices.update(question, { own: ownChoice(question, state.replied), sent: this.#sent });
    setText(this.#own, ownText(question, state.replied));
    setText(this.#why, question.revealed?.why ?? "");
    setText(this.#count, countText(question));
  }

  /**
   * Who has answered before a reload is told which answer counts.
   * @param {State} state
   */
  #begin({ question, replied }) {
    if (question === null) return;
    this.#number = question.number;
    this.#sent = null;
    if (question.answered > 0 && ownChoice(question, replied) === null) ask(this, { kind: "reply", question: question.number, choice: null });
  }

  /** @param {State} state */
  #forgetWhatIsLost({ notice, connected }) {
    const number = notice?.number ?? 0;
    if (!connected || number !== this.#notice) this.#sent = null;
    this.#notice = number;
  }

  /** @param {number} index */
  #choose(index) {
    this.#sent = index;
    ask(this, { kind: "reply", question: this.#number, choice: index });
  }
}

customElements.define("lv-predict", LvPredict);

/** Where there is room it stands on the stage, over the ladder, else above what is pressed. */
export async function come() {
  await styled(SHEET);
  if (document.querySelector("lv-predict") !== null) return;
  const element = new LvPredict();
  const wide = window.matchMedia("(width >= 64rem) and (height >= 36rem)");
  const hasText = "lesson" in document.body.dataset; // there the stage has no middle
  const place = () => (wide.matches && !hasText ? document.querySelector("#stage")?.append(element) : document.querySelector(".dock")?.prepend(element));
  wide.addEventListener("change", place);
  place();
}
