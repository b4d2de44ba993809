// What the page says in words: where the story is, whether the frames are real, the clocks, sizes, what is in the way.
// Knows nothing of the page.

import { decimal, say, sayMany } from "./say.js";
import { isBeginning } from "./store.js";
import { monoWidth } from "./text.js";

/** @import { LayerScene, Piece } from "./host.js" */
/** @import { Journey, Step, Wait } from "./messages.js" */
/** @import { State } from "./store.js" */
/** @import { Stop, Timeline } from "./timeline.js" */

/** @typedef {{ tone: "good" | "simulated" | "bad" | "calm", words: string, more: string }} Badge */

/**
 * @param {Timeline} line
 * @param {Stop | null} stop
 * @returns {{ place: string, name: string, clause: string }}
 */
export function title(line, stop) {
  if (stop === null) return { place: "", name: line.run?.source === "file" ? say("A conversation") : say("TCP three-way handshake"), clause: "" };
  const { name, title: clause } = stop.journey;
  return { place: placeText(line, stop), name, clause };
}

/**
 * Where in the run the frame is. A capture file's frames keep their numbers there: 'Frame 23, 5 of 12'.
 * @param {Timeline} line
 * @param {Stop} stop
 * @returns {string}
 */
export function placeText({ run }, { journey }) {
  const journeys = run?.journeys ?? [];
  const place = journeys.indexOf(journey) + 1;
  const { number } = journey;
  const all = journeys.length;
  if (isBeginning(run)) return say("Frame {number}", { number });
  return place === number ? say("Frame {number} of {all}", { number, all }) : say("Frame {number}, {place} of {all}", { number, place, all });
}

/**
 * Whether what is shown is real. A run says what it is; before the first run the lab does.
 * @param {State} state
 * @returns {Badge}
 */
export function badge(state) {
  const { lab, run } = state;
  const more = lab === null ? "" : sentences(lab.sentence, lab.remedy ?? "");
  if (isSimulated(state)) return { tone: "simulated", words: say("SIMULATED"), more: whySimulated(state) };
  if (lab === null) return { tone: "calm", words: say("Connecting"), more };
  if (lab.source === "file" || run?.source === "file") return { tone: "calm", words: say("From a capture file"), more: isReplay(state) ? "" : more };
  if (isReplay(state)) return { tone: "good", words: say("Recorded · real packets"), more: "" };
  if (lab.state === "recorded") return { tone: "good", words: say("Recorded · real packets"), more };
  if (run?.source === "live") return { tone: "good", words: say("A visitor · real packets"), more: lab.live?.sentence ?? "" };
  if (lab.state === "down") return { tone: "bad", words: say("Lab is down, restarting"), more };
  if (lab.state === "starting") return { tone: "calm", words: say("Lab is starting"), more };
  return { tone: "good", words: say("Live lab · real packets"), more };
}

/**
 * Whether what is shown was played before, and is shown to the class again.
 * @param {State} state
 * @returns {boolean}
 */
function isReplay({ run }) {
  return (run?.replay ?? null) !== null;
}

/**
 * Whether another window of the presenter's moves the class: then this one follows. One that has gone leads no more.
 * @param {State} state
 * @returns {boolean}
 */
export function isLed({ window, leader, attendance }) {
  return attendance !== null && attendance.presenters > 1 && leader !== "" && leader !== window;
}

/**
 * What PageDown leads to, and its frame where that begins; `isNext` is false where it leads nowhere, and the words say why.
 * @param {State} state
 * @param {Stop | null} here
 * @param {Stop | null} next
 * @returns {{ isNext: boolean, frame: string, step: string }}
 */
export function nextWords(state, here, next) {
  if (next === null && isUnanswered(state)) return { isNext: true, frame: "", step: say("Show the answer") };
  if (next === null) return noNext(state, here);
  const { journey: { number, name }, step: { title } } = next;
  return { isNext: true, frame: here?.journey === next.journey ? "" : say("Frame {number}: {name}", { number, name }), step: title };
}

/**
 * @param {State} state
 * @param {Stop | null} here
 * @returns {ReturnType<typeof nextWords>}
 */
function noNext(state, here) {
  if (state.run?.ended === false) return { isNext: false, frame: "", step: say("More frames are on their way.") };
  if (here !== null) return { isNext: false, frame: "", step: say("This is the last step.") };
  const canStart = state.connected && state.run !== null && isStartedHere(state);
  return { isNext: canStart, frame: "", step: canStart ? startText(state) : say("There are no steps yet.") };
}

