// Ties the page together: messages change the state, the player draws it, elements and keys ask the server.

import "./elements/lv-caption.js";
import "./elements/lv-controls.js";
import "./elements/lv-ladder.js";
import "./elements/lv-scrubber.js";
import "./elements/lv-stack.js";
import "./elements/lv-status.js";
import "./elements/lv-table.js";
import "./elements/lv-wire.js";
import { initialState, reduce, withConnection, withNotice } from "./core/store.js";
import { Player } from "./live/player.js";
import { LiveSocket } from "./live/socket.js";
import { listenToKeys, toggleFullscreen, watchStillness } from "./live/window.js";

/** @import { Wish } from "./core/keys.js" */
/** @import { ServerMessage } from "./core/messages.js" */
/** @import { State } from "./core/store.js" */
/** @import { View } from "./live/player.js" */

/** @typedef {HTMLElement & { update(view: View): void }} LiveElement */

const COUNTDOWN_MS = 500;
const FOLLOWS = "This view follows. Use the keys in the dashboard window.";

const { signal } = new AbortController();
const isPresenting = document.body.dataset["page"] === "present";

let state = initialState();
const elements = [...document.querySelectorAll("*")].filter(isLive);
const player = new Player(state, () => socket.serverNow(), draw, signal);
const socket = new LiveSocket({
  path: document.body.dataset["socket"] ?? "/ws/show/",
  signal,
  onMessage: hear,
  onConnection: (connection) => change(withConnection(state, connection)),
});

document.addEventListener("lv-ask", (event) => fulfil(/** @type {CustomEvent<Wish>} */ (event).detail), { signal });
document.querySelector("#help-button")?.addEventListener("click", openHelp, { signal });
listenToKeys(() => player.view(), fulfil, signal);
if (!isPresenting) watchStillness(signal);
window.setInterval(() => { if (state.connection.phase === "lost") player.show(state); }, COUNTDOWN_MS);
player.show(state);

/** @param {ServerMessage} message */
function hear(message) {
  const wasWhole = !state.needsSnapshot;
  change(reduce(state, message));
  if (wasWhole && state.needsSnapshot) socket.send({ kind: "ask_snapshot" });
}

/** @param {State} next */
function change(next) {
  if (next === state) return;
  state = next;
  player.show(state);
}

/** @param {View} view */
function draw(view) {
  for (const element of elements) element.update(view);
}

/**
 * On the projector nothing but full screen can be asked for: a remote that is pointed at the wrong window is told so.
 * @param {Wish} wish
 */
function fulfil(wish) {
  if (wish.kind === "fullscreen") toggleFullscreen();
  else if (!isPresenting) change(withNotice(state, FOLLOWS, true));
  else if (wish.kind === "help") openHelp();
  else if (!socket.send(wish)) change(withNotice(state, "Not connected: nothing was sent. Try again in a moment."));
}

function openHelp() {
  const dialog = document.querySelector("dialog");
  if (dialog !== null && !dialog.open) dialog.showModal();
}

/**
 * @param {Element} element
 * @returns {element is LiveElement}
 */
function isLive(element) {
  return element.localName.startsWith("lv-") && "update" in element;
}
