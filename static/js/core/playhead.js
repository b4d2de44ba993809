// Where the shared playhead stands at a moment of the server's: the mirror of layersviz/core/playhead.py.
// Knows nothing of clocks: the server's time in milliseconds is an argument.

/** @import { Playhead } from "./messages.js" */

/**
 * The story instant at that server time, in milliseconds.
 * @param {Playhead} playhead
 * @param {number} nowMs
 * @returns {number}
 */
export function instantAt(playhead, nowMs) {
  if (!playhead.playing) return playhead.instant_ms;
  const passedMs = Math.max(0, nowMs - playhead.at_ms);
  return Math.min(playhead.instant_ms + passedMs * playhead.rate, playhead.until_ms);
}

/**
 * @param {Playhead} playhead
 * @param {number} nowMs
 * @returns {boolean}
 */
export function isMoving(playhead, nowMs) {
  return playhead.playing && instantAt(playhead, nowMs) < playhead.until_ms;
}
