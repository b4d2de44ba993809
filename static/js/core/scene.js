// What is where on the stage at one instant: a plain object, the same for the same instant however it was reached.
// Knows nothing of pixels, of the page or of clocks: amounts are 0 to 1, places on the wire are bits.

import { signal } from "./bits.js";
import { blankHost, hostScene } from "./host.js";
import { PHASES, phase, progress, travelled } from "./motion.js";
import { arrows, indexAt } from "./timeline.js";

/** @import { Hosts, Journey, Side, Step } from "./messages.js" */
/** @import { Arrow, Stop, Timeline } from "./timeline.js" */
/** @import { HostScene } from "./host.js" */

/**
 * `lead` is how far the first bit has come from the sender's plug to the marker in the middle, `bit` the place under
 * the marker, `tail` how far the last bit has gone on from the marker to the receiver's plug. A `lost` frame ends at the
 * marker; it is `gone` once its last bit has come there. One that the wire `copied` begins at the marker.
 * @typedef {{ journey: Journey, lead: number, bit: number, tail: number, crossing: boolean, lost: boolean, gone: boolean, copied: boolean }} WireScene
 */

/**
 * `arrival` is how far the newest arrow has been given its place. `whole` once the story is told.
 * @typedef {{ arrows: Arrow[], arrival: number, whole: boolean }} LadderScene
 */

/**
 * `index` is the step's, -1 before the first run. `focus` is the host that a narrow page opens, null while bits cross.
 * @typedef {{
 *   index: number, journey: Journey | null, step: Step | null, simulated: boolean, focus: Side | null,
 *   hosts: { client: HostScene, server: HostScene }, wire: WireScene | null, ladder: LadderScene,
 * }} Scene
 */

/**
 * @param {Timeline} timeline
 * @param {number} instantMs
 * @returns {Scene}
 */
export function scene(timeline, instantMs) {
  const index = indexAt(timeline, instantMs);
  const stop = timeline.steps[index];
  if (stop === undefined) return emptyScene(timeline);
  const moved = progress(stop.step, instantMs);
  const whole = timeline.run?.ended === true && index === timeline.steps.length - 1 && moved === 1;
  return {
    index,
    journey: stop.journey,
    step: stop.step,
    simulated: timeline.run?.source === "simulated",
    focus: stop.step.side,
    hosts: {
      client: hostScene(timeline, index, moved, "client"),
      server: hostScene(timeline, index, moved, "server"),
    },
    wire: wireScene(stop, moved),
    ladder: { arrows: arrows(timeline, index, moved), arrival: stop.first ? phase(moved, PHASES.carry) : 1, whole },
  };
}

/**
 * @param {Timeline} timeline
 * @returns {Scene}
 */
function emptyScene({ run }) {
  return {
    index: -1,
    journey: null,
    step: null,
    simulated: run?.source === "simulated",
    focus: "client",
    hosts: { client: blankHost(run, "client"), server: blankHost(run, "server") },
    wire: null,
    ladder: { arrows: [], arrival: 1, whole: false },
  };
}

/**
 * @param {Stop} stop
 * @param {number} moved
 * @returns {WireScene}
 */
function wireScene({ step, journey }, moved) {
  const atPlug = step.layer === "physical";
  const { bits } = signal(journey);
  const still = { journey, lost: journey.lost === true, gone: false, copied: (journey.copy_of ?? 0) > 0 };
  switch (step.half) {
    case "down":
      return { ...still, crossing: false, lead: atPlug ? phase(moved, PHASES.leave) : 0, bit: 0, tail: 0 };
    case "wire":
      return { ...still, crossing: true, lead: 1, bit: travelled(moved) * bits, tail: 0, gone: still.lost && moved === 1 };
    case "up":
      return { ...still, crossing: false, lead: 1, bit: bits, tail: atPlug ? phase(moved, PHASES.arrive) : 1 };
  }
}

/**
 * @param {WireScene | null} wire
 * @returns {wire is WireScene} whether bits are on it
 */
export function isCarrying(wire) {
  return wire !== null && wire.lead > 0 && wire.tail < 1 && !wire.gone;
}
