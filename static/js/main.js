// Ties the page together: messages change the state, the player draws it, elements and keys ask the server.

import "./elements/lv-caption.js";
import "./elements/lv-controls.js";
import "./elements/lv-ladder.js";
import "./elements/lv-scrubber.js";
import "./elements/lv-stack.js";
import "./elements/lv-states.js";
import "./elements/lv-status.js";
import "./elements/lv-table.js";
import "./elements/lv-wire.js";
import { initialState, reduce, withChoice, withConnection, withNotice } from "./core/store.js";
import { Player } from "./live/player.js";
import { LiveSocket } from "./live/socket.js";
import { keepPlaceInAddress, listenToKeys, toggleFullscreen, watchStillness } from "./live/window.js";

/** @import { Wish } from "./core/keys.js" */
/** @import { ServerMessage } from "./core/messages.js" */
/** @import { Choice, State } from "./core/store.js" */
/** @import { View } from "./live/player.js" */

/** @typedef {HTMLElement & { update(view: View): void }} LiveElement */

const COUNTDOWN_MS = 500;
const CHOICE = "layersviz-choice";
const inspector = document.querySelector("#inspector");
const FOLLOWS = "This view follows. Use the keys in the dashboard window.";

const { signal } = new AbortController();
const isRecording = document.body.dataset["recording"] !== undefined;
const isPresenting = document.body.dataset["page"] === "present";

let state = initialState();
/** @type {Promise<unknown> | null} */
let opening = null;
let elements = [...document.querySelectorAll("*")].filter(isLive);
const player = new Player(state, () => socket.serverNow(), draw, signal);
const socket = new LiveSocket({
  path: () => (document.body.dataset["socket"] ?? "/ws/show/") + (isRecording ? location.search : ""),
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
if (inspector !== null) waitForInspector(inspector);

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
  if (isRecording) keepPlaceInAddress(view);
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
 * The inspector is fetched when somebody comes near it: with a pointer on the stage, with Tab, by scrolling down to it,
 * or with a choice that is kept from before a reload.
 * @param {Element} section
 */
function waitForInspector(section) {
  const near = new AbortController();
  const come = () => { near.abort(); void openInspector(section); };
  const stage = document.querySelector("#stage");
  for (const sign of ["pointerover", "pointerdown"]) stage?.addEventListener(sign, come, { signal: near.signal });
  stage?.addEventListener("click", (event) => clickAgain(/** @type {MouseEvent} */ (event)), { signal });
  document.addEventListener("keydown", ({ key }) => { if (key === "Tab") come(); }, { signal: near.signal });
  const watch = new IntersectionObserver(
    (entries) => { if (entries.some(({ isIntersecting }) => isIntersecting)) come(); }, { rootMargin: "-16px" },
  );
  watch.observe(section);
  near.signal.addEventListener("abort", () => watch.disconnect());
  document.addEventListener("lv-choose", (event) => choose(/** @type {CustomEvent<Choice | null>} */ (event).detail), { signal });
  document.addEventListener("keydown", giveUp, { signal });
  if (kept() !== null) come();
}

/** @param {Element} section */
function openInspector(section) {
  opening ??= Promise.all([
    styled(/** @type {HTMLElement} */ (section).dataset["style"] ?? ""), import("./core/inspector.js"),
    import("./core/inspector-stage.js"),
  ]).then(async ([, { read }, { lineField }]) => {
    await Promise.all([
      import("./elements/lv-inspector.js"), import("./elements/lv-inspector-fields.js"),
      import("./elements/lv-inspector-octets.js"), import("./elements/lv-inspector-diagram.js"),
      import("./elements/lv-inspector-lens.js"),
    ]);
    elements = [...document.querySelectorAll("*")].filter(isLive);
    /** @type {import("./elements/lv-table.js").LvTable | null} */ (document.querySelector("lv-table"))?.makeChoosable(lineField);
    state = withChoice(state, state.choice ?? read(kept()));
    player.show(state);
  });
  return opening;
}

/**
 * @param {string} href
 * @returns {Promise<void>} once the sheet is there, or is known not to come
 */
function styled(href) {
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
  return new Promise((done) => {
    link.addEventListener("load", () => done());
    link.addEventListener("error", () => done());
    document.head.append(link);
  });
}

/**
 * A touch may come before the inspector has: it counts once it is there.
 * @param {MouseEvent} event
 */
async function clickAgain({ clientX, clientY, target }) {
  if (target instanceof Element && target.closest("lv-inspector-lens, lv-inspector-wave") !== null) return;
  await opening;
  await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
  const lens = document.elementFromPoint(clientX, clientY)?.closest("lv-inspector-lens, lv-inspector-wave");
  lens?.dispatchEvent(new MouseEvent("click", { clientX, clientY }));
}

/** @returns {string | null} what was chosen before a reload */
function kept() {
  try {
    return sessionStorage.getItem(CHOICE);
  } catch {
    return null;
  }
}

/** @param {Choice | null} choice */
function choose(choice) {
  try {
    if (choice === null) sessionStorage.removeItem(CHOICE);
    else sessionStorage.setItem(CHOICE, JSON.stringify(choice));
  } catch { /* a browser that keeps nothing: the choice holds until the page is left */ }
  change(withChoice(state, choice));
}

/** @param {KeyboardEvent} event */
function giveUp(event) {
  if (event.key === "Escape" && state.choice !== null && document.querySelector("dialog[open]") === null) choose(null);
}

/**
 * @param {Element} element
 * @returns {element is LiveElement}
 */
function isLive(element) {
  return element.localName.startsWith("lv-") && "update" in element;
}
