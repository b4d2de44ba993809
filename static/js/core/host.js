// One host of the scene: which of its layers is open, and the pieces of the PDU that each layer has or had.
// Knows nothing of pixels.

import { PHASES, inTurn, phase } from "./motion.js";
import { say } from "./say.js";
import { whole } from "./store.js";
import { monoWidth } from "./text.js";

/** @import { Host, Hosts, Journey, Layer, Mark, Part, Run, Side, Step } from "./messages.js" */
/** @import { Stop, Timeline } from "./timeline.js" */

/** @type {Layer[]} top to bottom */
export const LAYERS = ["application", "transport", "network", "link", "physical"];

/**
 * A piece of the PDU at a layer, the `nth` of its name there, from 0. `part` is its name in no language, empty where the
 * label is a protocol's. `entering` is 1 once it stands in its place, `leaving` is 1 once it is taken off.
 * @typedef {{ key: string, part: string, layer: Layer, label: string, nth: number, octets: number, computed: boolean, entering: number,
 *   leaving: number }} Piece
 */

/**
 * A line of a step; `key` is its label in no language, where the page's code knows it, else empty.
 * @typedef {{ key: string, label: string, text: string, mark: Mark, shown: number }} ShownLine
 */

/**
 * `open` is how far the layer has grown. `solid` while the PDU is here, not a trace of it. `carry` is how far the PDU
 * has come from `from`, the index of the layer that had it before. `fade` is 1 for what belongs to this frame. `refused`
 * where this layer found the frame to be damaged and goes no further with it.
 * @typedef {{
 *   layer: Layer, open: number, role: "ahead" | "active" | "passed" | "aside", solid: boolean, half: "down" | "up",
 *   pieces: Piece[], lines: ShownLine[], pdu: string, carry: number, from: number, fade: number, refused: boolean,
 * }} LayerScene
 */

/**
 * `unseen` are layers of which the capture holds nothing, `reported` those that get an error's report. `changed` while the step is shown that changed the TCP state,
 * `pulse` from 1 to 0 while it moves. `resting` once nothing of this host moves before the next step.
 * @typedef {{
 *   side: Side, hosts: Hosts | null, active: boolean, blank: boolean, state: string, changed: boolean, pulse: number,
 *   call: string, layers: LayerScene[], unseen: Layer[], reported: Layer[], resting: boolean,
 * }} HostScene
 */

/**
 * @param {Run | null} run
 * @param {Side} side
 * @returns {HostScene}
 */
export function blankHost(run, side) {
  const layers = LAYERS.map((layer) => emptyLayer(layer, "ahead"));
  const calm = { state: "", changed: false, pulse: 0, call: "", unseen: [], reported: [], resting: true };
  return { side, hosts: run?.hosts ?? null, active: false, blank: true, layers, ...calm };
}

/**
 * @param {Timeline} timeline
 * @param {number} index the step that is shown
 * @param {number} moved
 * @param {Side} side
 * @returns {HostScene}
 */
export function hostScene(timeline, index, moved, side) {
  const stop = /** @type {Stop} */ (timeline.steps[index]);
  const before = timeline.steps[index - 1];
  const { step } = stop;
  const state = step.states?.[side] ?? "";
  const former = before?.step.states?.[side] ?? "";
  const changed = former !== "" && state !== "" && former !== state;
  return {
    side,
    hosts: timeline.run?.hosts ?? null,
    active: step.side === side,
    blank: false,
    state,
    changed,
    pulse: changed ? 1 - moved : 0,
    call: side === "client" ? step.client_call : step.server_call,
    layers: LAYERS.map((layer) => layerScene(stop, before, moved, side, layer)),
    unseen: stop.journey.fcs === "" ? LAYERS.filter((layer) => isUnseen(stop.journey, layer)) : [],
    reported: reportedTo(stop.journey, side),
    resting: moved === 1 || (step.side !== side && !changed && moved >= PHASES.carry[1]),
  };
}

