// The presenter's notes between the page and the server: saved by themselves, tried again, and nothing written is lost.

import { saved, textOf, written } from "../core/notes.js";
import { say } from "../core/say.js";

/** @import { Notes } from "../core/notes.js" */

const PAUSE_MS = 700;
const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 15_000;
const UNREACHED = say("the server does not answer");

/** @typedef {"unread" | "unsaved" | "saving" | "saved" | "failed"} Standing */

export class Notebook {
  /** @type {Notes} */
  #notes;
  #address;
  #token;
  #store;
  #onChange;
  #isRead = false;
  #isSending = false;
  #failures = 0;
  #timer = 0;
  /** Why the last try failed, empty where it did not. */
  problem = "";

  /**
   * @param {{ address: string, token: string, signal: AbortSignal, onChange: () => void }} wiring
   */
  constructor({ address, token, signal, onChange }) {
    this.#address = address;
    this.#token = token;
    this.#store = `layersviz-notes ${address}`;
    this.#onChange = onChange;
    this.#notes = { kept: {}, drafts: drafts(this.#store) };
    window.addEventListener("online", () => this.flush(), { signal });
    window.addEventListener("pagehide", () => this.flush(), { signal });
    document.addEventListener("visibilitychange", () => { if (document.hidden) this.flush(); }, { signal });
    signal.addEventListener("abort", () => window.clearTimeout(this.#timer));
    void this.#go();
  }

  /** @returns {Standing} */
  get standing() {
    if (this.problem !== "") return "failed";
    if (!this.#isRead) return "unread";
    if (this.#isSending) return "saving";
    return this.#nextKey() === undefined ? "saved" : "unsaved";
  }

  /** @returns {boolean} whether the server's notes are known: before that nothing is written over them */
  get isRead() {
    return this.#isRead;
  }

  /**
   * @param {string} key
   * @returns {string}
   */
  textOf(key) {
    return textOf(this.#notes, key);
  }

  /**
   * @param {string} key
   * @param {string} text
   */
  write(key, text) {
    this.#notes = written(this.#notes, key, text);
    this.#keepDrafts();
    this.#later(PAUSE_MS);
    this.#onChange();
  }

  /** What is not saved yet is sent now. */
  flush() {
    if (!this.#isRead || this.#nextKey() !== undefined) void this.#go();
  }

  /** The notes are read first, then what was written is sent, one after the other. */
  async #go() {
    window.clearTimeout(this.#timer);
    if (this.#isSending) return;
    this.#isSending = true;
    try {
      await this.#exchange();
      this.#failures = 0;
      this.problem = "";
    } catch (error) {
      this.problem = error instanceof Refusal ? error.message : UNREACHED;
      this.#later(Math.min(FIRST_RETRY_MS * 2 ** this.#failures++, LONGEST_RETRY_MS));
    } finally {
      this.#isSending = false;
      this.#onChange();
    }
  }

  async #exchange() {
    if (!this.#isRead) {
      this.#notes = { ...this.#notes, kept: await this.#ask() };
      this.#isRead = true;
    }
    for (let key = this.#nextKey(); key !== undefined; key = this.#nextKey()) {
      this.#onChange();
      const text = this.textOf(key);
      this.#notes = saved(this.#notes, key, text, await this.#ask({ key, text }));
      this.#keepDrafts();
    }
  }

  /**
   * @param {{ key: string, text: string }} [note] that is to be kept
   * @returns {Promise<Record<string, string>>} all notes
   */
  async #ask(note) {
    const sent = note === undefined ? {} : {
      method: "PUT", keepalive: true, body: JSON.stringify(note),
      headers: { "Content-Type": "application/json", "X-CSRFToken": this.#token },
    };
    const answer = await fetch(this.#address, { credentials: "same-origin", ...sent });
    const said = await answer.json();
    if (!answer.ok) throw new Refusal(String(said.sentence));
    return said.notes;
  }

  /** @returns {string | undefined} */
  #nextKey() {
    return Object.keys(this.#notes.drafts)[0];
  }

  /** @param {number} waitMs */
  #later(waitMs) {
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.flush(), waitMs);
  }

  /** A reload, or a browser that ends, takes nothing away that was not saved. */
  #keepDrafts() {
    try {
      sessionStorage.setItem(this.#store, JSON.stringify(this.#notes.drafts));
    } catch { /* a browser that keeps nothing: the drafts hold until the page is left */ }
  }
}

/** What the server said instead of doing it. */
class Refusal extends Error {}

/**
 * @param {string} name
 * @returns {Record<string, string>} what a former page could not save
 */
function drafts(name) {
  try {
    return JSON.parse(sessionStorage.getItem(name) ?? "{}");
  } catch {
    return {};
  }
}
