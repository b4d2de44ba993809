// The keyboard and a presenter's remote: which key asks for what. templates/dashboard.html lists them for the reader.
// Knows nothing of the page: it is told where the focus is.

/** @import { State } from "./store.js" */
/** @import { Timeline } from "./timeline.js" */
/** @import { BrowserMessage } from "./messages.js" */

export const RATES = Object.freeze([0.25, 0.5, 1, 2, 4]);

/** What a presenter asks of the server; the rest of a browser's messages is the socket's own talk. */
/** @typedef {Exclude<BrowserMessage, { kind: "acknowledge" | "ask_snapshot" | "ping" }>} PresenterMessage */
/** @typedef {PresenterMessage | { kind: "fullscreen" } | { kind: "help" }} Wish */

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
export function toFirst(line) {
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
 * @param {{ key: string, shiftKey: boolean, ctrlKey: boolean, metaKey: boolean, altKey: boolean }} pressed
 * @param {{ state: State, timeline: Timeline, moving: boolean }} now
 * @returns {Wish | null}
 */
export function wish(pressed, { state, timeline, moving }) {
  if (pressed.ctrlKey || pressed.metaKey || pressed.altKey) return null;
  const frames = pressed.shiftKey;
  switch (pressed.key) {
    case " ": return playOrPause(state, moving);
    case "ArrowRight": return frames ? { kind: "move_frame", by: 1 } : { kind: "move_step", by: 1 };
    case "ArrowLeft": return frames ? { kind: "move_frame", by: -1 } : { kind: "move_step", by: -1 };
    case "PageDown": return { kind: "move_step", by: 1 };
    case "PageUp": return { kind: "move_step", by: -1 };
    case "]": return { kind: "move_frame", by: 1 };
    case "[": return { kind: "move_frame", by: -1 };
    case "Home": return toFirst(timeline);
    case "End": return { kind: "seek", instant_ms: timeline.endMs };
    case "+": case "=": return { kind: "set_rate", rate: rateBeside(state.playhead.rate, 1) };
    case "-": case "_": return { kind: "set_rate", rate: rateBeside(state.playhead.rate, -1) };
    case "f": case "F": return { kind: "fullscreen" };
    case "?": return { kind: "help" };
    default: return null;
  }
}

/** @typedef {"page" | "text" | "button" | "scroller"} Focus */

/**
 * Whether the focused element needs that key for itself.
 * @param {Focus} focus
 * @param {string} key
 * @returns {boolean}
 */
export function isTakenBy(focus, key) {
  switch (focus) {
    case "text": return true;
    case "button": return key === " " || key === "Enter";
    case "scroller": return key.startsWith("Arrow");
    case "page": return false;
  }
}
