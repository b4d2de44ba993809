// The choices of a question as a list of retained nodes: letters, texts, and once it is revealed how the class has answered.
// They can be pressed where `onChoose` is given.

import { letter, shareOf } from "../core/questions.js";
import { say } from "../core/say.js";

/** @import { Question } from "../core/messages.js" */

/** @typedef {{ item: HTMLLIElement, choice: HTMLElement, tag: HTMLElement, share: HTMLElement, fill: HTMLElement, figure: HTMLElement }} Row */

export class Choices {
  node = document.createElement("ol");
  /** @type {Row[]} */
  #rows = [];
  #number = 0;
  /** @type {((index: number) => void) | null} */
  #onChoose;

  /** @param {((index: number) => void) | null} onChoose */
  constructor(onChoose) {
    this.#onChoose = onChoose;
    this.node.className = "choices";
  }

  /**
   * @param {Question} question
   * @param {{ own: number | null, sent: number | null }} of which choice is the reader's own, and which is on its way
   */
  update(question, { own, sent }) {
    if (question.number !== this.#number) this.#build(question);
    const { revealed } = question;
    const isOver = own !== null || revealed !== null;
    this.#rows.forEach(({ item, choice, tag, share, fill, figure }, index) => {
      const isRight = revealed?.right === index;
      item.toggleAttribute("data-right", isRight);
      item.toggleAttribute("data-own", own === index);
      item.toggleAttribute("data-sent", own === null && sent === index);
      if (this.#onChoose !== null) choice.setAttribute("aria-disabled", String(isOver));
      write(tag, tagText(isRight, own === index));
      share.hidden = revealed === null;
      const { figure: words, part } = shareOf(question, index);
      write(figure, words);
      fill.style.setProperty("inline-size", `${part * 100}%`);
    });
  }

  /** @param {Question} question */
  #build({ number, choices }) {
    this.#number = number;
    this.#rows = choices.map((text, index) => this.#row(text, index));
    this.node.replaceChildren(...this.#rows.map(({ item }) => item));
  }

  /**
   * @param {string} text
   * @param {number} index
   * @returns {Row}
   */
  #row(text, index) {
    const item = document.createElement("li");
    const onChoose = this.#onChoose;
    const choice = node(onChoose === null ? "div" : "button", "choice");
    const tag = node("span", "tag");
    const [share, bar, fill, figure] = [node("div", "share"), node("span", "gauge"), node("span", "fill"), node("span", "figure")];
    const [sign, words] = [node("span", "letter"), node("span", "words")];
    sign.textContent = letter(index);
    words.textContent = text;
    choice.append(sign, words, tag);
    if (choice instanceof HTMLButtonElement) {
      choice.type = "button";
      choice.addEventListener("click", () => { if (choice.getAttribute("aria-disabled") !== "true") onChoose?.(index); });
    }
    bar.append(fill);
    share.append(bar, figure);
    item.append(choice, share);
    return { item, choice, tag, share, fill, figure };
  }
}

/**
 * @param {boolean} isRight
 * @param {boolean} isOwn
 * @returns {string}
 */
function tagText(isRight, isOwn) {
  if (isRight) return isOwn ? say("✓ right: your answer") : say("✓ right");
  return isOwn ? say("your answer") : "";
}

/**
 * @param {string} name
 * @param {string} className
 * @returns {HTMLElement}
 */
function node(name, className) {
  const made = document.createElement(name);
  made.className = className;
  return made;
}

/**
 * @param {HTMLElement} element
 * @param {string} text
 */
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
