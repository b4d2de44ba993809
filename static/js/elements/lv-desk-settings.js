// The hosts and the wire of an order: IP version, timers, delays, the server's port, and what a browser would ask for. A
// part of the start desk. It tells its parent what was changed; whether it can be played is said there.

import { MOST, browserAddress } from "../core/order.js";
import { say } from "../core/say.js";
import { make, setAttribute, setText } from "./make.js";

/** @import { Order } from "../core/messages.js" */

/** @typedef {Pick<Order, "ipv6" | "textbook" | "client_delay_ms" | "server_delay_ms" | "server_port">} Settings */

const QUICK_PORTS = ["80", "6789"];

export class LvDeskSettings extends HTMLElement {
  #ipv6 = make("input", { type: "checkbox" });
  #textbook = make("input", { type: "checkbox" });
  #clientDelay = wholeNumber("0", MOST.delayMs);
  #serverDelay = wholeNumber("0", MOST.delayMs);
  #port = wholeNumber("", MOST.port);
  #address = make("p", { class: "remark", id: "desk-address" });
  #server = server();
  #listeners = new AbortController();

  connectedCallback() {
    this.#listeners = new AbortController();
    this.addEventListener("input", () => this.#changed(), { signal: this.#listeners.signal });
    setAttribute(this.#port, "aria-describedby", this.#address.id);
    this.#port.placeholder = String(this.#server.port);
    this.replaceChildren(
      option(this.#ipv6, say("IPv6 in place of IPv4")),
      option(this.#textbook, say("Textbook timers: a SYN is repeated after 1, 2, 4, 8 s")),
      setting(say("Each frame of the client's is later by (ms)"), this.#clientDelay),
      setting(say("Each frame of the server's is later by (ms)"), this.#serverDelay),
      setting(say("The server's port"), this.#port, ...QUICK_PORTS.map((port) => this.#portButton(port))), this.#address,
    );
  }

  disconnectedCallback() {
    this.#listeners.abort();
  }

  /**
   * @param {string} port
   * @returns {HTMLElement}
   */
  #portButton(port) {
    const button = make("button", { type: "button", class: "plain" }, port);
    button.addEventListener("click", () => { this.#port.value = port; this.#changed(); });
    return button;
  }

  #changed() {
    /** @type {Settings} */
    const detail = {
      ipv6: this.#ipv6.checked, textbook: this.#textbook.checked,
      client_delay_ms: numberOf(this.#clientDelay), server_delay_ms: numberOf(this.#serverDelay), server_port: numberOf(this.#port),
    };
    this.dispatchEvent(new CustomEvent("lv-settings", { bubbles: true, detail }));
  }

  /**
   * @param {Order} order
   * @param {boolean} writes whether the fields are written again: not those in which somebody types
   */
  show(order, writes) {
    if (writes) this.#write(order);
    const { ipv4, ipv6, port: usual } = this.#server;
    const port = order.server_port || usual;
    setText(this.#address, addressText(browserAddress(order.ipv6 ? ipv6 : ipv4, port), port));
  }

  /** @param {Order} order */
  #write({ ipv6, textbook, client_delay_ms: client, server_delay_ms: server, server_port: port }) {
    [this.#ipv6.checked, this.#textbook.checked] = [ipv6, textbook];
    [this.#clientDelay.value, this.#serverDelay.value] = [String(client), String(server)];
    this.#port.value = port === 0 ? "" : String(port);
  }
}

/**
 * @param {string} address
 * @param {number} port
 * @returns {string}
 */
function addressText(address, port) {
  const values = { address };
  return port === 80
    ? say("Port 80 is the well-known port of HTTP and goes without saying: a browser would need {address}", values)
    : say("Without the port a browser would ask port 80, so it would need {address}", values);
}

/** @returns {{ ipv4: string, ipv6: string, port: number }} where the lab's server is found, as the page brings it */
function server() {
  return JSON.parse(document.querySelector("#server")?.textContent ?? "null");
}

/**
 * @param {HTMLInputElement} input
 * @param {string} words
 * @returns {HTMLElement}
 */
function option(input, words) {
  return make("label", { class: "option" }, input, make("span", {}, words));
}

/**
 * @param {string} words
 * @param {...HTMLElement} inputs
 * @returns {HTMLElement}
 */
function setting(words, ...inputs) {
  const [input = make("span"), ...more] = inputs;
  return make("div", { class: "setting" }, make("label", {}, make("span", {}, words), input), ...more);
}

/**
 * @param {string} value
 * @param {number} most
 * @returns {HTMLInputElement}
 */
function wholeNumber(value, most) {
  return make("input", { type: "number", inputmode: "numeric", step: "1", min: "0", max: String(most), value });
}

/**
 * @param {HTMLInputElement} input an empty one means none
 * @returns {number}
 */
function numberOf({ value, validity }) {
  if (validity.badInput) return NaN;
  return value.trim() === "" ? 0 : Number(value);
}

customElements.define("lv-desk-settings", LvDeskSettings);