/**
 * @param {Stop} stop
 * @param {Stop | undefined} before
 * @param {number} moved
 * @param {Side} side
 * @param {Layer} layer
 * @returns {LayerScene}
 */
function layerScene(stop, before, moved, side, layer) {
  const carry = phase(moved, PHASES.carry);
  const isHere = isAt(stop, side, layer);
  const wasHere = before !== undefined && isAt(before, side, layer);
  const open = (wasHere ? 1 - carry : 0) + (isHere ? carry : 0);
  const visit = visitOf(stop.journey, stop.step, side, layer);
  const refused = visit !== null && side !== stop.journey.sender && stop.journey.refused_at === layer;
  if (visit !== null) return { ...visited(visit, stop, moved, layer), open, refused };
  const role = isInvolved(stop.journey, layer) ? "ahead" : "aside";
  const old = stop.first && before !== undefined ? visitOf(before.journey, before.step, side, layer) : null;
  if (old === null || carry === 1) return { ...emptyLayer(layer, role), open, pdu: pduOf(stop.journey, layer) };
  return { ...visited(old, /** @type {Stop} */ (before), 1, layer), open, role, solid: false, fade: 1 - carry };
}

/**
 * @param {Stop} stop
 * @param {Side} side
 * @param {Layer} layer
 * @returns {boolean}
 */
function isAt({ step }, side, layer) {
  return step.side === side && step.layer === layer;
}

/**
 * A stop at a layer that this frame has made already: the step, and the one before it.
 * @typedef {{ step: Step, before: Step | undefined }} Visit
 */

/**
 * @param {Journey} journey
 * @param {Step} now
 * @param {Side} side
 * @param {Layer} layer
 * @returns {Visit | null}
 */
function visitOf({ steps }, now, side, layer) {
  const at = steps.findIndex((step) => step.side === side && step.layer === layer);
  const step = steps[at];
  return step === undefined || step.number > now.number ? null : { step, before: steps[at - 1] };
}

/**
 * @param {Visit} visit
 * @param {Stop} stop
 * @param {number} moved
 * @param {Layer} layer
 * @returns {LayerScene}
 */
function visited({ step, before }, stop, moved, layer) {
  const isNow = step === stop.step;
  const own = isNow ? moved : 1;
  const half = step.half === "up" ? "up" : "down";
  const from = before?.side === step.side ? LAYERS.indexOf(before.layer) : -1;
  const shown = phase(own, half === "up" ? PHASES.check : PHASES.write);
  return {
    layer,
    open: 0,
    role: isNow ? "active" : "passed",
    solid: isNow,
    half,
    pieces: half === "up" ? unwrapped(step, before, own) : wrappedIn(step, before, own),
    lines: step.lines.map((line, index) => ({ ...line, shown: inTurn(shown, index, step.lines.length) })),
    pdu: step.pdu,
    carry: phase(own, PHASES.carry),
    from,
    fade: 1,
    refused: false,
  };
}

/**
 * On the way down: what came from above stands, what this layer adds slides in.
 * @param {Step} step
 * @param {Step | undefined} before
 * @param {number} moved
 * @returns {Piece[]}
 */
function wrappedIn(step, before, moved) {
  const entering = phase(moved, PHASES.slide);
  const came = new Set(keyed(before?.parts ?? []).map(({ key }) => key));
  return keyed(step.parts).map((part) => ({ ...part, entering: came.has(part.key) ? 1 : entering, leaving: 0 }));
}

/**
 * On the way up: what came from below stands, what this layer takes off leaves. From the wire it comes bit by bit.
 * @param {Step} step
 * @param {Step | undefined} before
 * @param {number} moved
 * @returns {Piece[]}
 */
function unwrapped(step, before, moved) {
  const leaving = phase(moved, PHASES.take);
  const stays = new Set(keyed(step.parts).map(({ key }) => key));
  const came = keyed(before === undefined || before.parts.length === 0 ? step.parts : before.parts);
  return came.map((part) => ({ ...part, entering: 1, leaving: stays.has(part.key) ? 0 : leaving }));
}

