// A run's steps in one row on the story's clock, which of them is shown at an instant, and the arrows drawn by then.

import { travelled } from "./motion.js";
import { faultMarks } from "./words.js";

/** @import { Header, Journey, Layer, Playhead, Run, Side, States, Step, Wait } from "./messages.js" */

/**
 * One stop of the story. `first` is true for the first step of its frame.
 * @typedef {{ index: number, step: Step, journey: Journey, first: boolean }} Stop
 */

/**
 * @typedef {{ run: Run | null, steps: Stop[], endMs: number }} Timeline
 */

/** @type {WeakMap<Run, Timeline>} */
const known = new WeakMap();

/** @type {Timeline} */
export const EMPTY = Object.freeze({ run: null, steps: [], endMs: 0 });

/**
 * The same run object gives the same timeline object.
 * @param {Run | null} run
 * @returns {Timeline}
 */
export function timeline(run) {
  if (run === null) return EMPTY;
  const before = known.get(run);
  if (before !== undefined) return before;
  const made = laidOut(run);
  known.set(run, made);
  return made;
}

/**
 * @param {Run} run
 * @returns {Timeline}
 */
function laidOut(run) {
  /** @type {Stop[]} */
  const steps = [];
  for (const journey of run.journeys) {
    for (const step of journey.steps) {
      steps.push({ index: steps.length, step, journey, first: step === journey.steps[0] });
    }
  }
  return { run, steps, endMs: steps.at(-1)?.step.end_ms ?? 0 };
}

/**
 * The index of the step that is shown: the last one that has begun; -1 where there is none.
 * @param {Timeline} line
 * @param {number} instantMs
 * @returns {number}
 */
