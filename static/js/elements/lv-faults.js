// The start desk: which scene is played, over what, and what shall go wrong on the wire. It comes with its first opening,
// or where something was chosen before a reload. What is chosen counts at once; the server judges it again.

import { PLAIN, READY, faultText, isPlain, orderTexts, readOrder, whyNot } from "../core/order.js";
import { say } from "../core/say.js";
import { isSimulated, sentences, startText, whyNoStart } from "../core/words.js";
import { ask, make, setAttribute, setText, styled } from "./make.js";

/** @import { Fault, Order } from "../core/messages.js" */
/** @import { Chosen } from "../core/store.js" */
/** @import { LvDeskSettings, Settings } from "./lv-desk-settings.js" */
/** @import { View } from "../live/player.js" */

/** @typedef {{ slug: string, name: string, about: string }} SceneCard */

const SHEET = new URL("../../css/faults.css", import.meta.url).href;
const KEPT = "layersviz-order"; // live/window.js keeps it
const NO_CHOICE = say("Plain handshake, nothing goes wrong.");
const ONLY_HANDSHAKE = say("Here the lab is simulated: only the plain handshake over IPv4 can be played.");

export class LvFaults extends HTMLElement {
  #scenes = make("div", { class: "scenes", role: "group", "aria-labelledby": "desk-scenes" });
  #ready = make("div", { class: "ready", role: "group", "aria-label": say("Ready-made faults") });
  #list = make("ul", { class: "faults" });
  #settings = /** @type {LvDeskSettings} */ (document.createElement("lv-desk-settings"));
  #why = make("p", { class: "why", role: "alert" });
  #simulated = make("p", { class: "simulated" }, ONLY_HANDSHAKE);
  #summary = make("p", { class: "summary", role: "status" });
  #start = make("button", { type: "button", class: "primary" });
  #reset = make("button", { type: "button", class: "plain" }, say("Reset to none"));
  #close = make("button", { type: "button", class: "plain" }, say("Close"));
  #dialog = make("dialog", { "aria-labelledby": "desk-title", class: "start-desk" });
  #cards = sceneCards();
  /** @type {Order} */
  #order = PLAIN;
  /** @type {View | null} */
  #view = null;
  #isMistyped = false; // a field holds what was refused: Start would play something else than what stands there
  #listeners = new AbortController();