/**
 * What the button says that starts a run.
 * @param {Pick<State, "chosen">} state
 * @returns {string}
 */
export function startText({ chosen }) {
  return chosen === null || chosen.scene === "" ? say("Start handshake") : say("Start: {scene}", { scene: chosen.scene });
}

/**
 * Whether runs are started from this page: not in a recording.
 * @param {State} state
 * @returns {boolean}
 */
export function isStartedHere({ lab }) {
  return lab === null || (lab.state !== "recorded" && (lab.source === "lab" || lab.source === "simulated"));
}

/**
 * What to do to see frames where there are none yet.
 * @param {State} state
 * @returns {string}
 */
export function beginText(state) {
  if (state.lab === null) return say("Connecting");
  return isStartedHere(state) ? pressText(state) : say("No frames");
}

/**
 * @param {State} state
 * @returns {string}
 */
function pressText(state) {
  const isPlain = state.chosen === null || state.chosen.scene === "";
  return isPlain ? say("Press Start handshake") : say("Press “{start}”", { start: startText(state) });
}

/** @type {Record<string, string>} */
const FINDINGS = {
  retransmission: "TCP Retransmission", fast_retransmission: "TCP Fast Retransmission",
  spurious_retransmission: "TCP Spurious Retransmission", out_of_order: "TCP Out-Of-Order",
  lost_segment: "TCP Previous segment not captured", ack_lost_segment: "TCP ACKed unseen segment",
  duplicate_ack: "TCP Dup ACK", keep_alive: "TCP Keep-Alive", keep_alive_ack: "TCP Keep-Alive ACK",
  reused_ports: "TCP Port numbers reused", window_update: "TCP Window Update", window_full: "TCP Window Full",
  zero_window: "TCP ZeroWindow", zero_window_probe: "TCP ZeroWindowProbe", zero_window_probe_ack: "TCP ZeroWindowProbeAck",
};

/**
 * What Wireshark's list of packets calls a finding; the field's own name where it has no such words.
 * @param {string} name behind tcp.analysis.
 * @returns {string}
 */
export function findingName(name) {
  return (Object.hasOwn(FINDINGS, name) && FINDINGS[name]) || name;
}

/**
 * The same, said to be Wireshark's.
 * @param {string} name behind tcp.analysis.
 * @returns {string}
 */
export function sharkText(name) {
  return `Wireshark: ${findingName(name)}`;
}

/**
 * What the wire did to a frame, a word or two each; whether it is lost is said elsewhere.
 * @param {Pick<Journey, "deed" | "copy_of" | "held_ms" | "flipped_bit">} journey
 * @returns {string[]}
 */
export function faultMarks({ deed, copy_of: copyOf, held_ms: heldMs, flipped_bit: flippedBit }) {
  const marks = [];
  if ((copyOf ?? 0) > 0) marks.push(say("copy of {number}", { number: copyOf }));
  if ((flippedBit ?? null) !== null) marks.push(say("bit wrong"));
  if (deed === "swap") marks.push(say("swapped"));
  if (deed === "hold") marks.push(say("held {time}", { time: waitText(heldMs) }));
  if (deed === "delay") marks.push(say("late {time}", { time: waitText(heldMs) }));
  return marks;
}

/**
 * A wait as people say it: 20 -> '20 ms', 1023 -> '1.02 s'.
 * @param {number} ms
 * @returns {string}
 */
export function waitText(ms) {
  return ms < 1000 ? say("{time} ms", { time: decimal(ms, ms < 10 ? 1 : 0) }) : say("{time} s", { time: decimal(ms / 1000, 2) });
}

/**
 * How long somebody waited and what was to be expected, the longest first; empty where nobody knows how long it was.
 * @param {Wait} wait
 * @returns {string[]}
 */
export function waitedTexts({ was_ms: wasMs, predicted_ms: predictedMs, textbook_ms: textbookMs, kernel_ms: kernelMs }) {
  if (wasMs === null) return [];
  const waited = say("waited {time}", { time: waitText(wasMs) });
  const predicted = predictedMs === null ? "" : say("predicted {time}", { time: waitText(predictedMs) });
  const textbook = textbookMs === null ? "" : say("textbook {time}", { time: waitText(textbookMs) });
  const kernel = kernelMs === null ? "" : say("kernel's timer {time}", { time: waitText(kernelMs) });
  const joined = (/** @type {string[]} */ ...parts) => parts.filter((part) => part !== "").join("; ");
  return [...new Set([joined(waited, predicted, textbook, kernel), joined(waited, predicted, textbook), joined(waited, predicted), waited])];
}

