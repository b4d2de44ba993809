import { endingOf, heardTexts, isCounting } from "../../static/js/core/ending.js";
import { heardInLane, heardLines } from "../../static/js/core/beside-heard.js";
import { journey, run } from "./samples.js";

/** @import { Heard, KernelLook, Run } from "../../static/js/core/messages.js" */
/** @import { Scene } from "../../static/js/core/scene.js" */
/** @import { Assert } from "./runner.js" */

const ENDED_MS = 1_000_000;

/**
 * @param {number} leftMs
 * @param {number} atMs
 * @param {"TIME-WAIT" | "CLOSED"} state
 * @returns {KernelLook}
 */
function look(leftMs, atMs = ENDED_MS, state = "TIME-WAIT") {
  const server = state === "CLOSED" ? null : { what: "time-wait", left_ms: leftMs, tries: 0 };
  return { at_ns: atMs * 1e6, states: { client: "CLOSED", server: state }, timers: { client: null, server } };
}

/**
 * @param {Partial<Heard>} more
 * @returns {Heard}
 */
function heard(more = {}) {
  return { side: "client", transport: "tcp", octets: 0, reads: 0, first: [], ended: false, call: "", error: "", words: "", waited_ms: null, ...more };
}

/**
 * @param {KernelLook | null} now
 * @param {Heard[]} programs
 * @returns {Run}
 */
const over = (now, programs = []) => run({ ending: { look: look(59_990), heard: programs }, look: now });

/**
 * @param {Run} shown
 * @param {number} afterMs
 * @param {boolean} whole
 */
function view(shown, afterMs = 0, whole = true) {
  const scene = /** @type {Scene} */ (/** @type {unknown} */ ({ ladder: { whole } }));
  return endingOf({ state: { run: shown }, scene, serverMs: ENDED_MS + afterMs });
}

/** @param {Assert} assert */
export function theTimeLeftIsCountedFromTheKernelsLastWord(assert) {
  const shown = over(look(59_990));
  assert.equal(view(shown)?.hosts.server.left, "60 s");
  assert.equal(view(shown, 10_500)?.hosts.server.left, "50 s");
  assert.equal(view(shown, 90_000)?.hosts.server.left, "0 s");
  assert.equal(view(shown, 10_500)?.hosts.client.left, "");
  assert.equal(view(over(look(45_000, ENDED_MS + 15_000)), 15_500)?.hosts.server.left, "45 s");
  assert.equal(isCounting(shown), true);
}

/** @param {Assert} assert */
export function aClockThatIsBehindTheLabsNeverAddsToWhatTheKernelSaid(assert) {
  assert.equal(view(over(look(59_990)), -5000)?.hosts.server.left, "60 s");
}

/** @param {Assert} assert */
export function theKernelThatHasLetGoIsBelieved(assert) {
  const shown = over(look(0, ENDED_MS + 61_000, "CLOSED"));
  assert.equal(view(shown, 62_000)?.hosts.server.left, "→ CLOSED");
  assert.equal(isCounting(shown), false);
}

/** @param {Assert} assert */
export function ofAKeptRunWhatTheKernelSaidThenIsToldAndNothingIsCounted(assert) {
  const shown = over(null);
  assert.equal(view(shown, 30_000)?.hosts.server.left, "");
  assert.equal(view(shown)?.caption.startsWith("Then the server waited in TIME-WAIT and had 60.0 s left, said its kernel"), true);
  assert.equal(isCounting(shown), false);
}

/** @param {Assert} assert */
export function nothingIsToldBeforeTheStoryIsAtItsEnd(assert) {
  assert.equal(view(over(look(59_990)), 0, false), null);
  assert.equal(view(over(look(59_990)))?.caption.startsWith("The server waits in TIME-WAIT and has 60.0 s left, says its kernel"), true);
}

/** @param {Assert} assert */
export function aRunWhoseEndNobodyKnowsTellsNothing(assert) {
  assert.equal(view(run({ ending: null, look: null })), null);
}

/** @param {Assert} assert */
export function whatAProgramSufferedIsInTheCaptionWithItsErrorsName(assert) {
  const refused = heard({ call: "connect()", error: "ECONNREFUSED", words: "Connection refused" });
  const shown = run({ ending: { look: look(0, ENDED_MS, "CLOSED"), heard: [refused] }, look: null });
  assert.equal(view(shown)?.caption, "The client's program was told by connect(): ECONNREFUSED, “Connection refused”.");
  assert.deepEqual(view(shown)?.hosts.client.heard, ["connect(): ECONNREFUSED (Connection refused)", "connect(): ECONNREFUSED", "ECONNREFUSED"]);
}

/** @param {Assert} assert */
export function whatAProgramReadIsToldInFullAndShort(assert) {
  assert.deepEqual(heardTexts(heard({ octets: 194, reads: 1, ended: true })), ["read 194 bytes, then the end", "read 194 bytes", "194 bytes"]);
  assert.equal(heardTexts(heard({ waited_ms: 2000.6 }))[0], "heard nothing for 2.0 s");
  assert.equal(heardTexts(heard({ transport: "udp", octets: 28, reads: 2 }))[0], "read 2 datagrams, 28 bytes");
}

/** @param {Assert} assert */
export function sideBySideEachReadHasItsTimeAndWhatIsMissingIsMissed(assert) {
  const first = [{ at_ns: 5_000_000, octets: 3, text: "two" }];
  const programs = [heard({ side: "server", transport: "udp", octets: 3, reads: 1, first, waited_ms: 2000 })];
  const shown = run({ ending: { look: null, heard: programs }, look: null, journeys: [journey(1, 2, 0, { time_ns: 1_000_000, time_us: 0 })] });
  const lane = heardInLane(shown, "udp", 1000, ["one", "two"]);
  assert.deepEqual(lane === null ? [] : heardLines(lane), [
    "recv() at 3.0 ms: “two”", "Then nothing for 2.0 s.", "1 of 2 messages never came as sent, and UDP tells nobody.",
  ]);
  assert.equal(heardInLane(shown, "tcp", 0, []), null);
}
