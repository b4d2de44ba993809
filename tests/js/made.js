// Runs and frames that tests/js/made.py makes: whole and true, as the page is given them.

/** @import { PresenterMessage } from "../../static/js/core/keys.js" */
/** @import { Journey, Playhead, Run } from "../../static/js/core/messages.js" */

/** @typedef {{ wish: PresenterMessage, now_ms: number, before: Playhead, after: Playhead }} Press */

/** @type {string} */
const RUN = await (await fetch("/made/handshake.json")).text();
/** @type {Record<string, Journey>} */
const FRAMES = await (await fetch("/made/frames.json")).json();
/** @type {{ run: Run, presses: Press[] }} */
const ROAMED = await (await fetch("/made/roamed.json")).json();

/** @returns {{ run: Run, presses: Press[] }} a run, and many presses with the room's playhead before and after each */
export function roamed() {
  return structuredClone(ROAMED);
}

/** @returns {Run} one run of the lab, ARP first */
export function recorded() {
  return JSON.parse(RUN);
}

/**
 * The same without its first two frames, which are ARP's.
 * @returns {Run}
 */
export function connection() {
  const run = recorded();
  return { ...run, journeys: run.journeys.slice(2) };
}

/**
 * @param {string} name of tests/js/made.py
 * @returns {Journey}
 */
export function frame(name) {
  return structuredClone(/** @type {Journey} */ (FRAMES[name]));
}

/** @returns {[string, Journey][]} all of them by name, and the run's */
export function allFrames() {
  const told = recorded().journeys.map((each) => /** @type {[string, Journey]} */ ([`frame ${each.number}`, each]));
  return [...Object.entries(FRAMES), ...told];
}
