// How a run of the lab ended: who waits in TIME-WAIT, by its kernel's own timer, and what each program has really heard.
// It comes with the first run whose end is known. Knows nothing of the page; the time is an argument.

import { decimal, number, say, sayMany } from "./say.js";
import { isBeginning } from "./store.js";

/** @import { Ending, Heard, KernelLook, Run, Side } from "./messages.js" */
/** @import { Scene } from "./scene.js" */

/**
 * Of one host: `left` goes behind its TCP state, `heard` is what its program has heard in words, the longest first.
 * @typedef {{ left: string, heard: string[] }} HostEnding
 * @typedef {{ label: string, text: string }} EndingLine
 * `caption` is said once, where the story is told to its end; `lines` are all that is known.
 * @typedef {{ caption: string, hosts: { client: HostEnding, server: HostEnding }, lines: EndingLine[] }} Told
 */

/** @type {Side[]} */
const SIDES = ["client", "server"];
const WAITS = "TIME-WAIT";

/**
 * What is to be told where the run's story has been told to its end; null before that, and where nobody knows it.
 * @param {{ state: { run: Run | null }, scene: Scene, serverMs: number }} view
 * @returns {Told | null}
 */
export function endingOf({ state: { run }, scene, serverMs }) {
  if (run === null || !run.ending || isBeginning(run) || !scene.ladder.whole) return null;
  return told(run, run.ending, serverMs);
}

/**
 * @param {Run} run
 * @param {Ending} ending
 * @param {number} serverMs
 * @returns {Told}
 */
function told(run, ending, serverMs) {
  const host = (/** @type {Side} */ side) => ({ left: leftText(run, side, serverMs), heard: programText(ending, side) });
  return { caption: captionText(run, ending), hosts: { client: host("client"), server: host("server") }, lines: lines(run, ending) };
}

/**
 * @param {Run | null} run
 * @returns {boolean} whether something of it changes by itself as time passes
 */
export function isCounting(run) {
  const look = run?.look ?? null;
  return look !== null && SIDES.some((side) => look.states[side] === WAITS);
}

/**
 * Counted down from what the kernel said last, by the server's clock. Of a kept run nothing is counted: its kernels are gone.
 * @param {Run} run
 * @param {Side} side
 * @param {number} serverMs
 * @returns {string}
 */
function leftText({ ending, look }, side, serverMs) {
  if (!look || ending?.look?.states[side] !== WAITS) return "";
  const timer = look.timers[side];
  if (look.states[side] !== WAITS) return `→ ${look.states[side]}`;
  return timer === null ? "" : say("{seconds} s", { seconds: number(Math.ceil(leftMs(look, timer.left_ms, serverMs) / 1000)) });
}

/**
 * @param {KernelLook} look
 * @param {number} saidMs
 * @param {number} serverMs
 * @returns {number}
 */
function leftMs({ at_ns: atNs }, saidMs, serverMs) {
  return Math.max(0, Math.min(saidMs, saidMs - (serverMs - atNs / 1e6)));
}

/**
 * @param {Run} run
 * @param {Ending} ending
 * @returns {string}
 */
function captionText(run, ending) {
  return [waitText(run, ending), ...ending.heard.map(failureText)].filter((text) => text !== "").join(" ");
}

/**
 * @param {Run} run
 * @param {Ending} ending
 * @returns {string} who waits, how long, and what for (RFC 9293 sections 3.6.1 and 3.10.7.8); empty where nobody does
 */
function waitText({ look: now }, { look }) {
  const waiting = SIDES.filter((side) => look?.states[side] === WAITS);
  const [first] = waiting;
  if (look === null || first === undefined) return "";
  const saidMs = Math.min(...waiting.map((side) => look.timers[side]?.left_ms ?? Infinity));
  if (!Number.isFinite(saidMs)) return "";
  const seconds = decimal(saidMs / 1000, 1);
  if (now === null) return wasWaiting(waiting, seconds);
  if (waiting.length > 1) {
    return say("Both hosts wait in TIME-WAIT and have at least {seconds} s left, say their kernels: for late segments, or should a last ACK be lost (RFC 9293, 3.6.1).", { seconds });
  }
  return first === "client"
    ? say("The client waits in TIME-WAIT and has {seconds} s left, says its kernel: for late segments, or should its last ACK be lost (RFC 9293, 3.6.1).", { seconds })
    : say("The server waits in TIME-WAIT and has {seconds} s left, says its kernel: for late segments, or should its last ACK be lost (RFC 9293, 3.6.1).", { seconds });
}

/**
 * @param {Side[]} waiting
 * @param {string} seconds
 * @returns {string} the same of a kept run: what the kernel said then
 */
