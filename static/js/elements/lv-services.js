// The table of commonly used ports: what stands in the page already can be searched, by number, name and purpose.

import { rangeText, readPort } from "../core/ports.js";
import { say, sayMany } from "../core/say.js";
import { setText } from "./make.js";

export class LvServices extends HTMLElement {
  /** @type {Array<{ row: HTMLTableRowElement, isExplained: boolean, number: string, text: string }>} */
  #rows = [];

  connectedCallback() {
    const form = this.querySelector("form");
    if (form === null) return;
    this.#rows = [...this.querySelectorAll("tbody tr")].map((each) => read(/** @type {HTMLTableRowElement} */ (each)));
    form.hidden = false;
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", () => this.#filter(form));
    this.#filter(form);
  }

  /** @param {HTMLFormElement} form */
  #filter(form) {
    const text = /** @type {HTMLInputElement} */ (form.querySelector("[type=search]")).value.trim().toLowerCase();
    const box = /** @type {HTMLInputElement | null} */ (form.querySelector("[type=checkbox]"));
    const isAll = text !== "" || (box?.checked ?? true);
    let shown = 0;
    for (const { row, isExplained, number, text: own } of this.#rows) {
      const port = readPort(text);
      const fits = port === null ? text.split(/\s+/).every((word) => own.includes(word)) : number === String(port);
      row.hidden = !(fits && (isAll || isExplained));
      if (!row.hidden) shown += 1;
    }
    setText(/** @type {HTMLElement} */ (form.querySelector("[role=status]")), foundText(text, shown));
  }
}

/**
 * @param {HTMLTableRowElement} row
 * @returns {{ row: HTMLTableRowElement, isExplained: boolean, number: string, text: string }}
 */
function read(row) {
  const texts = [...row.cells].map((cell) => cell.textContent ?? "");
  const text = [...texts, row.dataset["aliases"] ?? ""].join("\n").toLowerCase();
  return { row, isExplained: row.dataset["explained"] !== undefined, number: (texts[0] ?? "").trim(), text };
}

/**
 * @param {string} text
 * @param {number} shown
 * @returns {string}
 */
function foundText(text, shown) {
  const port = readPort(text);
  const found = shown === 0 ? say("No service of this table has it.") : sayMany("{count} row", "{count} rows", shown);
  if (port !== null) return `${rangeText(port)} ${found}`;
  return /^[0-9]+$/.test(text) ? say("There is no such port: the last one is 65535.") : found;
}

customElements.define("lv-services", LvServices);
