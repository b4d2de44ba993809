// What the window adds: keys, full screen, the pointer that hides when it lies still, and what is kept from before a reload.

import { isTakenBy, wish } from "../core/keys.js";
import { language } from "../core/say.js";
import { stopAt } from "../core/timeline.js";

/** @import { Focus, Wish } from "../core/keys.js" */
/** @import { Choice, Chosen, State } from "../core/store.js" */
/** @import { View } from "./player.js" */

const STILL_AFTER_MS = 3000;
const REPEAT_AFTER_MS = 150;

/**
 * A key that is held down repeats thirty times a second: more than anyone can follow, and than the server takes.
 * @param {() => View} view
 * @param {(wish: Wish) => void} onWish
 * @param {AbortSignal} signal
 */
export function listenToKeys(view, onWish, signal) {
  let lastMs = 0;
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || document.querySelector("dialog[open]") !== null) return;
    if (isTakenBy(focusOf(event.target), event.key)) return;
    const wished = wish(event, view());
    if (wished === null || isReload(wished)) return;
    event.preventDefault();
    if (event.repeat && (event.key === " " || event.timeStamp - lastMs < REPEAT_AFTER_MS)) return;
    lastMs = event.timeStamp;
    onWish(wished);
  }, { signal });
}

/**
 * Nobody points a remote at a student's page: there F5 is the browser's own.
 * @param {Wish} wished
 * @returns {boolean}
 */
function isReload({ kind }) {
  return kind === "enter_fullscreen" && document.body.dataset["page"] === "join";
}

/**
 * @param {EventTarget | null} target
 * @returns {Focus}
 */
function focusOf(target) {
  if (!(target instanceof Element)) return "page";
  if (target.closest("button, summary, input[type=checkbox]") !== null) return "button";
  if (target.closest("select") !== null) return "choice";
  if (target.closest("input, textarea, [contenteditable]") !== null) return "text";
  return target.closest("[data-scroller]") === null ? "page" : "scroller";
}

/**
 * The address of a recording leads to the step that is seen: it can be sent to somebody, and a reload keeps the place.
 * @param {View} view
 */
export function keepPlaceInAddress({ timeline, instantMs }) {
  const stop = stopAt(timeline, instantMs);
  if (stop === null) return;
  const query = new URLSearchParams(location.search);
  query.set("frame", String(stop.journey.number));
  query.set("step", String(stop.step.number));
  if (location.search !== `?${query}`) history.replaceState(null, "", `?${query}${location.hash}`);
}

/**
 * A button in the head that was pressed with a pointer gives the focus back: the next Space is the stage's, not its own.
 * @param {AbortSignal} signal
 */
export function giveFocusBack(signal) {
  document.addEventListener("click", ({ detail, target }) => {
    const button = target instanceof Element ? target.closest(".head button") : null;
    if (detail > 0 && button instanceof HTMLElement) button.blur();
  }, { signal });
}

export function toggleFullscreen() {
  if (document.fullscreenElement === null) enterFullscreen();
  else document.exitFullscreen().catch(() => {});
}

/** A full screen stays one. */
export function enterFullscreen() {
  if (document.fullscreenElement === null) document.documentElement.requestFullscreen().catch(() => {});
}

/**
 * Marks the body as still after three seconds without a movement of the pointer.
 * @param {AbortSignal} signal
 */
export function watchStillness(signal) {
  let timer = 0;
  const moved = () => {
    document.body.toggleAttribute("data-still", false);
    window.clearTimeout(timer);
    timer = window.setTimeout(() => document.body.toggleAttribute("data-still", true), STILL_AFTER_MS);
  };
  document.addEventListener("pointermove", moved, { signal });
  signal.addEventListener("abort", () => window.clearTimeout(timer));
  moved();
}

/**
 * The body says what hides the picture, and whether the class is over. A blank reaches everybody, whoever looks around alone,
 * too; how to join hides nothing from those who have joined, once there is a run to look at.
 * @param {State} state
 */
