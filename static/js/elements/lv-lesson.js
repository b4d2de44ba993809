// A lesson's text: a sentence that is pressed, or comes to the keyboard, moves the stage to its step, a value in it chooses its
// field for the inspector, and the sentence that the stage is at is marked. The text itself is the server's.

import { headerKey } from "../core/bits.js";
import { stopAt } from "../core/timeline.js";
import { ask, chosen, setAttribute } from "./make.js";

/** @import { Stop } from "../core/timeline.js" */
/** @import { View } from "../live/player.js" */

export class LvLesson extends HTMLElement {
  /** @type {View | null} */
  #view = null;
  /** @type {Element | null} */
  #chosen = null;
  /** @type {Stop | null | undefined} undefined until the first update */
  #stop;
  #listeners = new AbortController();

  connectedCallback() {
    this.#listeners = new AbortController();
    const { signal } = this.#listeners;
    this.addEventListener("click", (event) => this.#press(event), { signal });
    this.addEventListener("focusin", ({ target }) => {
      if (target instanceof Element && target.matches(".to-step:focus-visible")) this.#show(target.closest(".sentence"));
    }, { signal });
  }

  disconnectedCallback() {
    this.#listeners.abort();
  }

  /** @param {View} view */
  update(view) {
    this.#view = view;
    const stop = stopAt(view.timeline, view.instantMs);
    if (stop === this.#stop) return;
    this.#stop = stop;
    const now = this.#sentenceAt(stop);
    for (const each of this.querySelectorAll(".sentence")) setAttribute(each, "aria-current", each === now ? "step" : null);
    for (const link of this.querySelectorAll(".lesson-depths a[href^='?']")) keepPlace(/** @type {HTMLAnchorElement} */ (link), stop);
    if (now !== null && now !== this.querySelector(".sentence")) this.#bringIntoSight(now);
  }

  /**
   * A link of the text, and a sentence of another recording, lead where they say.
   * @param {MouseEvent} event
   */
  #press(event) {
    const { target } = event;
    if (!(target instanceof Element) || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const link = target.closest("a");
    if (link !== null && !link.matches(".to-step")) return;
    if (link === null && String(getSelection() ?? "") !== "") return;
    if (this.#show(target.closest(".sentence"))) event.preventDefault();
    const value = target.closest("button.value");
    if (value !== null) this.#choose(value);
  }

  /**
   * A value may be another frame's than the sentence's: the choice holds for each frame that has such a field.
   * @param {Element} value
   */
  #choose(value) {
    const [number, name] = [Number(value.getAttribute("data-frame")), value.getAttribute("data-field")];
    const journey = this.#view?.timeline.run?.journeys.find((each) => each.number === number);
    const header = journey?.headers.find(({ fields, quoted }) => !quoted && fields.some((each) => each.name === name));
    const field = header?.fields.find((each) => each.name === name);
    if (journey === undefined || header === undefined || field === undefined) return;
    chosen(this, { section: headerKey(journey.headers, header), field: field.name, label: field.label, nth: 0, bit: -1 });
  }

  /**
   * @param {Element | null} sentence
   * @returns {boolean} whether the stage can go there
   */
  #show(sentence) {
    const stop = sentence === null ? undefined : this.#stopOf(sentence);
    if (stop === undefined) return false;
    this.#chosen = sentence;
    this.#stop = undefined;
    ask(this, { kind: "seek", instant_ms: stop.step.rest_ms });
    return true;
  }

  /**
   * @param {Element} sentence
   * @returns {Stop | undefined} undefined where it is a step of another recording
   */
  #stopOf(sentence) {
    const [frame, step] = ["data-frame", "data-step"].map((name) => Number(sentence.getAttribute(name)));
    return this.#view?.timeline.steps.find((each) => each.journey.number === frame && each.step.number === step);
  }

  /**
   * The last sentence that the run has come to; of several at the same step the one that was pressed, else the first.
   * @param {Stop | null} stop
   * @returns {Element | null}
   */
  #sentenceAt(stop) {
    if (stop === null) return null;
    let [found, latest] = [/** @type {Element | null} */ (null), -1];
    for (const sentence of this.querySelectorAll(".sentence")) {
      const index = this.#stopOf(sentence)?.index ?? Infinity;
      const isLater = index > latest || (index === latest && sentence === this.#chosen);
      if (index <= stop.index && isLater) [found, latest] = [sentence, index];
    }
    return found;
  }

  /**
   * Who reads something further down on the page is left there.
   * @param {Element} sentence
   */
  #bringIntoSight(sentence) {
    const { top, bottom } = this.getBoundingClientRect();
    if (bottom > 0 && top < window.innerHeight) sentence.scrollIntoView({ block: "nearest" });
  }
}

/**
 * The same step in the other depth.
 * @param {HTMLAnchorElement} link
 * @param {Stop | null} stop
 */
function keepPlace(link, stop) {
  if (stop === null) return;
  const query = new URLSearchParams(link.getAttribute("href") ?? "");
  query.set("frame", String(stop.journey.number));
  query.set("step", String(stop.step.number));
  setAttribute(link, "href", `?${query}`);
}

customElements.define("lv-lesson", LvLesson);