function wasWaiting(waiting, seconds) {
  if (waiting.length > 1) {
    return say("Then both hosts waited in TIME-WAIT and had at least {seconds} s left, said their kernels: for late segments, or should a last ACK be lost (RFC 9293, 3.6.1).", { seconds });
  }
  return waiting[0] === "client"
    ? say("Then the client waited in TIME-WAIT and had {seconds} s left, said its kernel: for late segments, or should its last ACK be lost (RFC 9293, 3.6.1).", { seconds })
    : say("Then the server waited in TIME-WAIT and had {seconds} s left, said its kernel: for late segments, or should its last ACK be lost (RFC 9293, 3.6.1).", { seconds });
}

/**
 * @param {Heard} heard
 * @returns {string} what a program suffered; empty where it did not
 */
function failureText({ side, call, error, words, waited_ms: waitedMs, reads }) {
  if (error !== "") {
    return side === "client"
      ? say("The client's program was told by {call}: {error}, “{words}”.", { call, error, words })
      : say("The server's program was told by {call}: {error}, “{words}”.", { call, error, words });
  }
  if (waitedMs === null || reads > 0) return "";
  const seconds = decimal(waitedMs / 1000, 1);
  return side === "client"
    ? say("The client's program heard nothing for {seconds} s and gave up.", { seconds })
    : say("The server's program heard nothing for {seconds} s and gave up.", { seconds });
}

/**
 * @param {Ending} ending
 * @param {Side} side
 * @returns {string[]} of the program that was there last, the longest first
 */
function programText({ heard }, side) {
  const last = heard.findLast((each) => each.side === side);
  return last === undefined ? [] : heardTexts(last);
}

/**
 * @param {Heard} heard
 * @returns {string[]} the longest first
 */
export function heardTexts(heard) {
  const read = readText(heard);
  const short = heard.reads === 0 ? [] : [sayMany("{count} byte", "{count} bytes", heard.octets)];
  const { call, error, words, waited_ms: waitedMs, ended } = heard;
  if (error !== "") {
    const failed = `${call}: ${error}`;
    return heard.reads > 0 ? [`${read}; ${failed} (${words})`, `${read}; ${failed}`, failed, error] : [`${failed} (${words})`, failed, error];
  }
  if (waitedMs !== null) {
    const seconds = decimal(waitedMs / 1000, 1);
    const waited = heard.reads === 0 ? say("heard nothing for {seconds} s", { seconds }) : say("{read}, then nothing for {seconds} s", { read, seconds });
    return [waited, read, ...short];
  }
  return [...(ended ? [say("{read}, then the end", { read })] : []), read, ...short];
}

/**
 * @param {Heard} heard
 * @returns {string}
 */
function readText({ transport, octets, reads }) {
  if (reads === 0) return say("read nothing");
  if (transport === "tcp") return sayMany("read {count} byte", "read {count} bytes", octets);
  const bytes = sayMany("{count} byte", "{count} bytes", octets);
  return sayMany("read {count} datagram, {bytes}", "read {count} datagrams, {bytes}", reads, { bytes });
}

/**
 * @param {Run} run
 * @param {Ending} ending
 * @returns {EndingLine[]}
 */
function lines({ look: now }, { look, heard }) {
  const waits = SIDES.flatMap((side) => [...waitLine(look, side), ...nowLine(look, now, side)]);
  return [...waits, ...heard.map((each) => ({ label: programLabel(each), text: heardTexts(each)[0] ?? "" }))];
}

/**
 * @param {KernelLook | null} look
 * @param {Side} side
 * @returns {EndingLine[]}
 */
function waitLine(look, side) {
  const timer = look?.timers[side] ?? null;
  if (look === null || timer === null || look.states[side] !== WAITS) return [];
  const values = { seconds: decimal(timer.left_ms / 1000, 3), time: timeText(look.at_ns) };
  const label = side === "client" ? say("The client's TIME-WAIT") : say("The server's TIME-WAIT");
  return [{ label, text: say("{seconds} s left, its kernel said at {time}: twice the longest time that a segment may live (MSL), as the kernel has it", values) }];
}

/**
 * @param {KernelLook | null} look
 * @param {KernelLook | null} now
 * @param {Side} side
 * @returns {EndingLine[]} what the kernel has said since
 */
function nowLine(look, now, side) {
  if (look === null || now === null || look.states[side] !== WAITS || now.at_ns === look.at_ns) return [];
  const label = side === "client" ? say("The client's kernel since then") : say("The server's kernel since then");
  const timer = now.timers[side];
  const values = { time: timeText(now.at_ns), state: now.states[side], seconds: decimal((timer?.left_ms ?? 0) / 1000, 3) };
  const text = now.states[side] === WAITS ? say("{seconds} s left at {time}", values) : say("{state} at {time}", values);
  return [{ label, text }];
}

/**
 * @param {Heard} heard
 * @returns {string}
 */
function programLabel({ side, transport }) {
  const protocol = transport.toUpperCase();
  return side === "client" ? say("The client's program ({protocol})", { protocol }) : say("The server's program ({protocol})", { protocol });
}

/**
 * @param {number} atNs
 * @returns {string} the time of day here
 */
function timeText(atNs) {
  return new Date(atNs / 1e6).toLocaleTimeString(document.documentElement.lang || "en");
}
