// What happens now in one title and one sentence; the page's one live region.

/** @import { View } from "../drawing/picture.js" */

const WAY = "Each frame goes down the sender's layers, across the wire and up the receiver's layers.";
const QUIET_MS = 300;
const PLAYING_MS = 1000;

class Caption extends HTMLElement {
  #title = document.createElement("h2");
  #sentence = document.createElement("p");
  #spoken = document.createElement("p");
  #shown = "";
  #waiting = 0;

  connectedCallback() {
    this.#title.className = "caption-title";
    this.#sentence.className = "caption-sentence";
    this.#title.setAttribute("aria-hidden", "true");
    this.#sentence.setAttribute("aria-hidden", "true");
    this.#spoken.className = "spoken";
    this.#spoken.setAttribute("aria-live", "polite");
    this.replaceChildren(this.#title, this.#sentence, this.#spoken);
  }

  disconnectedCallback() {
    clearTimeout(this.#waiting);
  }

  /** @param {View} view */
  update({ scene, state }) {
    const { step } = scene;
    const title = step?.title ?? "A handshake, layer by layer";
    const sentence = step?.sentence ?? (state.run?.problem || WAY);
    const key = `${scene.index} ${title} ${sentence}`;
    if (key === this.#shown) return;
    this.#shown = key;
    this.dataset.layer = step?.layer ?? "";
    this.#title.textContent = title;
    this.#sentence.textContent = sentence;
    const { playing, rate } = state.playhead;
    this.#speak(`${title}. ${sentence}`, playing && rate >= 1 ? PLAYING_MS * rate : QUIET_MS);
  }

  /**
   * Steps that pass more quickly than they could be heard are left out: only the one that stays is said.
   * @param {string} words
   * @param {number} waitMs
   */
  #speak(words, waitMs) {
    clearTimeout(this.#waiting);
    this.#waiting = setTimeout(() => { this.#spoken.textContent = words; }, waitMs);
  }
}

customElements.define("lv-caption", Caption);
