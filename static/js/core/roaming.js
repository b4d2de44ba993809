// A student's own playhead over a run: the mirror of layersviz/rooms/shown_run.py `_moved`, rooms/timeline.py and core/playhead.py.
// Knows nothing of clocks: the server's time in milliseconds is an argument. tests/js/made.py holds it to the Python rules.

import { instantAt } from "./motion.js";
import { timeline } from "./timeline.js";

/** @import { PresenterMessage } from "./keys.js" */
/** @import { Playhead } from "./messages.js" */
/** @import { State } from "./store.js" */
/** @import { Stop, Timeline } from "./timeline.js" */

const SLOWEST = 0.25;
const FASTEST = 4;

/**
 * Where the playhead is after a press; the same object where the press changes nothing.
 * @param {Playhead} playhead
 * @param {PresenterMessage} wish
 * @param {Timeline} line
 * @param {number} nowMs
 * @returns {Playhead}
 */
export function roam(playhead, wish, line, nowMs) {
  if (wish.kind === "set_rate") return atRate(playhead, wish.rate, nowMs);
  if (line.steps.length === 0) return playhead;
  switch (wish.kind) {
    case "play": return play(playhead, line.endMs, nowMs);
    case "pause": return playhead.playing ? seek(playhead, instantAt(playhead, nowMs), nowMs) : playhead;
    case "seek": return seek(playhead, Math.min(wish.instant_ms, line.endMs), nowMs);
    case "move_step": case "move_frame": return moved(playhead, wish, line, nowMs);
    default: return playhead;
  }
}

/**
 * A roamer's run may still grow: a playhead that plays to the story's end goes on to the new end, from where it really is.
 * @param {State} before
 * @param {State} after one message later
 * @param {number} nowMs
 * @returns {State}
 */
export function grown(before, after, nowMs) {
  if (before.roam === null || after.roam === null || before.roam.run === after.roam.run) return after;
  const { playhead, run } = after.roam;
  const { endMs } = timeline(run);
  if (!playsTo(playhead, timeline(before.roam.run).endMs) || endMs === playhead.until_ms) return after;
  return { ...after, roam: { run, playhead: glide(playhead, instantAt(playhead, nowMs), endMs, nowMs) } };
}

/**
 * @param {Playhead} playhead
 * @param {{ kind: "move_step" | "move_frame", by: -1 | 1 }} wish
 * @param {Timeline} line
 * @param {number} nowMs
 * @returns {Playhead}
 */
function moved(playhead, { kind, by }, line, nowMs) {
  const standingMs = standingAt(playhead, line, nowMs);
  const passing = passingAt(line, standingMs);
  const stop = kind === "move_step" ? line.steps[Math.max(passing + by, 0)] : frameBeside(line, passing, by);
  if (stop === undefined) return playhead;
  if (by === 1) return glide(playhead, stop.step.start_ms, stop.step.rest_ms, nowMs);
  return seek(playhead, Math.min(stop.step.rest_ms, standingMs), nowMs);
}

/**
 * The instant that a press counts from: on the way to a step's rest, that rest, so that presses add up.
 * @param {Playhead} playhead
 * @param {Timeline} line
 * @param {number} nowMs
 * @returns {number}
 */
function standingAt(playhead, line, nowMs) {
  const isGliding = playhead.playing && !playsTo(playhead, line.endMs);
  return isGliding ? playhead.until_ms : instantAt(playhead, nowMs);
}

/**
 * The index of the step that the instant is in; -1 before the first. Where one step ends and the next begins it is the
 * former, since nothing of the latter has been seen yet.
 * @param {Timeline} line
 * @param {number} instantMs
 * @returns {number}
 */
function passingAt({ steps }, instantMs) {
  return steps.findLastIndex(({ step }) => step.start_ms < instantMs);
}

/**
 * The first stop of the frame that begins after that step; backwards of this frame, or of the one before where the step
 * is this frame's first.
 * @param {Timeline} line
 * @param {number} passing
 * @param {-1 | 1} by
 * @returns {Stop | undefined}
 */
function frameBeside({ steps }, passing, by) {
  if (by === 1) return steps.find(({ first, index }) => first && index > passing);
  return steps.findLast(({ first, index }) => first && index < passing) ?? steps[0];
}

/**
 * @param {Playhead} playhead
 * @param {number} endMs
 * @returns {boolean}
 */
function playsTo(playhead, endMs) {
  return playhead.playing && playhead.until_ms === endMs;
}

/**
 * Move on from here; from the start again where the end was reached.
 * @param {Playhead} playhead
 * @param {number} endMs
 * @param {number} nowMs
 * @returns {Playhead}
 */
function play(playhead, endMs, nowMs) {
  const hereMs = instantAt(playhead, nowMs);
  return glide(playhead, hereMs >= endMs ? 0 : hereMs, endMs, nowMs);
}

/**
 * @param {Playhead} playhead
 * @param {number} instantMs
 * @param {number} nowMs
 * @returns {Playhead}
 */
function seek(playhead, instantMs, nowMs) {
  return { ...playhead, instant_ms: instantMs, at_ms: nowMs, playing: false };
}

/**
 * @param {Playhead} playhead
 * @param {number} fromMs
 * @param {number} untilMs
 * @param {number} nowMs
 * @returns {Playhead}
 */
function glide(playhead, fromMs, untilMs, nowMs) {
  return { ...playhead, instant_ms: fromMs, at_ms: nowMs, playing: true, until_ms: untilMs };
}

/**
 * @param {Playhead} playhead
 * @param {number} rate
 * @param {number} nowMs
 * @returns {Playhead}
 */
function atRate(playhead, rate, nowMs) {
  const kept = Math.min(Math.max(rate, SLOWEST), FASTEST);
  return { ...playhead, instant_ms: instantAt(playhead, nowMs), at_ms: nowMs, rate: kept };
}
