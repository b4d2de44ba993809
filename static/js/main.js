// Ties the page together: messages change the state, the player draws it, elements and keys ask the server.

import "./elements/lv-ladder.js";
import "./elements/lv-stack.js";
import "./elements/lv-status.js";
import "./elements/lv-wire.js";
import { styled } from "./elements/make.js";
import { say } from "./core/say.js";
import { isAsked, isHolding, isLed } from "./core/words.js";
import { initialState, reduce, withChoice, withConnection, withNotice, withRoam } from "./core/store.js";
import { Player } from "./live/player.js";
import { LiveSocket } from "./live/socket.js";
import {
  enterFullscreen, giveFocusBack, hasChosenOrder, hasOpenNotes, keepChoice, keepOrder, keepPlaceInAddress, keptChoice, listenToKeys, showCover, socketPath, stayAwake,
  toggleFullscreen, watchStillness, windowName,
} from "./live/window.js";

/** @import { PresenterMessage, Wish } from "./core/keys.js" */
/** @import { ServerMessage } from "./core/messages.js" */
/** @import { Choice, State } from "./core/store.js" */
/** @import { View } from "./live/player.js" */

/** @typedef {HTMLElement & { update(view: View): void }} LiveElement */

const COUNTDOWN_MS = 500;
const COUNTED_MS = 2500; // so long after its start a page may not know yet that another window leads
const WANTED_MS = 60_000;
const inspector = document.querySelector("#inspector");
const FOLLOWS = say("This view follows. Use the keys in the presenter's window.");
const LOOK_AROUND = say("You follow the class. To move on your own, press “Look around”.");
const BLANKED = say("The presenter has blanked the screens.");
const NO_FRAMES = say("There are no frames yet.");
const NOT_CONNECTED = say("Not connected: nothing was sent. Try again in a moment.");

const { signal } = new AbortController();
const isRecording = document.body.dataset["recording"] !== undefined;
const isPresenting = document.body.dataset["page"] === "present";
const isStudents = document.body.dataset["page"] === "join";

const presentsClass = isPresenting && !isRecording;

/** @type {Set<{ isDue(state: State): boolean, come(): Promise<unknown> }>} */
const LATE = new Set([
  { isDue: isAsked, come: () => (isPresenting ? openQuestions(true) : askedElement()) },
  { isDue: isHolding, come: () => import("./elements/lv-held.js") },
  { isDue: ({ run }) => run?.order?.scene === "side-by-side", come: () => import("./elements/lv-beside.js") },
  { isDue: ({ run }) => Boolean(run?.ending), come: async () => { endings = await import("./core/ending.js"); } },
]);

let state = initialState(windowName());
/** @type {import("./live/notebook.js").Notebook | null} there from the first time that the presenter opens the notes */
let notebook = null;
/** @type {typeof import("./core/roaming.js") | null} there from the first time that a student looks around */
let roaming = null;
/** @type {typeof import("./core/ending.js") | null} there from the first run on whose end is known */
let endings = null;
/** @type {Promise<unknown> | null} */
let opening = null;
let elements = liveElements();
const player = new Player(state, () => socket.serverNow(), draw, signal);
const socket = new LiveSocket({
  path: () => socketPath(isRecording ? location.search : ""),
  signal,
  onMessage: hear,
  onConnection: (connection) => change(withConnection(state, connection)),
});

document.addEventListener("lv-ask", (event) => fulfil(/** @type {CustomEvent<Wish>} */ (event).detail), { signal });
document.querySelector("#help-button")?.addEventListener("click", openHelp, { signal });
document.querySelector("#questions-button")?.addEventListener("click", () => fulfil({ kind: "question" }), { signal });
listenToKeys(() => player.view(), fulfil, signal);
if (isPresenting) giveFocusBack(signal);
else watchStillness(signal);
if (document.body.dataset["page"] === "show") stayAwake(signal);
if (isPresenting) void bring(import("./elements/lv-controls.js"), import("./elements/lv-scrubber.js"), recall());
if (presentsClass) void startLeading();
if (isStudents) void bring(import("./elements/lv-follow.js"));
window.setInterval(() => { if (state.connection.phase === "lost" || state.roam !== null || isHolding(state) || endings?.isCounting(state.run)) player.show(state); }, COUNTDOWN_MS);
player.show(state);
if (inspector !== null) waitForInspector(inspector);
bringTheRest();

/** @param {ServerMessage} message */
function hear(message) {
  const wasWhole = !state.needsSnapshot;
  const next = reduce(state, message);
  change(roaming?.grown(state, next, socket.serverNow()) ?? next);
  if (wasWhole && state.needsSnapshot) socket.send({ kind: "ask_snapshot" });
}

