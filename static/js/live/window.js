// What the window adds: keys, full screen, and the pointer that hides when it lies still.

import { isTakenBy, wish } from "../core/keys.js";
import { stopAt } from "../core/timeline.js";

/** @import { Focus, Wish } from "../core/keys.js" */
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
    if (wished === null) return;
    event.preventDefault();
    if (event.repeat && (event.key === " " || event.timeStamp - lastMs < REPEAT_AFTER_MS)) return;
    lastMs = event.timeStamp;
    onWish(wished);
  }, { signal });
}

/**
 * @param {EventTarget | null} target
 * @returns {Focus}
 */
function focusOf(target) {
  if (!(target instanceof Element)) return "page";
  if (target.closest("button, summary, input[type=checkbox]") !== null) return "button";
  if (target.closest("input, select, textarea, [contenteditable]") !== null) return "text";
  return target.closest("[data-scroller]") === null ? "page" : "scroller";
}

/**
 * The address of a recording leads to the step that is seen: it can be sent to somebody, and a reload keeps the place.
 * @param {View} view
 */
export function keepPlaceInAddress({ timeline, instantMs }) {
  const stop = stopAt(timeline, instantMs);
  if (stop === null) return;
  const search = `?frame=${stop.journey.number}&step=${stop.step.number}`;
  if (location.search !== search) history.replaceState(null, "", search + location.hash);
}

export function toggleFullscreen() {
  if (document.fullscreenElement === null) document.documentElement.requestFullscreen().catch(() => {});
  else document.exitFullscreen().catch(() => {});
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
