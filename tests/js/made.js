// Runs and frames that tests/js/made.py makes: whole and true, as the page is given them.

/** @import { Journey, Run } from "../../static/js/core/messages.js" */

/** @type {string} */
const RUN = await (await fetch("/made/handshake.json")).text();
/** @type {Record<string, Journey>} */
const FRAMES = await (await fetch("/made/frames.json")).json();

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
