// The question as the projector and the presenter's page show it, on the stage: the question with its choices, how many have answered, and after the answer was
// shown how they have, and why it is right. It comes with the first question.

import { countText } from "../core/questions.js";
import { say } from "../core/say.js";
import { Choices } from "../drawing/spread.js";
import { make, setText, styled } from "./make.js";

/** @import { View } from "../live/player.js" */

const SHEET = new URL("../../css/predict.css", import.meta.url).href;

export class LvQuestion extends HTMLElement {
  #text = make("h2", { class: "asked", id: "question-text" });
  #choices = new Choices(null);
  #count = make("p", { class: "count", role: "status" });
  #why = make("p", { class: "why" });

  connectedCallback() {
    this.setAttribute("role", "region");
    this.setAttribute("aria-labelledby", "question-text");
    if (document.body.dataset["page"] !== "show") this.tabIndex = 0; // a small window has to scroll it
    this.dataset["scroller"] = "";
    this.replaceChildren(make("p", { class: "kicker" }, say("Predict, then see")), this.#text, this.#choices.node, this.#count, this.#why);
  }

  /** @param {View} view */
  update({ state: { question } }) {
    this.hidden = question === null;
    if (question === null) return;
    this.toggleAttribute("data-revealed", question.revealed !== null);
    setText(this.#text, question.text);
    this.#choices.update(question, { own: null, sent: null });
    setText(this.#count, countText(question));
    setText(this.#why, question.revealed?.why ?? "");
  }
}

customElements.define("lv-question", LvQuestion);

/** Puts it onto the stage, over the ladder. */
export async function come() {
  await styled(SHEET);
  if (document.querySelector("lv-question") === null) document.querySelector("#stage")?.append(new LvQuestion());
}
