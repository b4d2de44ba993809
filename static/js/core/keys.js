// The keyboard and a presenter's remote: which key asks for what. The page's help lists them for the reader.
// Knows nothing of the page: it is told where the focus is.

import { stopOnLayer } from "./timeline.js";
import { isHolding, isStartedHere } from "./words.js";

/** @import { Chosen, State } from "./store.js" */
/** @import { Timeline } from "./timeline.js" */
/** @import { BrowserMessage, Layer, Start } from "./messages.js" */

export const RATES = Object.freeze([0.25, 0.5, 1, 2, 4]);

/** @type {Readonly<Record<string, Layer>>} from the bottom of the stack to its top */
const LAYERS = Object.freeze({ 1: "physical", 2: "link", 3: "network", 4: "transport", 5: "application" });

/** What a presenter asks of the server; the rest of a browser's messages is the socket's own talk. */
/** @typedef {Exclude<BrowserMessage, { kind: "acknowledge" | "ask_snapshot" | "ping" }>} PresenterMessage */

/** What no server is asked for: `roam` and `catch_up` part a student's page from the class, and bring it back. */
/** @typedef {"fullscreen" | "enter_fullscreen" | "help" | "notes" | "overview" | "goto" | "faults" | "question" | "roam" | "catch_up" | "forget_wanted"} OwnWish */
/** @typedef {{ kind: "press", request: Start }} StudentWish */
/** @typedef {PresenterMessage | StudentWish | { kind: "show_cover", cover: "none" | "blank" } | { kind: "choose_order", chosen: Chosen | null } | { kind: OwnWish }} Wish */

/** @typedef {{ state: State, timeline: Timeline, moving: boolean, instantMs: number }} Now */

/**
 * The rate that is one notch faster (1) or slower (-1).
 * @param {number} rate
 * @param {1 | -1} by
 * @returns {number}
 */
export function rateBeside(rate, by) {
  const here = RATES.findIndex((each) => each >= rate);
  const index = Math.min(Math.max((here < 0 ? RATES.length - 1 : here) + by, 0), RATES.length - 1);
  return RATES[index] ?? 1;
}

/**
 * The request that takes the playhead to the first step's rest: seen from its start, "next" would skip that step.
 * @param {Timeline} line
 * @returns {PresenterMessage}
 */
function toFirst(line) {
  return { kind: "seek", instant_ms: line.steps[0]?.step.rest_ms ?? 0 };
}

/**
 * @param {State} state
 * @param {boolean} moving
 * @returns {PresenterMessage}
 */
export function playOrPause(state, moving) {
  return state.playhead.playing && moving ? { kind: "pause" } : { kind: "play" };
}

/**
 * What a key asks for, null where it is not ours.
 *
 * A remote sends PageDown and PageUp or the arrows, "b" or "." for a blank screen, and F5 or Shift+F5 and Escape by turns for
 * the key that begins and ends a slide show. Its user expects F5 to fill the screen, and the browser itself leaves full
 * screen at Escape. To reload there are Control+R and Control+F5, which are not ours.
 * @param {{ key: string, shiftKey: boolean, ctrlKey: boolean, metaKey: boolean, altKey: boolean }} pressed
 * @param {Now} now
 * @returns {Wish | null}
 */
export function wish(pressed, now) {
  if (pressed.ctrlKey || pressed.metaKey || pressed.altKey) return null;
  const key = pressed.key.length === 1 ? pressed.key.toLowerCase() : pressed.key;
  return moveWish(key, pressed.shiftKey, now) ?? ownWish(key) ?? rateOrCover(key, now.state);
}

/**
 * @param {string} key
 * @param {boolean} frames whether an arrow goes by frames
 * @param {Now} now
 * @returns {Wish | null}
 */
function moveWish(key, frames, now) {
  switch (key) {
    case " ": return playOrPause(now.state, now.moving);
    case "ArrowRight": return frames ? { kind: "move_frame", by: 1 } : next(now);
    case "ArrowLeft": return frames ? { kind: "move_frame", by: -1 } : { kind: "move_step", by: -1 };
    case "PageDown": case "n": return next(now);
    case "PageUp": case "p": return { kind: "move_step", by: -1 };
    case "]": return { kind: "move_frame", by: 1 };
    case "[": return { kind: "move_frame", by: -1 };
    case "Home": return toFirst(now.timeline);
    case "End": return { kind: "seek", instant_ms: now.timeline.endMs };
    default: return toLayer(LAYERS[key], now);
  }
}

/**
 * The next step; before the first run a remote has no other key with which to start one.
 * @param {Now} now
 * @returns {PresenterMessage}
 */
function next({ state, timeline }) {
  const isFirst = state.connected && timeline.steps.length === 0 && state.run?.ended === true && isStartedHere(state);
  return isFirst ? start(state, false) : { kind: "move_step", by: 1 };
}

/**
 * The run that Start plays: the plain handshake, or what the start desk has chosen.
 * @param {State} state
 * @param {boolean} cold
 * @returns {PresenterMessage}
 */
export function start({ chosen }, cold) {
  return { kind: "start", ...chosen?.order, cold };
}

/**
 * All frames that faults hold on the wire may go on; null where there are none.
 * @param {State} state
 * @returns {PresenterMessage | null}
 */
function letGo(state) {
  return isHolding(state) ? { kind: "let_go", held: 0 } : null;
}

/**
 * @param {Layer | undefined} layer
 * @param {Now} now
 * @returns {PresenterMessage | null}
 */
function toLayer(layer, { timeline, instantMs }) {
  const step = layer === undefined ? null : stopOnLayer(timeline, instantMs, layer);
  return step === null ? null : { kind: "seek", instant_ms: step.rest_ms };
}

/**
 * @param {string} key
 * @returns {Wish | null}
 */
function ownWish(key) {
  switch (key) {
    case "F5": return { kind: "enter_fullscreen" };
    case "f": return { kind: "fullscreen" };
    case "s": return { kind: "notes" };
    case "o": return { kind: "overview" };
    case "g": return { kind: "goto" };
    case "q": return { kind: "question" };
    case "w": return { kind: "faults" };
    case "?": return { kind: "help" };
    default: return null;
  }
}

/**
 * @param {string} key
 * @param {State} state
 * @returns {Wish | null}
 */
function rateOrCover(key, state) {
  const { cover, playhead } = state;
  switch (key) {
    case "l": return letGo(state);
    case "+": case "=": return { kind: "set_rate", rate: rateBeside(playhead.rate, 1) };
    case "-": case "_": return { kind: "set_rate", rate: rateBeside(playhead.rate, -1) };
    case "b": case ".": return cover === null ? null : { kind: "show_cover", cover: cover === "none" ? "blank" : "none" };
    default: return null;
  }
}

/** @typedef {"page" | "text" | "choice" | "button" | "scroller"} Focus */

const REMOTE_KEYS = ["PageDown", "PageUp", "F5"];

/**
 * Whether the focused element needs that key for itself. A remote's keys change no list that has the
 * focus, and go on with the lesson although somebody has just written a note.
 * @param {Focus} focus
 * @param {string} key
 * @returns {boolean}
 */
export function isTakenBy(focus, key) {
  switch (focus) {
    case "text": case "choice": return !REMOTE_KEYS.includes(key);
    case "button": return key === " " || key === "Enter";
    case "scroller": return key.startsWith("Arrow");
    case "page": return false;
  }
}