/** @param {State} next */
function change(next) {
  if (next === state) return;
  state = next;
  player.show(state);
  bringLate();
  if (state.wanted !== null) askForWanted(state.wanted);
}

/** Elements that come when there is something for them to show for the first time. */
function bringLate() {
  for (const each of [...LATE]) {
    if (!each.isDue(state)) continue;
    LATE.delete(each);
    void bring(each.come());
  }
}

/** What stands below the stage. A lesson has a text of its own to read first: there it comes when somebody scrolls down. */
function bringTheRest() {
  const come = () => bring(import("./elements/lv-states.js"), import("./elements/lv-table.js"));
  if (document.body.dataset["lesson"] === undefined) return void come();
  const watch = new IntersectionObserver((entries) => {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
    watch.disconnect();
    void come();
  });
  for (const section of document.querySelectorAll("#states, #table")) watch.observe(section);
}

/** What was chosen at the start desk before a reload: Start plays nothing else meanwhile. */
async function recall() {
  if (presentsClass && hasChosenOrder()) (await startDesk()).recall();
}

/** @returns {Promise<typeof import("./elements/lv-faults.js")>} */
async function startDesk() {
  await Promise.all([import("./elements/lv-fault-editor.js"), import("./elements/lv-desk-settings.js")]);
  return import("./elements/lv-faults.js");
}

/** @param {View} view */
function draw(view) {
  if (isRecording) keepPlaceInAddress(view);
  showCover(state);
  const told = endings === null ? view : { ...view, ending: endings.endingOf(view) };
  for (const element of elements) element.update(told);
}

/**
 * Elements that not every page needs, or not from its start.
 * @param {...Promise<unknown>} coming
 */
async function bring(...coming) {
  await Promise.all(coming);
  elements = liveElements();
  player.show(state);
}

/**
 * What concerns this window alone is done here; all else is the presenter's, or a roaming student's own.
 * @param {Wish} wish
 */
function fulfil(wish) {
  switch (wish.kind) {
    case "fullscreen": return toggleFullscreen();
    case "enter_fullscreen": return enterFullscreen();
    case "roam": return void startRoaming();
    case "catch_up": return change(withRoam(state, null));
    case "forget_wanted": return change({ ...state, wanted: null });
    case "stand": case "which_questions": return void socket.send(wish);
    case "reply": return send(wish);
    case "question": return isPresenting ? void openQuestions() : undefined;
    case "press": return send(wish.request);
    case "notes": return presentsClass ? void openNotes() : undefined;
    case "faults": return presentsClass ? void openLate(startDesk()) : undefined;
    case "choose_order": return change({ ...state, chosen: keepOrder(wish.chosen) });
    case "let_go": return presentsClass || state.allowed.includes("let_go") ? send(wish) : undefined;
    case "stop_run": return presentsClass ? send(wish) : undefined;
    default:
      if (isStudents && state.cover === "blank") return change(withNotice(state, BLANKED, true));
      return isPresenting || state.roam !== null ? move(wish) : change(withNotice(state, isStudents ? LOOK_AROUND : FOLLOWS, true));
  }
}

/** @param {Exclude<Wish, { kind: "fullscreen" | "enter_fullscreen" | "notes" | "faults" | "question" | "reply" | "which_questions" | "choose_order" | "let_go" | "stop_run" | "roam" | "catch_up" | "forget_wanted" | "stand" | "press" }>} wish */
function move(wish) {
  switch (wish.kind) {
    case "help": return openHelp();
    case "overview": return void openLate(import("./elements/lv-overview.js"));
    case "goto": return void openLate(import("./elements/lv-goto.js"));
    default: return state.roam === null ? send(/** @type {PresenterMessage} */ (wish)) : roam(/** @type {PresenterMessage} */ (wish));
  }
}

/** @param {PresenterMessage} wish */
function send(wish) {
  if (!socket.send(wish) && state.connection.phase !== "ended") change(withNotice(state, NOT_CONNECTED));
}

/** A student's page is still where the class is, and goes its own way from there. */
async function startRoaming() {
  if (!isStudents || state.cover === "blank") return;
  if (player.view().timeline.steps.length === 0) return change(withNotice(state, NO_FRAMES, true));
  void bring(import("./elements/lv-controls.js"), import("./elements/lv-scrubber.js"));
  roaming ??= await import("./core/roaming.js");
  const { state: { playhead }, timeline } = player.view();
  if (state.roam === null) change(withRoam(state, roaming.roam(playhead, { kind: "pause" }, timeline, socket.serverNow())));
}