export function indexAt(line, instantMs) {
  let low = 0;
  let high = line.steps.length - 1;
  if (high < 0) return -1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (/** @type {Stop} */ (line.steps[middle]).step.start_ms <= instantMs) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * The stop that is shown, null where there is none.
 * @param {Timeline} line
 * @param {number} instantMs
 * @returns {Stop | null}
 */
export function stopAt(line, instantMs) {
  return line.steps[indexAt(line, instantMs)] ?? null;
}

/**
 * Where "next step" leads to, null at the end: behind the step that is on its way to its rest, else behind the one that
 * the instant is in. Where one step ends and the next begins it is the former, since nothing of the latter has been seen.
 * @param {Timeline} line
 * @param {Playhead} playhead
 * @param {number} instantMs
 * @returns {Stop | null}
 */
export function nextStop(line, playhead, instantMs) {
  const isGliding = playhead.playing && playhead.until_ms !== line.endMs;
  const standingMs = isGliding ? playhead.until_ms : instantMs;
  const index = indexAt(line, standingMs);
  const passing = (line.steps[index]?.step.start_ms ?? 0) < standingMs ? index : index - 1;
  return line.steps[Math.max(passing, -1) + 1] ?? null;
}

/**
 * The instant at which the shown step rests: what a reader who wants no motion sees in place of `instantMs`.
 * @param {Timeline} line
 * @param {number} instantMs
 * @returns {number}
 */
export function restAt(line, instantMs) {
  return stopAt(line, instantMs)?.step.rest_ms ?? instantMs;
}

/**
 * Milliseconds of a clock until a playhead that moves comes to the next step, or to where it stops.
 * @param {Timeline} line
 * @param {Playhead} playhead
 * @param {number} instantMs
 * @returns {number}
 */
export function untilNextStep(line, playhead, instantMs) {
  const next = line.steps.find(({ step }) => step.start_ms > instantMs)?.step.start_ms ?? Infinity;
  return Math.max(0, Math.min(next, playhead.until_ms) - instantMs) / playhead.rate;
}

/**
 * Where a key for that layer leads: to the next stop on it in this frame, else to the frame's first, else to the next one
 * in a later frame. Null where there is no other.
 * @param {Timeline} line
 * @param {number} instantMs
 * @param {Layer} layer
 * @returns {Step | null}
 */
export function stopOnLayer(line, instantMs, layer) {
  const here = line.steps[indexAt(line, instantMs)];
  if (here === undefined) return null;
  const others = line.steps.filter(({ step }) => step.layer === layer && step !== here.step);
  const inFrame = others.filter(({ journey }) => journey === here.journey);
  const isLater = (/** @type {Stop} */ { index }) => index > here.index;
  return (inFrame.find(isLater) ?? inFrame[0] ?? others.find(isLater))?.step ?? null;
}

/** @type {Side[]} */
const SIDES = ["client", "server"];

/**
 * One frame's arrow. `drawn` is how far it is on its way, half of it at most where the frame was `lost`. `began` and `changes` are the states at the start of the
 * frame, null where it has none, and those that came with it: `at` its tail (when it was sent) or its head (when it had arrived). `roomy` keeps
 * a line for them from the start, so that nothing jumps when they come. `marks` say in words what the wire did and the label does not, `damaged` that a bit of it came wrong,
 * `refused` that the receiver found that, `copied` that the wire made it, so that nobody has sent it. `repeats` is the frame that this one sends again, 0 for none, `waits` how long somebody waited before it.
 * `wayUs` is how long it was on its way, 0 where nobody knows. `findings` are those that the label does not name; `opens` where the frame is a SYN.
 * @typedef {{ side: Side, state: string, at: "tail" | "head", fresh: boolean }} Change
 * @typedef {{
 *   number: number, label: string, opens: boolean, findings: string[], timeUs: number, spanUs: number, sender: Side, drawn: number, lost: boolean,
 *   current: boolean, began: States | null, changes: Change[], roomy: boolean, marks: string[], damaged: boolean, refused: boolean, copied: boolean,
 *   repeats: number, waits: Wait[], wayUs: number,
 * }} Arrow
 */

/** Where a lost frame's arrow ends, and that of the wire's own copy begins. */
export const LOST_AT = 0.5;

/** @type {WeakMap<Timeline, Arrow[]>} */
const whole = new WeakMap();

/**
 * The arrows of all frames up to the one that is shown.
 * @param {Timeline} timeline
 * @param {number} index
 * @param {number} moved
 * @returns {Arrow[]}
 */
export function arrows(timeline, index, moved) {
  const now = timeline.steps[index];
  if (now === undefined) return [];
  const told = toldArrows(timeline);
  const at = told.findIndex(({ number }) => number === now.journey.number);
  return [...told.slice(0, at), currentArrow(timeline, index, moved)];
}

/**
 * Every frame's arrow once it has been told: made once for a timeline, because a run may have hundreds.
 * @param {Timeline} timeline
 * @returns {Arrow[]}
 */
function toldArrows(timeline) {
  const before = whole.get(timeline);
  if (before !== undefined) return before;
  const lasts = timeline.steps.filter(({ journey }, index) => timeline.steps[index + 1]?.journey !== journey);
  const made = lasts.map(({ index }) => ({ ...currentArrow(timeline, index, 1, -1), current: false }));
  whole.set(timeline, made);
  return made;
}

/**
 * The arrow of the frame that is shown at that step.
 * @param {Timeline} timeline
 * @param {number} index
 * @param {number} moved
 * @param {number} [freshAt] the step whose changes are new
 * @returns {Arrow}
 */
function currentArrow({ steps }, index, moved, freshAt = index) {
  const { journey } = /** @type {Stop} */ (steps[index]);
  const first = index - journey.steps.findIndex((step) => step === steps[index]?.step);
  const began = steps[first - 1]?.step.states ?? steps[first]?.step.states ?? null;
  const arrow = newArrow(journey, began, steps.at(-1)?.journey.time_us ?? 0);
  let states = began;
  for (const { step, index: at } of steps.slice(first, index + 1)) {
    if (step.half !== "down") arrow.drawn = step.half === "up" || at < index ? 1 : travelled(moved);
    arrow.changes.push(...changesOf(states, step, at === freshAt));
    states = step.states ?? states;
  }
  return { ...arrow, drawn: arrow.lost ? arrow.drawn * LOST_AT : arrow.drawn };
}

/**
 * @param {Journey} journey
 * @param {States | null} began
 * @param {number} spanUs of the whole run
 * @returns {Arrow}
 */
function newArrow(journey, began, spanUs) {
  const { number, arrow, time_us, sender, steps, headers, lost, findings } = journey;
  const roomy = began !== null
    && steps.some(({ states }) => states !== null && SIDES.some((side) => states[side] !== began[side]));
  const names = (findings ?? []).filter(({ told }) => told !== true).map(({ name }) => name);
  return {
    number, label: arrow, opens: isOpening(headers), findings: names, timeUs: time_us, spanUs, sender, drawn: 0, lost: lost === true, current: true, began,
    changes: [], roomy, ...fate(journey),
  };
}

/**
 * What the wire did to the frame, and what the frame has to do with an earlier one.
 * @param {Journey} journey
 * @returns {Pick<Arrow, "marks" | "damaged" | "refused" | "copied" | "repeats" | "waits" | "wayUs">}
 */
function fate(journey) {
  const { flipped_bit: flipped = null, refused_at: refused = null, copy_of: copyOf = 0, repeats = 0, waits = [], time_us: sentUs, arrived_us: arrivedUs = null } = journey;
  return {
    marks: copyOf > 0 ? [] : faultMarks(journey), damaged: flipped !== null, refused: refused !== null, copied: copyOf > 0, repeats,
    waits: waits.filter(({ was_ms: wasMs }) => wasMs !== null), wayUs: arrivedUs === null ? 0 : Math.max(0, arrivedUs - sentUs),
  };
}

const SYN = 2;

/**
 * @param {Header[]} headers
 * @returns {boolean}
 */
function isOpening(headers) {
  const flags = headers.find(({ protocol, quoted }) => protocol === "TCP" && quoted !== true)?.fields.find(({ name }) => name === "tcp.flags");
  return ((flags?.number ?? 0) & SYN) !== 0;
}

/**
 * @param {States | null} before
 * @param {Step} step
 * @param {boolean} fresh
 * @returns {Change[]}
 */
function changesOf(before, { states, half }, fresh) {
  if (before === null || states === null) return [];
  return SIDES.filter((side) => before[side] !== states[side]).map((side) => ({
    side, state: states[side], at: half === "up" ? "head" : "tail", fresh,
  }));
}
