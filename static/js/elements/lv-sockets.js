// A live table of sockets, of the lab's hosts or of this machine: the columns of netstat and lsof, filtered as one types.

import { countText, endText, isShown, stateText } from "../core/ports.js";
import { say } from "../core/say.js";
import { make, setAttribute, setText } from "./make.js";

/** @import { SocketRow } from "../core/messages.js" */

/** @typedef {SocketRow & { address?: string }} LinkedRow its frames are to be seen at that address, empty where nowhere */
/** @typedef {{ text: string, kind?: string }} Cell */

const COUNTED_MS = 1000;
const HEADINGS = [
  say("Command"), say("PID"), say("User"), say("Family"), say("Protocol"), say("Local address and port"), say("Remote"), say("State"),
];

export class LvSockets extends HTMLElement {
  #isLab = this.dataset["of"] === "lab";
  #name = this.#isLab ? say("Sockets of the lab") : say("Sockets of the machine");
  #headings = this.#isLab ? [say("Host"), ...HEADINGS, say("Frames")] : HEADINGS;
  #only = make("input", { type: "checkbox" });
  #text = make("input", { type: "search", autocomplete: "off", spellcheck: "false", "aria-label": say("Filter"), placeholder: say("Filter") });
  #said = make("p", { class: "said", role: "status" });
  #body = make("tbody");
  #box = make("div", { class: "box scroll", tabindex: "0", role: "region", "aria-label": this.#name });
  /** @type {LinkedRow[]} */
  #rows = [];
  #toldMs = 0;
  #problem = say("Waiting for the first answer.");
  #remark = "";
  #timer = 0;

  connectedCallback() {
    this.#only.checked = !this.#isLab;
    const head = make("thead", {}, make("tr", {}, ...this.#headings.map((each) => make("th", { scope: "col" }, each))));
    this.#box.replaceChildren(make("table", { class: "conversations sockets" }, head, this.#body));
    const label = make("label", { class: "check" }, this.#only, say("Only what waits: LISTEN, and UDP"));
    const form = make("form", { class: "filter", role: "search", "aria-label": this.#name }, label, this.#text, this.#said);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", () => this.#write());
    this.replaceChildren(form, this.#box);
    this.#timer = window.setInterval(() => { if (this.#rows.some(({ expires_ms }) => expires_ms !== null)) this.#write(); }, COUNTED_MS);
    this.#write();
  }

  disconnectedCallback() {
    window.clearInterval(this.#timer);
  }

  /**
   * @param {LinkedRow[]} rows
   * @param {string} [problem] why there are none, in one sentence
   * @param {string} [remark] beside the rows
   */
  show(rows, problem = "", remark = "") {
    this.#rows = rows;
    this.#problem = problem;
    this.#remark = remark;
    this.#toldMs = performance.now();
    this.#write();
  }

  #write() {
    const sinceMs = performance.now() - this.#toldMs;
    const shown = this.#rows.filter((row) => isShown(row, this.#text.value.trim(), this.#only.checked));
    while (this.#body.rows.length > shown.length) this.#body.deleteRow(-1);
    while (this.#body.rows.length < shown.length) this.#body.append(this.#emptyRow());
    shown.forEach((row, place) => this.#fill(/** @type {HTMLTableRowElement} */ (this.#body.rows[place]), row, sinceMs));
    this.#box.hidden = shown.length === 0;
    setText(this.#said, this.#problem || [this.#countText(shown.length), this.#remark].filter(Boolean).join(" "));
  }

  /**
   * @param {number} shown
   * @returns {string}
   */
  #countText(shown) {
    return this.#rows.length === 0 ? say("There are none at the moment.") : countText(shown, this.#rows.length);
  }

  /** @returns {HTMLTableRowElement} */
  #emptyRow() {
    return make("tr", {}, ...this.#headings.map((label) => make("td", { "data-label": label })));
  }

  /**
   * @param {HTMLTableRowElement} node
   * @param {LinkedRow} row
   * @param {number} sinceMs
   */
  #fill(node, row, sinceMs) {
    const cells = [...(this.#isLab ? [{ text: hostText(row.host) }] : []), ...cellsOf(row, sinceMs)];
    cells.forEach(({ text, kind = "" }, at) => {
      const cell = /** @type {HTMLElement} */ (node.cells[at]);
      setText(cell, text);
      setAttribute(cell, "class", kind);
    });
    if (this.#isLab) link(/** @type {HTMLElement} */ (node.cells[cells.length]), row);
  }
}

/**
 * @param {LinkedRow} row
 * @param {number} sinceMs
 * @returns {Cell[]}
 */
function cellsOf(row, sinceMs) {
  const isNobodys = row.pid === 0;
  return [
    isNobodys ? { text: say("no process"), kind: "untold" } : told(row.command),
    isNobodys ? { text: "" } : told(row.pid === null ? null : String(row.pid)),
    isNobodys ? { text: "" } : told(row.user),
    { text: row.family },
    { text: row.protocol },
    { text: endText(row.local_ip, row.local_port), kind: "end" },
    { text: endText(row.remote_ip, row.remote_port), kind: "end" },
    { text: stateText(row, sinceMs), kind: row.state === "LISTEN" ? "state listening" : "state" },
  ];
}

/**
 * @param {string | null} text
 * @returns {Cell}
 */
function told(text) {
  return text === null ? { text: say("not told"), kind: "untold" } : { text };
}

/**
 * @param {string} host
 * @returns {string}
 */
function hostText(host) {
  return host === "client" ? say("Client") : say("Server");
}

/**
 * @param {HTMLElement} cell
 * @param {LinkedRow} row
 */
function link(cell, { address = "", local_port }) {
  const known = cell.querySelector("a");
  if (address === "") return cell.replaceChildren();
  if (known?.getAttribute("href") === address) return undefined;
  return cell.replaceChildren(make("a", { href: address }, say("See them"), make("span", { class: "unseen" }, ` ${local_port}`)));
}

customElements.define("lv-sockets", LvSockets);