/** @param {PresenterMessage} wish */
function roam(wish) {
  const { state: { playhead }, timeline } = player.view();
  if (roaming !== null) change(withRoam(state, roaming.roam(playhead, wish, timeline, socket.serverNow())));
}

/** What the presenter of a class has beside a stage's controls. */
async function startLeading() {
  document.querySelector("#notes-button")?.addEventListener("click", () => fulfil({ kind: "notes" }), { signal });
  document.addEventListener("lv-people", () => void openLate(import("./elements/lv-people.js")), { signal });
  await bring(import("./elements/lv-presenter.js"));
  if (hasOpenNotes()) void openNotes(true);
  if (location.search === "") return;
  const wanted = (await import("./live/showing.js")).wantedRecording();
  if (wanted === null) return;
  change({ ...state, wanted });
  window.setTimeout(() => fulfil({ kind: "forget_wanted" }), WANTED_MS);
  window.setTimeout(() => { if (state.wanted !== null) askForWanted(state.wanted); }, COUNTED_MS);
}

/**
 * As soon as it is known that no other window leads; it is forgotten after a minute, or when something was refused.
 * @param {PresenterMessage} wish
 */
function askForWanted(wish) {
  if (!state.connected || state.needsSnapshot || state.interrupted !== "" || state.attendance === null || isLed(state)) return;
  const isLeader = state.leader === "" || state.leader === state.window;
  if (!isLeader && performance.now() < COUNTED_MS) return;
  change({ ...state, wanted: null });
  send(wish);
}

/** @param {boolean} [isOpen] whether to open them, else it is the other way round than before */
async function openNotes(isOpen) {
  const [{ Notebook }, { open, refresh }] = await Promise.all([import("./live/notebook.js"), import("./elements/lv-notes.js")]);
  const { notes = "", csrf = "" } = document.body.dataset;
  notebook ??= new Notebook({ address: notes, token: csrf, signal, onChange: refresh });
  await open(player.view(), notebook, isOpen);
  elements = liveElements();
}

/**
 * A dialog that few open: it comes when it is asked for, and is told like all other elements from then on.
 * @param {Promise<{ open: (view: View) => Promise<void> }>} coming
 */
async function openLate(coming) {
  await (await coming).open(player.view());
  elements = liveElements();
}

/** What a student answers by, or what the projector and the presenter see of it. */
async function askedElement() {
  const { come } = await (isStudents || isRecording ? import("./elements/lv-predict.js") : import("./elements/lv-question.js"));
  await come();
}

/** @param {boolean} [isOpen] whether to open the strip, else it is the other way round than before */
async function openQuestions(isOpen) {
  await askedElement();
  const { open } = await import("./elements/lv-ask.js");
  await open(player.view(), isOpen);
  elements = liveElements();
}

function openHelp() {
  /** @type {HTMLDialogElement | null} */
  const dialog = document.querySelector("dialog#help");
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
  document.addEventListener("lv-choose", (event) => {
    come();
    choose(/** @type {CustomEvent<Choice | null>} */ (event).detail);
  }, { signal });
  document.addEventListener("keydown", giveUp, { signal });
  if (keptChoice() !== null) come();
}

/** @param {Element} section */
function openInspector(section) {
  opening ??= Promise.all([
    styled(/** @type {HTMLElement} */ (section).dataset["style"] ?? ""), import("./core/inspector.js"),
    import("./core/inspector-stage.js"),
  ]).then(async ([, { read }, { lineField }]) => {
    await Promise.all([
      import("./elements/lv-table.js"), import("./elements/lv-inspector.js"), import("./elements/lv-inspector-fields.js"),
      import("./elements/lv-inspector-octets.js"), import("./elements/lv-inspector-diagram.js"),
      import("./elements/lv-inspector-lens.js"),
    ]);
    elements = liveElements();
    /** @type {import("./elements/lv-table.js").LvTable | null} */ (document.querySelector("lv-table"))?.makeChoosable(lineField);
    state = withChoice(state, state.choice ?? read(keptChoice()));
    player.show(state);
  });
  return opening;
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

/** @param {Choice | null} choice */
function choose(choice) {
  keepChoice(choice);
  change(withChoice(state, choice));
}

/** @param {KeyboardEvent} event */
function giveUp(event) {
  if (event.key === "Escape" && state.choice !== null && document.querySelector("dialog[open]") === null) choose(null);
}

/** @returns {LiveElement[]} */
function liveElements() {
  return [...document.querySelectorAll("*")].filter(isLive);
}

/**
 * @param {Element} element
 * @returns {element is LiveElement}
 */
function isLive(element) {
  return element.localName.startsWith("lv-") && "update" in element;
}