export function showCover({ cover, run, connection }) {
  const { dataset } = document.body;
  const isOver = connection.phase === "ended";
  const hasJoined = dataset["page"] === "join" && cover === "invitation" && (run?.number ?? 0) > 0;
  const now = isOver || hasJoined ? "none" : cover;
  if (dataset["cover"] !== now) dataset["cover"] = now;
  document.body.toggleAttribute("data-ended", isOver);
  document.body.toggleAttribute("data-lost", connection.phase === "lost");
}

/**
 * Keeps the screen awake while the page is to be seen. A browser lets that go with each change of the tab, and has it at
 * all only where the connection is secure: elsewhere nothing happens.
 * @param {AbortSignal} signal
 */
export function stayAwake(signal) {
  if (!("wakeLock" in navigator)) return;
  const hold = () => { if (!document.hidden) navigator.wakeLock.request("screen").catch(() => {}); };
  document.addEventListener("visibilitychange", hold, { signal });
  hold();
}

/** A choice names a field by its label, too, and that is in the page's language. */
const CHOICE = `layersviz-choice-${language()}`;

/** @returns {string | null} the choice as it was kept before a reload */
export function keptChoice() {
  try {
    return sessionStorage.getItem(CHOICE);
  } catch {
    return null;
  }
}

/** @param {Choice | null} choice */
export function keepChoice(choice) {
  try {
    if (choice === null) sessionStorage.removeItem(CHOICE);
    else sessionStorage.setItem(CHOICE, JSON.stringify(choice));
  } catch { /* a browser that keeps nothing: the choice holds until the page is left */ }
}

/** @returns {boolean} whether the presenter's notes were open before a reload (elements/lv-notes.js keeps it) */
export function hasOpenNotes() {
  try {
    return sessionStorage.getItem("layersviz-notes-open") !== null;
  } catch {
    return false;
  }
}

const ORDER = "layersviz-order";

/** @returns {boolean} whether something was chosen at the start desk before a reload (elements/lv-faults.js reads it) */
export function hasChosenOrder() {
  try {
    return sessionStorage.getItem(ORDER) !== null;
  } catch {
    return false;
  }
}

/**
 * @param {Chosen | null} chosen
 * @returns {Chosen | null} the same
 */
export function keepOrder(chosen) {
  try {
    if (chosen === null) sessionStorage.removeItem(ORDER);
    else sessionStorage.setItem(ORDER, JSON.stringify(chosen.order));
  } catch { /* a browser that keeps nothing: it holds until the page is left */ }
  return chosen;
}

const WINDOW = "layersviz-window", LEFT = "layersviz-window-left";

let ownName = "";

/**
 * This window's own name, the same after a reload: the server knows by it which of the presenter's windows leads.
 * A duplicate of a window gets a copy of its storage while the page is still there: it takes a name of its own.
 * @returns {string}
 */
export function windowName() {
  if (ownName === "") ownName = keptName() ?? madeName();
  try {
    sessionStorage.setItem(WINDOW, ownName);
  } catch { /* a browser that keeps nothing: the name holds until the page is left */ }
  return ownName;
}

/**
 * The name from before a reload, or of the page that was left in this window for this one.
 * @returns {string | null}
 */
function keptName() {
  const [navigation] = performance.getEntriesByType("navigation");
  const isBack = navigation instanceof PerformanceNavigationTiming && ["reload", "back_forward"].includes(navigation.type);
  try {
    const wasLeft = sessionStorage.getItem(LEFT) !== null;
    sessionStorage.removeItem(LEFT);
    window.addEventListener("pagehide", () => sessionStorage.setItem(LEFT, "yes"));
    window.addEventListener("pageshow", () => sessionStorage.removeItem(LEFT));
    return isBack || wasLeft ? sessionStorage.getItem(WINDOW) : null;
  } catch {
    return null;
  }
}

/** @returns {string} */
function madeName() {
  return crypto.randomUUID?.() ?? Array.from(crypto.getRandomValues(new Uint32Array(4)), (each) => each.toString(16)).join("-");
}

/**
 * Where the page's websocket is: the server is told which window this is, and in which language it reads.
 * @param {string} search of a recording's page: the place that its address names
 * @returns {string}
 */
export function socketPath(search) {
  const query = new URLSearchParams(search);
  query.set("window", windowName());
  query.set("language", document.documentElement.lang || "en");
  return `${document.body.dataset["socket"] ?? ""}?${query}`;
}