  connectedCallback() {
    this.#listeners = new AbortController();
    this.#listen();
    this.#scenes.replaceChildren(...this.#cards.map((card) => this.#sceneButton(card)));
    this.#ready.replaceChildren(...READY.map(([name, each]) => this.#readyButton(name, each)));
    this.#dialog.replaceChildren(
      make("header", {}, make("h2", { id: "desk-title" }, say("Scene and faults")), this.#close),
      make("div", { class: "choices" }, this.#simulated, ...this.#sections()),
      make("footer", {}, this.#why, this.#summary, make("div", { class: "actions" }, this.#reset, this.#start)),
    );
    this.replaceChildren(this.#dialog);
    this.#show();
  }

  disconnectedCallback() {
    this.#listeners.abort();
  }

  #listen() {
    const { signal } = this.#listeners;
    this.#close.addEventListener("click", () => this.#dialog.close(), { signal });
    this.#start.addEventListener("click", () => this.#play(), { signal });
    this.#reset.addEventListener("click", () => this.choose(PLAIN), { signal });
    this.addEventListener("lv-fault", (event) => this.#add(/** @type {CustomEvent<Fault>} */ (event).detail), { signal });
    this.addEventListener("lv-settings", (event) => this.#set(/** @type {CustomEvent<Settings>} */ (event).detail), { signal });
  }

  /** @returns {HTMLElement[]} */
  #sections() {
    return [
      make("section", { class: "wrong" }, make("h3", {}, say("What shall go wrong")), this.#ready, this.#list,
        make("details", {}, make("summary", {}, say("Another fault")), document.createElement("lv-fault-editor"))),
      make("section", { class: "around" }, make("h3", {}, say("The hosts and the wire")), this.#settings),
      make("section", {}, make("h3", { id: "desk-scenes" }, say("Scenes: a press plays one")), this.#scenes),
    ];
  }

  /**
   * @param {SceneCard} card
   * @returns {HTMLElement}
   */
  #sceneButton({ slug, name, about }) {
    const button = make("button", { type: "button", class: "scene", "data-scene": slug }, make("strong", {}, name), make("span", {}, about));
    button.addEventListener("click", () => {
      if (this.choose({ ...this.#order, scene: slug })) this.#play();
    });
    return button;
  }

  /**
   * @param {string} name
   * @param {Fault} fault
   * @returns {HTMLElement}
   */
  #readyButton(name, fault) {
    const button = make("button", { type: "button", class: "plain" }, name);
    button.addEventListener("click", () => {
      const others = this.#order.faults.filter((each) => !isSame(each, fault));
      const faults = others.length < this.#order.faults.length ? others : [...others, fault];
      this.choose({ ...this.#order, faults });
    });
    return button;
  }

  /** @param {Fault} fault */
  #add(fault) {
    this.choose({ ...this.#order, faults: [...this.#order.faults, fault] });
  }

  /** @param {Settings} settings */
  #set(settings) {
    this.choose({ ...this.#order, ...settings }, false);
  }

  #play() {
    if (this.#view === null || whyNoStart(this.#view.state) !== "" || this.#isMistyped) return;
    this.#dialog.close();
    const cold = document.querySelector("lv-controls input[type=checkbox]");
    ask(this, { kind: "start", ...this.#order, cold: cold instanceof HTMLInputElement && cold.checked });
  }

  /**
   * What is wrong is said, and what was chosen before still counts.
   * @param {Order} order
   * @param {boolean} [writes] whether the fields are written again: not those in which somebody types
   * @returns {boolean} whether it was taken
   */
  choose(order, writes = true) {
    const wrong = whyNot(order);
    setText(this.#why, wrong);
    this.#isMistyped = wrong === "" ? false : this.#isMistyped || !writes;
    if (wrong === "") {
      this.#order = order;
      ask(this, { kind: "choose_order", chosen: isPlain(order) ? null : this.#chosen(order) });
      this.#show(writes);
    }
    return wrong === "";
  }

  /**
   * @param {Order} order
   * @returns {Chosen}
   */
  #chosen(order) {
    const name = order.scene === PLAIN.scene ? "" : this.#nameOf(order.scene);
    return { order, scene: name, words: sentences(name === "" ? "" : say("Scene: {name}.", { name }), ...orderTexts(order)) };
  }

  /**
   * @param {string} scene
   * @returns {string}
   */
  #nameOf(scene) {
    return this.#cards.find(({ slug }) => slug === scene)?.name ?? scene;
  }

  /** @param {boolean} [writes] */
  #show(writes = true) {
    const { faults, scene } = this.#order;
    for (const button of this.#scenes.children) {
      setAttribute(button, "aria-pressed", String(button.getAttribute("data-scene") === scene));
    }
    for (const [index, [, fault]] of READY.entries()) {
      const button = this.#ready.children[index];
      if (button !== undefined) setAttribute(button, "aria-pressed", String(faults.some((each) => isSame(each, fault))));
    }
    this.#list.replaceChildren(...faults.map((each, index) => this.#faultRow(each, index)));
    setText(this.#summary, isPlain(this.#order) ? NO_CHOICE : this.#chosen(this.#order).words);
    this.#settings.show(this.#order, writes);
  }

  /**
   * @param {Fault} fault
   * @param {number} index
   * @returns {HTMLElement}
   */
  #faultRow(fault, index) {
    const text = faultText(fault);
    const remove = make("button", { type: "button", class: "plain", "aria-label": say("Remove: {fault}", { fault: text }) }, say("Remove"));
    remove.addEventListener("click", () => {
      this.choose({ ...this.#order, faults: this.#order.faults.filter((_, at) => at !== index) });
      /** @type {HTMLElement | null} */ (this.#ready.querySelector("button"))?.focus();
    });
    return make("li", {}, make("span", {}, text), remove);
  }

  /** @param {View} view */
  update(view) {
    this.#view = view;
    const { chosen } = view.state;
    if (chosen === null && !isPlain(this.#order)) {
      this.#order = PLAIN;
      this.#show();
    }
    if (!this.#dialog.open) return;
    const isOnlyHandshake = isSimulated(view.state);
    this.#simulated.hidden = !isOnlyHandshake;
    for (const section of this.#dialog.querySelectorAll("section")) section.inert = isOnlyHandshake;
    setText(this.#start, startText(view.state));
    setAttribute(this.#start, "aria-disabled", whyNoStart(view.state) === "" ? null : "true");
    setAttribute(this.#start, "title", whyNoStart(view.state) || null);
  }

  /** @param {View} view */
  open(view) {
    if (this.#dialog.open) return;
    setText(this.#why, "");
    this.#isMistyped = false;
    this.#dialog.showModal();
    this.update(view);
    this.#show();
  }
}

/** @returns {SceneCard[]} as the page brings them, in the reader's language */
function sceneCards() {
  return JSON.parse(document.querySelector("#scenes")?.textContent ?? "[]");
}

/**
 * @param {Fault} one
 * @param {Fault} other
 * @returns {boolean}
 */
function isSame(one, other) {
  return Object.entries(one).every(([name, value]) => other[/** @type {keyof Fault} */ (name)] === value);
}

customElements.define("lv-faults", LvFaults);

/** @returns {LvFaults} */
function desk() {
  /** @type {LvFaults} */
  const element = document.querySelector("lv-faults") ?? new LvFaults();
  if (!element.isConnected) document.body.append(element);
  return element;
}

/** @param {View} view */
export async function open(view) {
  await styled(SHEET);
  desk().open(view);
}

/** What was chosen before a reload counts again. */
export function recall() {
  const kept = readOrder(sessionStorage.getItem(KEPT));
  if (kept !== null) desk().choose(kept);
}