/**
 * What belongs to a step beside its sentence: on the wire of a frame that is sent again, what is the same and what is new.
 * @param {Journey} journey
 * @param {Step} step
 * @returns {string}
 */
export function captionMore({ repeats = 0, repeats_how: how = [] }, { half }) {
  if (half !== "wire" || repeats === 0) return "";
  const lines = how.map(({ label, text }) => `${label} ${text}`).join("; ");
  return lines === "" ? say("Frame {number} is sent again.", { number: repeats }) : say("Frame {number} is sent again: {lines}.", { number: repeats, lines });
}

/**
 * @param {State} state
 * @returns {boolean}
 */
export function isSimulated({ lab, run }) {
  const source = run !== null && run.number > 0 ? run.source : lab?.source;
  return source === "simulated";
}

/**
 * One sentence why, and the remedy; empty where the run is real.
 * @param {State} state
 * @returns {string}
 */
export function whySimulated(state) {
  if (!isSimulated(state) || state.lab === null) return "";
  if (state.lab.source === "lab" && state.lab.state !== "recorded") return say("This run was simulated; the next one comes from the lab.");
  return sentences(state.lab.sentence, state.lab.remedy ?? "");
}

/**
 * @param {string[]} parts
 * @returns {string}
 */
export function sentences(...parts) {
  return parts.filter((part) => part !== "").join(" ");
}

/**
 * Why no run can be started now, empty where one can.
 * @param {State} state
 * @returns {string}
 */
export function whyNoStart(state) {
  const { connected, lab, connection } = state;
  if (connection.phase === "ended") return closingText(connection);
  if (!connected || lab === null) return say("No connection to the server");
  if (isLed(state)) return say("Another window leads");
  if (lab.state === "starting") return say("The lab is starting");
  if (lab.state === "down") return say("The lab is down; it comes back by itself");
  return isRunOn(state) ? say("A run is on") : "";
}

/**
 * @param {State} state
 * @returns {boolean}
 */
export function isRunOn({ run }) {
  return run?.ended === false;
}

/**
 * @param {State} state
 * @returns {boolean} whether a fault holds a frame on the wire now
 */
export function isHolding({ run }) {
  return (run?.held ?? []).length > 0;
}

/**
 * @param {State} state
 * @returns {boolean} whether the class is asked, or has just been shown the answer
 */
export function isAsked({ question }) {
  return question !== null;
}

/**
 * @param {State} state
 * @returns {boolean} whether the class is asked about the run that is shown, and the answer has not been
 */
function isUnanswered({ question, run }) {
  return question !== null && question.revealed === null && question.run === run?.number;
}

/**
 * Why the server closed a class's connection, by its code (CloseCode in messages.js): its own reason is in English.
 * @type {Readonly<Record<number, string>>}
 */
export const CLOSINGS = Object.freeze({
  4400: say("The server does not understand this page: it needs to be loaded anew."),
  4403: say("Only this class's presenter may open this."),
  4404: say("There is no such class."),
  4408: say("This device was too slow to keep up."),
  4410: say("This class is over."),
  4413: say("The server does not understand this page: it needs to be loaded anew."),
  4429: say("Too many requests came from here."),
  4500: say("Connection lost."),
});
const NO_RECORDING = say("There is no such recording, or its file can't be read any more.");

/**
 * What is said while there is no connection, empty while there is one.
 * @param {State} state
 * @param {number} nowMs this page's clock
 * @param {boolean} [isRecording]
 * @returns {string}
 */
export function connectionText({ connection }, nowMs, isRecording = false) {
  const { phase, retryAtMs } = connection;
  if (phase !== "lost" && phase !== "ended") return "";
  const leftMs = retryAtMs - nowMs;
  const next = leftMs > 0 ? say("Trying again in {seconds} s.", { seconds: Math.ceil(leftMs / 1000) }) : say("Trying again now.");
  return sentences(closingText(connection, isRecording), phase === "ended" ? "" : next);
}

/**
 * Why there is no connection, in one sentence that stays the same from try to try.
 * @param {State["connection"]} connection
 * @param {boolean} [isRecording]
 * @returns {string}
 */
export function closingText({ code = 0, offline, reason }, isRecording = false) {
  if (offline) return say("You are offline.");
  if (isRecording && code === 4404) return NO_RECORDING;
  return CLOSINGS[code] ?? (reason || say("Connection lost."));
}

/**
 * Why the class does not go on although this page is connected; empty where it does.
 * @param {State} state
 * @returns {string}
 */
