// A live try: the lab's server binds a port, with the right to privileged ones or without it, and says what its kernel
// answered. The presenter presses, all who look see it.

import { LAST_PORT } from "../core/ports.js";
import { say } from "../core/say.js";
import { make, setText } from "./make.js";

/** @import { PortTried } from "../core/messages.js" */

export class LvBind extends HTMLElement {
  #limit = make("p");
  #port = make("input", { type: "number", id: "bind-port", inputmode: "numeric", min: "1", max: String(LAST_PORT), value: "80", required: "" });
  #tries = make("ol", { class: "tries", "aria-live": "polite" });
  #form = make("form", { class: "bind" },
    make("label", { for: "bind-port" }, say("Port")), this.#port,
    make("button", { class: "plain", type: "submit", value: "without" }, say("Bind it without the right")),
    make("button", { class: "plain", type: "submit", value: "with" }, say("Bind it with the right")));

  connectedCallback() {
    this.#form.addEventListener("submit", (event) => this.#ask(event));
    this.#form.hidden = this.dataset["presents"] === undefined;
    this.replaceChildren(this.#limit, this.#form, this.#tries);
  }

  /**
   * @param {number | null} unprivilegedFrom
   * @param {PortTried[]} tries the latest first
   */
  show(unprivilegedFrom, tries) {
    setText(this.#limit, unprivilegedFrom === null
      ? say("The lab's system does not say where the limit is.")
      : say("On the lab's server the limit is {port}, as its kernel says.", { port: unprivilegedFrom }));
    const texts = tries.map(triedText);
    if (texts.join("\n") !== [...this.#tries.children].map(({ textContent }) => textContent).join("\n")) {
      this.#tries.replaceChildren(...texts.map((text) => make("li", {}, text)));
    }
    this.hidden = false;
  }

  /** @param {SubmitEvent} event */
  #ask(event) {
    event.preventDefault();
    const right = /** @type {HTMLButtonElement | null} */ (event.submitter)?.value === "with";
    this.dispatchEvent(new CustomEvent("lv-try", { detail: { kind: "try_port", port: this.#port.valueAsNumber, right } }));
  }
}

/**
 * @param {PortTried} tried
 * @returns {string}
 */
function triedText({ port, right, number, error }) {
  const values = { port, error, number };
  if (number === 0) return right ? say("Port {port} with the right: bound.", values) : say("Port {port} without the right: bound.", values);
  return right
    ? say("Port {port} with the right: {error} (error {number}).", values)
    : say("Port {port} without the right: {error} (error {number}).", values);
}

customElements.define("lv-bind", LvBind);
