// A presenter's notes, one for each step: how a step is called, and what has been written and not been saved yet.
// Knows nothing of the page, of the server or of time.

/** @import { Timeline } from "./timeline.js" */

/**
 * `kept` is what the server has, `drafts` what it has not been told yet; both by the steps' keys.
 * @typedef {{ kept: Record<string, string>, drafts: Record<string, string> }} Notes
 */

/**
 * What the note of a step is kept under, "" where there is no such step: the same in every language and in every run in which
 * the frame does the same, such as 'SYN/ACK server 1, down transport 1'. In a capture file a frame has its own number.
 * @param {Timeline} line
 * @param {number} index of the step
 * @returns {string}
 */
export function noteKey({ run, steps }, index) {
  const stop = steps[index];
  if (run === null || stop === undefined) return "";
  const { journey, step } = stop;
  const alike = journey.steps.filter(({ half, layer, number }) => half === step.half && layer === step.layer && number <= step.number);
  return `${frameKey(run, journey)}, ${step.half} ${step.layer} ${alike.length}`;
}

/**
 * @param {NonNullable<Timeline["run"]>} run
 * @param {import("./messages.js").Journey} journey
 * @returns {string}
 */
function frameKey({ journeys, replay, source }, { kind, number, sender }) {
  if (source === "file") return `file ${replay?.recording ?? 0} ${replay?.conversation ?? 0} frame ${number}`;
  const alike = journeys.filter((each) => each.kind === kind && each.sender === sender && each.number <= number);
  return `${kind} ${sender} ${alike.length}`;
}

/**
 * @param {Notes} notes
 * @param {string} key
 * @returns {string}
 */
export function textOf({ kept, drafts }, key) {
  return (Object.hasOwn(drafts, key) ? drafts[key] : Object.hasOwn(kept, key) ? kept[key] : "") ?? "";
}

/**
 * Somebody has written; what is as it was before needs no saving.
 * @param {Notes} notes
 * @param {string} key
 * @param {string} text
 * @returns {Notes}
 */
export function written({ kept, drafts }, key, text) {
  const { [key]: _before, ...others } = drafts;
  return { kept, drafts: text === textOf({ kept, drafts: {} }, key) ? others : { ...others, [key]: text } };
}

/**
 * The server has kept that text, and says all that it has; what was written meanwhile is still to be saved.
 * @param {Notes} notes
 * @param {string} key
 * @param {string} text
 * @param {Record<string, string>} kept
 * @returns {Notes}
 */
export function saved({ drafts }, key, text, kept) {
  const { [key]: draft, ...others } = drafts;
  return { kept, drafts: draft === undefined || draft === text ? others : drafts };
}