export function absenceText({ connected, interrupted, leader, presenterOnline }) {
  if (!connected) return "";
  if (interrupted !== "") return interrupted;
  if (presenterOnline) return "";
  return leader === "" ? say("The presenter is not here yet.") : say("The presenter is offline.");
}

/**
 * The story's clock: 14200 -> '0:14'.
 * @param {number} instantMs
 * @returns {string}
 */
export function storyText(instantMs) {
  const seconds = Math.floor(Math.max(0, instantMs) / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/**
 * The wire's clock, in one unit for the whole run, so that two frames can be compared: 5123.4 -> '5,123.4 µs'.
 * @param {number} timeUs microseconds since the run's first frame
 * @param {number} [spanUs] of the whole run
 * @returns {string}
 */
export function wireText(timeUs, spanUs = timeUs) {
  const [perUnit, unit, places] = unitOf(spanUs);
  return `${decimal(timeUs / perUnit, places)} ${unit}`;
}

/**
 * A time as the ladder has it: in the one unit of the whole run, exactly where there is room, else in fewer places.
 * @param {number} timeUs
 * @param {number} spanUs of the whole run
 * @returns {[string, string]} exactly and shortly
 */
export function ladderTexts(timeUs, spanUs) {
  const size = Math.abs(spanUs);
  const [perUnit, unit, places, few] = LADDER_UNITS.find(([, , , , below]) => size < below) ?? LADDER_SECONDS;
  return [`${decimal(timeUs / perUnit, places)} ${unit}`, `${decimal(timeUs / perUnit, few)} ${unit}`];
}

/** @typedef {[number, string, number, number, number]} LadderUnit microseconds in it, sign, places, few places, below */
/** @type {LadderUnit[]} */
const LADDER_UNITS = [[1, "µs", 0, 0, 1e4], [1e3, "ms", 3, 2, 1e5], [1e3, "ms", 3, 1, 1e6]];
/** @type {LadderUnit} */
const LADDER_SECONDS = [1e6, "s", 3, 2, Infinity];

/**
 * @param {number} spanUs
 * @returns {[number, string, number]} microseconds in a unit, its sign, decimal places that it needs
 */
function unitOf(spanUs) {
  if (Math.abs(spanUs) < 1e6) return [1, "µs", 1];
  return Math.abs(spanUs) < 1e7 ? [1e3, "ms", 3] : [1e6, "s", 6];
}

/** What each layer calls its unit, UDP's being a datagram. */
const UNITS = {
  application: say("data"), transport: say("segment"), datagram: say("datagram"), network: say("packet"), link: say("frame"),
  physical: say("bits"),
};

/**
 * What the layer calls its unit, with its size where it has one: the frame's octets, and on the wire all bits.
 * @param {LayerScene} layer
 * @returns {string}
 */
export function sizeText(layer) {
  const octets = sizeOf(layer);
  if (octets === null) return layer.role === "aside" ? "" : UNITS[unitOfLayer(layer)];
  switch (unitOfLayer(layer)) {
    case "application": return sayMany("{count} byte of data", "{count} bytes of data", octets);
    case "transport": return say("{octets}-byte segment", { octets });
    case "datagram": return say("{octets}-byte datagram", { octets });
    case "network": return say("{octets}-byte packet", { octets });
    case "link": return say("{octets}-byte frame", { octets });
    case "physical": return bitsText(octets * 8);
  }
}

/**
 * @param {LayerScene} layer
 * @returns {keyof typeof UNITS}
 */
function unitOfLayer({ layer, pdu }) {
  return layer === "transport" && pdu === "datagram" ? "datagram" : layer;
}

/**
 * @param {LayerScene} layer
 * @returns {number | null} how many octets its unit has; null where it is not whole, or not here
 */
function sizeOf({ layer, role, pieces }) {
  if (role === "ahead" || role === "aside" || pieces.length === 0 || pieces.some(({ entering }) => entering < 0.5)) return null;
  return octetsOf(layer === "physical" ? pieces : pieces.filter(isOfFrame));
}

/**
 * The same without the unit's name, where there is a size.
 * @param {LayerScene} layer
 * @returns {string}
 */
export function shortSizeText(layer) {
  const octets = sizeOf(layer);
  return octets === null || layer.layer === "physical" ? sizeText(layer) : bytesText(octets);
}

/**
 * @param {number} octets
 * @returns {string} '40 bytes'
 */
export function bytesText(octets) {
  return sayMany("{count} byte", "{count} bytes", octets);
}

/**
 * @param {number} bits
 * @returns {string} '480 bits'
 */
export function bitsText(bits) {
  return sayMany("{count} bit", "{count} bits", bits);
}

/**
 * The sizes adding up on the way down, what is taken off on the way up: '20 + 40 = 60 bytes', '60 − 20 = 40 bytes'.
 * The longest form that fits at every moment of the step, so that it stays the same form.
 * @param {LayerScene} layer
 * @param {number} [widthEm]
 * @returns {string}
 */
export function sumText(layer, widthEm = Infinity) {
  const begin = layer.pieces.map((piece) => ({ ...piece, entering: 1, leaving: 0 }));
  const taken = begin.map((piece, index) => ({ ...piece, leaving: index === 0 || !isOfFrame(piece) ? 1 : 0 }));
  const ends = layer.half === "up" ? [begin, taken] : [begin];
  const widest = ends.map((pieces) => sums({ ...layer, pieces }));
  const said = sums(layer);
  return said.find((_, form) => widest.every((each) => monoWidth(each[form] ?? "") <= widthEm)) ?? said.at(-1) ?? "";
}

/**
 * The forms of a sum, the longest first, always as many of them.
 * @param {LayerScene} layer
 * @returns {string[]}
 */
function sums({ layer, half, pieces }) {
  const there = pieces.filter(({ entering }) => entering > 0.5);
  const gone = there.filter(({ leaving }) => leaving > 0.5);
  if (layer === "physical") return half === "up" ? bitsLeft(there, gone) : bitsSent(there);
  const captured = there.filter(isOfFrame);
  const total = octetsOf(captured);
  const fcs = octetsOf(there) - total;
  if (gone.length > 0) {
    const left = inBytes(difference(total, sizes(gone.filter(isOfFrame))));
    const less = octetsOf(gone.filter((piece) => !isOfFrame(piece)));
    const whole = less > 0 ? say("{sum} (− {octets} FCS)", { sum: left, octets: less }) : left;
    return [whole, whole, left, left];
  }
  const [own = 0, ...rest] = sizes(captured);
  if (rest.length === 0) return sameForms(bytesText(total));
  const all = inBytes(`${[own, ...rest].join(" + ")} = ${total}`);
  const two = inBytes(`${own} + ${total - own} = ${total}`);
  const more = (/** @type {string} */ sum) => (fcs > 0 ? say("{sum} (+ {octets} FCS)", { sum, octets: fcs }) : sum);
  return [more(all), more(two), two, bytesText(total)];
}

/**
 * @param {string} sum
 * @returns {string} '20 + 40 = 60 bytes'
 */
export function inBytes(sum) {
  return say("{sum} bytes", { sum });
}

/**
 * Preamble, frame and FCS, in bits once they are whole.
 * @param {Piece[]} there
 * @returns {string[]}
 */
function bitsSent(there) {
  const bits = octetsOf(there) * 8;
  const whole = say("{octets} bytes = {bits} bits", { octets: octetsOf(there), bits });
  const lead = there[0]?.layer === "physical" ? there[0].octets : 0;
  const frame = octetsOf(there.filter(isOfFrame));
  if (lead === 0) return sameForms(bitsText(bits));
  return [`${lead} + ${frame} + ${octetsOf(there) - lead - frame} = ${whole}`, whole, whole, bitsText(bits)];
}

/**
 * @param {Piece[]} there
 * @param {Piece[]} gone
 * @returns {string[]}
 */
function bitsLeft(there, gone) {
  const bits = octetsOf(there) * 8;
  const taken = sizes(gone).map((octets) => octets * 8);
  return sameForms(taken.length > 0 ? say("{sum} bits", { sum: difference(bits, taken) }) : bitsText(bits));
}

/**
 * @param {number} from
 * @param {number[]} taken
 * @returns {string} '60 − 20 = 40'
 */
function difference(from, taken) {
  return `${[from, ...taken].join(" − ")} = ${taken.reduce((left, each) => left - each, from)}`;
}

/**
 * @param {string} text
 * @returns {string[]}
 */
function sameForms(text) {
  return [text, text, text, text];
}

/**
 * Whether the piece is the frame's own: what the capture left out is, preamble and check sequence are not.
 * @param {Piece} piece
 * @returns {boolean}
 */
function isOfFrame({ computed, part }) {
  return !computed || part === "not captured";
}

/**
 * @param {Piece[]} pieces
 * @returns {number[]}
 */
function sizes(pieces) {
  return pieces.map(({ octets }) => octets);
}

/**
 * @param {Piece[]} pieces
 * @returns {number}
 */
function octetsOf(pieces) {
  return pieces.reduce((sum, { octets }) => sum + octets, 0);
}