/**
 * @param {readonly Part[]} parts
 * @returns {(Part & { key: string, part: string, nth: number })[]}
 */
function keyed(parts) {
  return parts.map((part, index) => {
    const nth = parts.slice(0, index).filter(({ layer, label }) => layer === part.layer && label === part.label).length;
    return { ...part, nth, part: part.key, key: `${part.layer} ${part.label} ${nth}` };
  });
}

/**
 * Whether this frame concerns the layer at all: ARP ends at the network layer.
 * @param {Journey} journey
 * @param {Layer} layer
 * @returns {boolean}
 */
function isInvolved(journey, layer) {
  const { headers, steps } = whole(journey);
  if (steps.some((step) => step.layer === layer && step.side !== null)) return true;
  return layer === "application" && headers.some((header) => header.layer === "transport");
}

/**
 * @param {Journey} journey
 * @param {Layer} layer
 * @returns {string} what the frame's unit is called there, empty where it does not come to that layer
 */
function pduOf(journey, layer) {
  return whole(journey).steps.find((step) => step.layer === layer && step.side !== null)?.pdu ?? "";
}

/**
 * Every frame has a link and a wire, but not every capture holds something of them.
 * @param {Journey} journey
 * @param {Layer} layer
 * @returns {boolean}
 */
function isUnseen(journey, layer) {
  return (layer === "link" || layer === "physical") && !isInvolved(journey, layer);
}

/**
 * An error that quotes a segment or datagram is reported to the transport that has sent it (RFC 1122, 3.2.2.1).
 * @param {Journey} journey
 * @param {Side} side
 * @returns {Layer[]}
 */
function reportedTo(journey, side) {
  const quotes = whole(journey).headers.some(({ quoted, layer }) => quoted && layer === "transport");
  return quotes && side !== journey.sender ? ["transport"] : [];
}

/**
 * @param {Layer} layer
 * @param {"ahead" | "aside"} role
 * @returns {LayerScene}
 */
function emptyLayer(layer, role) {
  return {
    layer, open: 0, role, solid: false, half: "down", pieces: [], lines: [], pdu: "", carry: 1, from: -1, fade: 1, refused: false,
  };
}

/**
 * While ARP asks, the client's upper layers take no part in the frame, but they are the reason for it.
 * @param {LayerScene} layer
 * @param {HostScene} host
 * @returns {boolean}
 */
export function isWaiting({ layer, role }, { side, state, blank }) {
  const isUpper = layer === "application" || layer === "transport";
  return isUpper && role === "aside" && side === "client" && state === "SYN-SENT" && !blank;
}

/**
 * A host's addresses on one line, or on two where one has no room for them; a link or a conversation may have no MAC
 * address or port. An IPv6 address that is wider by itself keeps its two ends.
 * @param {Host} host
 * @param {number} widthEm
 * @returns {string[]}
 */
export function addressLines({ ip, mac, port }, widthEm) {
  const places = port > 0 ? [say("port {port}", { port })] : [];
  const cards = mac === "" ? [] : [mac];
  const ways = [[[ip, ...cards, ...places]], [[ip, ...places], cards], [[ip], [...cards, ...places]]];
  const said = ways.map((lines) => lines.filter((each) => each.length > 0).map((each) => each.join(" · ")));
  const fitting = said.find((lines) => lines.every((each) => monoWidth(each) <= widthEm));
  return fitting ?? [shortAddress(ip, widthEm), ...said[2]?.slice(1) ?? []];
}

/**
 * @param {string} ip
 * @param {number} widthEm
 * @returns {string}
 */
function shortAddress(ip, widthEm) {
  const groups = ip.split(":");
  const ends = [2, 1].map((count) => [...groups.slice(0, count), "…", ...groups.slice(-count)].join(":"));
  return [ip, ...ends].find((each) => monoWidth(each) <= widthEm) ?? ends[1] ?? ip;
}
