// The presenter's private note for the step that is seen. It comes with the first key "s".
// What is written goes to a notebook, which saves it; while somebody writes, the note stays although the story goes on.

import { noteKey } from "../core/notes.js";
import { say } from "../core/say.js";
import { indexAt } from "../core/timeline.js";
import { make, setAttribute, setText, styled } from "./make.js";

/** @import { Timeline } from "../core/timeline.js" */
/** @import { View } from "../live/player.js" */

/** @typedef {"unread" | "unsaved" | "saving" | "saved" | "failed"} Standing */
/**
 * Where notes are kept.
 * @typedef {{
 *   standing: Standing, problem: string, isRead: boolean,
 *   textOf(key: string): string, write(key: string, text: string): void, flush(): void,
 * }} Notebook
 */

const SHEET = new URL("../../css/presenting.css", import.meta.url).href;
const LONGEST = "4000";
const WRITING_MS = 2000;
const OPEN = "layersviz-notes-open";

export class LvNotes extends HTMLElement {
  #about = make("label", { for: "note" });
  #standing = make("span", { class: "standing", role: "status" });
  #text = make("textarea", { id: "note", rows: "3", maxlength: LONGEST, spellcheck: "true", placeholder: say("A note for this step: only its presenter sees it.") });
  #close = make("button", { type: "button", class: "plain" }, say("Close"));
  /** @type {Notebook | null} */
  #notebook = null;
  /** @type {View | null} */
  #view = null;
  /** @type {{ timeline: Timeline | null, index: number }} */
  #seen = { timeline: null, index: -1 };
  #key = "";
  #writing = 0;
  #listeners = new AbortController();

  connectedCallback() {
    this.#listeners = new AbortController();
    const { signal } = this.#listeners;
    this.#text.addEventListener("input", () => this.#written(), { signal });
    this.#text.addEventListener("blur", () => this.#rested(), { signal });
    this.#text.addEventListener("keydown", (event) => this.#pressed(event), { signal });
    this.#close.addEventListener("click", () => this.toggle(false), { signal });
    this.replaceChildren(make("div", { class: "about" }, this.#about, this.#standing, this.#close), this.#text);
  }

  disconnectedCallback() {
    window.clearTimeout(this.#writing);
    this.#listeners.abort();
  }

  /** @param {Notebook} notebook */
  fill(notebook) {
    this.#notebook = notebook;
  }

  /** @param {boolean} [open] */
  toggle(open = this.hasAttribute("hidden")) {
    const hadFocus = this.contains(document.activeElement);
    this.hidden = !open;
    remember(open);
    const button = document.querySelector("#notes-button");
    button?.setAttribute("aria-expanded", String(open));
    if (!open) this.#notebook?.flush();
    if (hadFocus && button instanceof HTMLElement) button.focus();
    this.refresh();
  }

  /** The notebook has changed. */
  refresh() {
    this.#seen = { timeline: null, index: -1 };
    if (this.#view !== null) this.update(this.#view);
  }

  /** @param {View} view */
  update(view) {
    this.#view = view;
    if (this.hidden || this.#notebook === null) return;
    const index = indexAt(view.timeline, view.instantMs);
    if (view.timeline === this.#seen.timeline && index === this.#seen.index) return;
    this.#seen = { timeline: view.timeline, index };
    const key = noteKey(view.timeline, index);
    if (key !== this.#key && this.#writing === 0) this.#turnTo(key, this.#notebook);
    if (this.#writing === 0) setText(this.#about, aboutText(view, index));
    this.#write(this.#notebook);
  }

  /**
   * @param {string} key
   * @param {Notebook} notebook
   */
  #turnTo(key, notebook) {
    notebook.flush();
    this.#key = key;
  }

  /** @param {Notebook} notebook */
  #write(notebook) {
    const text = notebook.textOf(this.#key);
    if (this.#text.value !== text) this.#text.value = text;
    this.#text.disabled = this.#key === "";
    this.#text.readOnly = this.#key === "" || !notebook.isRead;
    setText(this.#standing, standingText(notebook, text));
    setAttribute(this.#standing, "data-tone", notebook.standing === "failed" ? "bad" : null);
  }

  #written() {
    window.clearTimeout(this.#writing);
    this.#writing = window.setTimeout(() => this.#rested(), WRITING_MS);
    this.#notebook?.write(this.#key, this.#text.value);
  }

  /** Whoever has stopped writing sees the note of the step that is seen by now. */
  #rested() {
    window.clearTimeout(this.#writing);
    this.#writing = 0;
    this.#notebook?.flush();
    this.refresh();
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (event.key === "PageDown" || event.key === "PageUp") this.#rested();
    if (event.key !== "Escape") return;
    event.stopPropagation();
    /** @type {HTMLElement | null} */ (document.querySelector("#notes-button"))?.focus();
  }
}

/**
 * @param {View} view
 * @param {number} index
 * @returns {string}
 */
function aboutText({ timeline: { steps } }, index) {
  const stop = steps[index];
  if (stop === undefined) return say("Note: there is no step yet");
  return say("Note for frame {frame}, step {step}", { frame: stop.journey.number, step: stop.step.number });
}

/**
 * @param {Notebook} notebook
 * @param {string} text
 * @returns {string}
 */
function standingText({ standing, problem, isRead }, text) {
  switch (standing) {
    case "failed": return isRead ? say("Not saved: {why}. It is tried again.", { why: problem.replace(/\.$/, "") }) : say("Not read: {why}. It is tried again.", { why: problem.replace(/\.$/, "") });
    case "unread": return say("Being read");
    case "saving": case "unsaved": return say("Being saved");
    case "saved": return text === "" ? "" : say("Saved");
  }
}

/** @param {boolean} open */
function remember(open) {
  try {
    if (open) sessionStorage.setItem(OPEN, "1");
    else sessionStorage.removeItem(OPEN);
  } catch { /* a browser that keeps nothing: after a reload the notes are closed */ }
}

customElements.define("lv-notes", LvNotes);

/** The notebook has changed. */
export function refresh() {
  /** @type {LvNotes | null} */ (document.querySelector("lv-notes"))?.refresh();
}

/**
 * @param {View} view
 * @param {Notebook} notebook
 * @param {boolean} [isOpen] whether to open it, else it is the other way round than before
 */
export async function open(view, notebook, isOpen) {
  await styled(SHEET);
  /** @type {LvNotes | null} */
  const element = document.querySelector("lv-notes");
  element?.fill(notebook);
  element?.update(view);
  element?.toggle(isOpen);
}
