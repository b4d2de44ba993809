// The diagram of TCP's states, drawn by the server from its table: here the present state of each end is marked.

import { stopAt } from "../core/timeline.js";
import { setText } from "./make.js";

/** @import { Side } from "../core/messages.js" */
/** @import { View } from "../live/player.js" */

/** @type {Side[]} */
const SIDES = ["client", "server"];

export class LvStates extends HTMLElement {
  /** @param {View} view */
  update({ timeline, instantMs }) {
    const states = stopAt(timeline, instantMs)?.step.states ?? null;
    for (const node of this.querySelectorAll("[data-state]")) {
      for (const side of SIDES) node.toggleAttribute(`data-${side}`, states?.[side] === node.getAttribute("data-state"));
    }
    const words = this.querySelector("[data-words]");
    const said = states === null ? "" : `Now the client is in ${states.client}, the server in ${states.server}.`;
    if (words instanceof HTMLElement) setText(words, said);
  }
}

customElements.define("lv-states", LvStates);
