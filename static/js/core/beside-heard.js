// What the server's program really read in one lane, call by call, as it said itself when the run was over.

import { decimal, number, say } from "./say.js";

/** @import { Heard, Journey, Run } from "./messages.js" */

/**
 * Microseconds from the lane's first frame on. `messages` are what the client sent, each once.
 * @typedef {{ heard: Heard, reads: { text: string, atUs: number }[], messages: string[] }} HeardInLane
 */

/** @type {Intl.NumberFormatOptions} */
const ONE_PLACE = { minimumFractionDigits: 1, maximumFractionDigits: 1 };

/**
 * @param {Run} run
 * @param {"tcp" | "udp"} key
 * @param {number} zeroUs the lane's first frame, counted from the run's
 * @param {string[]} messages
 * @returns {HeardInLane | null} null where the program did not say it
 */
export function heardInLane({ ending, journeys: [first] }, key, zeroUs, messages) {
  const heard = ending?.heard.find(({ side, transport }) => side === "server" && transport === key);
  if (heard === undefined || first === undefined) return null;
  const zeroNs = first.time_ns - (first.time_us - zeroUs) * 1000;
  return { heard, messages, reads: heard.first.map(({ text, at_ns: atNs }) => ({ text, atUs: (atNs - zeroNs) / 1000 })) };
}

/**
 * A line for each call, then what never came, or how it ended.
 * @param {HeardInLane} lane
 * @returns {string[]}
 */
export function heardLines({ heard, reads, messages }) {
  const lines = reads.map(({ text, atUs }) => say("recv() at {ms} ms: “{text}”", { text, ms: number(atUs / 1000, ONE_PLACE) }));
  return [...lines, ...endOf(heard), missingText(heard, reads.map(({ text }) => text).join(""), messages)];
}

/**
 * @param {Heard} heard
 * @returns {string[]}
 */
function endOf({ call, error, words, waited_ms: waitedMs }) {
  if (error !== "") return [`${call}: ${error} (${words})`];
  return waitedMs === null ? [] : [say("Then nothing for {seconds} s.", { seconds: decimal(waitedMs / 1000, 1) })];
}

/**
 * @param {Heard} heard
 * @param {string} read all of it, one behind the other
 * @param {string[]} messages
 * @returns {string}
 */
function missingText({ transport }, read, messages) {
  const sent = messages.length;
  const missing = messages.filter((message) => !read.includes(message)).length;
  if (missing === 0) return say("All {sent} messages came.", { sent });
  return transport === "udp"
    ? say("{missing} of {sent} messages never came as sent, and UDP tells nobody.", { missing, sent })
    : say("{missing} of {sent} messages never came as sent.", { missing, sent });
}
