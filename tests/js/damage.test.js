import { bitAt, changedBits, isDamagedInDevice, signal, signalAt, toWire, wrongBit } from "../../static/js/core/bits.js";
import { layoutLadder } from "../../static/js/core/ladder.js";
import { scene } from "../../static/js/core/scene.js";
import { timeline } from "../../static/js/core/timeline.js";
import { captionMore, faultMarks, waitText, waitedTexts } from "../../static/js/core/words.js";
import { heldWords, layoutWave, markerWords, pipe, rows } from "../../static/js/core/wave.js";
import { arrivedText } from "../../static/js/core/inspector-words.js";
import { find } from "../../static/js/core/inspector.js";
import { recorded } from "./made.js";

/** @import { Journey, Run } from "../../static/js/core/messages.js" */
/** @import { Assert } from "./runner.js" */

const FLIPPED = 150; // in the IP header

/**
 * The SYN of a run, with one bit of its IP header flipped on the way.
 * @param {string} fcs the check sequence that came with it
 * @param {number} bit
 * @returns {Run}
 */
function damaged(fcs = "01020304", bit = FLIPPED) {
  const run = recorded();
  const journeys = run.journeys.map((each, index) => {
    if (index !== 2) return each;
    const octets = Uint8Array.from((each.octets.match(/../g) ?? []).map((pair) => parseInt(pair, 16)));
    octets[bit >> 3] = (octets[bit >> 3] ?? 0) ^ (0x80 >> (bit & 7));
    const arrived = Array.from(octets, (octet) => octet.toString(16).padStart(2, "0")).join("");
    const steps = each.steps.filter(({ half, layer }) => half !== "up" || layer === "physical" || layer === "link" || layer === "network");
    return { ...each, deed: "corrupt", flipped_bit: bit, arrived, arrived_fcs: fcs || each.fcs, refused_at: /** @type {const} */ ("network"), steps };
  });
  return { ...run, journeys };
}

/**
 * @param {Run} run
 * @returns {Journey}
 */
const syn = (run) => /** @type {Journey} */ (run.journeys[2]);

/** @param {Assert} assert */
export function onTheWireItselfOneBitComesOtherwiseAndTheCheckSequenceAsItWasSent(assert) {
  const journey = syn(damaged(""));
  assert.deepEqual(changedBits(journey), [toWire(journey, FLIPPED)]);
  assert.ok(!isDamagedInDevice(journey));
}

/** @param {Assert} assert */
export function behindADeviceTheCheckSequenceIsAnotherOneToo(assert) {
  const journey = syn(damaged());
  const [first, ...others] = changedBits(journey);
  assert.equal(first, wrongBit(journey));
  assert.ok(others.length > 0 && others.every((bit) => bit >= signal(journey).bits - 32));
  assert.ok(isDamagedInDevice(journey));
}

/** @param {Assert} assert */
export function beforeTheDamageABitIsAsItWasSentAndBehindItAsItCame(assert) {
  const journey = syn(damaged());
  const wrong = wrongBit(journey);
  const sent = bitAt(signal(journey), wrong);
  assert.equal(bitAt(signalAt(journey, wrong), wrong), sent);
  assert.equal(bitAt(signalAt(journey, wrong + 1), wrong), 1 - sent);
  assert.equal(bitAt(signal(journey), wrong), sent);
  const { bits, octets } = signalAt(journey, Infinity);
  assert.equal(bits, signal(journey).bits);
  assert.deepEqual([...octets.slice(-4)], [1, 2, 3, 4]);
}

/** @param {Assert} assert */
export function aSoundFrameHasOneSignalAllTheWay(assert) {
  const [, , journey] = recorded().journeys;
  assert.ok(journey !== undefined && signalAt(journey, 1e9) === signal(journey) && wrongBit(journey) === -1);
}

/** @param {Assert} assert */
export function theMarkerSaysWhereTheBitIsFlippedAndByWhom(assert) {
  for (const [fcs, where] of [["", "Damaged on the wire"], ["01020304", "Damaged in a device on the way"]]) {
    const journey = syn(damaged(fcs));
    const at = { journey, lead: 1, tail: 0, crossing: true, lost: false, gone: false };
    const [there = ""] = markerWords({ ...at, bit: wrongBit(journey) }).words;
    assert.ok(there.startsWith(`${where}: IPv4`), there);
    const [before = ""] = markerWords({ ...at, bit: wrongBit(journey) - 1 }).words;
    assert.ok(before.includes("IPv4") && !before.includes("Damaged"), before);
    const { name, words: [over = ""] } = markerWords({ ...at, bit: signal(journey).bits });
    assert.ok(name === null && over.includes("was sent as"), over);
  }
}

/** @param {Assert} assert */
export function theLayerThatFindsTheDamageRefusesTheFrameAndNoOther(assert) {
  const line = timeline(damaged());
  const last = line.steps.findLast(({ journey }) => journey.refused_at === "network");
  const { hosts } = scene(line, last?.step.rest_ms ?? 0);
  assert.deepEqual(hosts.server.layers.filter(({ refused }) => refused).map(({ layer }) => layer), ["network"]);
  assert.deepEqual(hosts.client.layers.filter(({ refused }) => refused), []);
}

/** @param {Assert} assert */
export function theLadderMarksWhatTheWireDidOnceTheFrameIsThere(assert) {
  const line = timeline(damaged());
  const of = (/** @type {number} */ step) => layoutLadder(scene(line, line.steps[step]?.step.rest_ms ?? 0).ladder, 900, 600, 16).rungs.at(-1);
  const first = line.steps.findIndex(({ journey }) => journey.flipped_bit === FLIPPED);
  const last = line.steps.findLastIndex(({ journey }) => journey.flipped_bit === FLIPPED);
  assert.ok(!(of(first)?.label ?? "").includes("bit wrong"));
  assert.ok((of(last)?.label ?? "").startsWith("[bit wrong] "), of(last)?.label);
  assert.ok(of(last)?.arrow.refused && of(last)?.arrow.damaged);
}

/** @param {Assert} assert */
export function whatIsSentAgainIsTiedToTheFirstTime(assert) {
  const run = recorded();
  const wait = { side: /** @type {const} */ ("client"), what: "an answer", predicted_ms: 1000, textbook_ms: 1000, kernel_ms: null, was_ms: 1023 };
  const journeys = run.journeys.map((each, index) => (index === 4 ? { ...each, repeats: 3, waits: [wait] } : each));
  const line = timeline({ ...run, journeys });
  const { rungs, ties } = layoutLadder(scene(line, line.endMs).ladder, 900, 900, 16);
  assert.deepEqual(ties.map(({ number, fromY, toY }) => [number, fromY, toY]), [[5, rungs[2]?.tail.y, rungs[4]?.tail.y]]);
  assert.ok((ties[0]?.outerX ?? 99) < (ties[0]?.x ?? 0) && (ties[0]?.outerX ?? -1) >= 0);
  const told = line.steps.findLast(({ journey }) => journey.number === 5)?.step.rest_ms ?? 0;
  assert.equal(layoutLadder(scene(line, told).ladder, 900, 900, 16).rungs[4]?.waited, "waited 1.02 s; predicted 1.00 s; textbook 1.00 s");
}

/** @param {Assert} assert */
export function anArrowSlantsTheMoreTheLongerTheFrameWasOnItsWay(assert) {
  const run = recorded();
  const slants = [0, 100_000, 500_000].map((wayUs) => {
    const journeys = run.journeys.map((each) => ({ ...each, arrived_us: each.time_us + wayUs }));
    const line = timeline({ ...run, journeys });
    const [rung] = layoutLadder(scene(line, line.steps[5]?.step.rest_ms ?? 0).ladder, 900, 900, 16).rungs;
    return (rung?.head.y ?? 0) - (rung?.tail.y ?? 0);
  });
  assert.ok((slants[0] ?? 0) < (slants[1] ?? 0) && (slants[1] ?? 0) < (slants[2] ?? 0), slants.join());
}

/** @param {Assert} assert */
export function marksAndWaitsAreSaidInFewWords(assert) {
  const none = { deed: "", copy_of: 0, held_ms: 0, flipped_bit: null };
  assert.deepEqual(faultMarks(none), []);
  assert.deepEqual(faultMarks({ ...none, copy_of: 3, deed: "duplicate" }), ["copy of 3"]);
  assert.deepEqual(faultMarks({ ...none, deed: "hold", held_ms: 3210 }), ["held 3.21 s"]);
  assert.deepEqual(faultMarks({ ...none, deed: "delay", held_ms: 700 }), ["late 700 ms"]);
  assert.deepEqual([waitText(1.25), waitText(20), waitText(999), waitText(1000)], ["1.3 ms", "20 ms", "999 ms", "1.00 s"]);
  const known = { side: /** @type {const} */ ("client"), what: "", predicted_ms: null, textbook_ms: 2000, kernel_ms: null, was_ms: null };
  assert.deepEqual(waitedTexts(known), []);
  assert.deepEqual(waitedTexts({ ...known, was_ms: 1030 }), ["waited 1.03 s; textbook 2.00 s", "waited 1.03 s"]);
}

/** @param {Assert} assert */
export function onItsWireAFrameThatIsSentAgainSaysWhatIsNew(assert) {
  const journey = { ...syn(recorded()), repeats: 3, repeats_how: [{ label: "Seq", text: "7: the same", mark: /** @type {const} */ ("plain"), key: "" }] };
  const said = journey.steps.map((step) => [step.half, captionMore(journey, step)]);
  assert.deepEqual(said.filter(([, words]) => words !== ""), [["wire", "Frame 3 is sent again: Seq 7: the same."]]);
}

/** @param {Assert} assert */
export function aHeldFrameSaysHowLongItHasBeenThere(assert) {
  const held = { number: 1, sender: /** @type {const} */ ("client"), frame: /** @type {const} */ ("SYN"), nth: 1, since_ns: 5e9, octets: "" };
  assert.deepEqual(heldWords([], 0), []);
  assert.deepEqual(heldWords([held], 8250), [{ key: "client", toRight: true, words: ["SYN is held here: 3.3 s", "held: 3.3 s"] }]);
  assert.equal(heldWords([held], 1000)[0]?.words.at(-1), "held: 0.0 s");
  assert.deepEqual(heldWords([held, { ...held, sender: "server" }], 6000).map(({ key }) => key), ["client", "server"]);
}

/** @param {Assert} assert */
export function theInspectorSaysWhereWhatCameDiffers(assert) {
  const journey = syn(damaged());
  const told = (/** @type {string} */ section, /** @type {string} */ field, /** @type {string} */ label, of = journey) => {
    const found = find(of, { section, field, label, nth: 0, bit: -1 });
    return found === null ? "not found" : arrivedText(of, found);
  };
  assert.ok(/flipped bit 7 of 16: 0x[0-9a-f]{4} was sent, 0x[0-9a-f]{4} came\.$/.test(told("IPv4", "ip.id", "Identification")), told("IPv4", "ip.id", "Identification"));
  assert.ok(told("IPv4", "", "").includes("flipped bit 39 of 160"), told("IPv4", "", ""));
  assert.equal(told("IPv4", "ip.ttl", "Time to live"), "");
  assert.equal(told("TCP", "", ""), "");
  assert.ok(told("fcs", "", "").endsWith("A device on the way computed a new one: 0x01020304 came."), told("fcs", "", ""));
  assert.ok(told("IPv4", "ip.id", "Identification", syn(damaged(""))).includes("On the wire bit 7 of 16 was flipped"));
  assert.equal(told("fcs", "", "", syn(damaged(""))), "");
}

/** @param {Assert} assert */
export function theWiresOwnCopyBeginsOnTheWire(assert) {
  const run = recorded();
  const [first, second] = [run.journeys[2], run.journeys[4]];
  const copied = run.journeys.map((each) => (each !== second ? each : {
    ...second, sender: /** @type {const} */ ("client"), copy_of: first?.number ?? 0, arrow: "Copy of 3", steps: second.steps.filter(({ half }) => half !== "down"),
  }));
  const line = timeline({ ...run, journeys: copied });
  const crossing = line.steps.find(({ journey, step }) => journey.copy_of > 0 && step.half === "wire");
  const midway = scene(line, ((crossing?.step.start_ms ?? 0) + (crossing?.step.rest_ms ?? 0)) / 2);
  const rung = layoutLadder(midway.ladder, 900, 900, 16).rungs.at(-1);
  assert.equal(rung?.label, "Copy of 3");
  assert.ok(Math.abs((rung?.start.x ?? 0) - ((rung?.tail.x ?? 0) + (rung?.head.x ?? 0)) / 2) < 0.01 && (rung?.tip.x ?? 0) > (rung?.start.x ?? 0));
  const box = pipe(900, 16);
  const wave = layoutWave(/** @type {import("../../static/js/core/scene.js").WireScene} */ (midway.wire), box, rows(150, 16, 0));
  assert.ok(wave.bands.length > 0 && wave.bands.every(({ x }) => x >= box.middle - 0.01));
  assert.ok(wave.last > 0 && wave.last <= wave.place);
  assert.ok((markerWords(midway.wire).words[0] ?? "").startsWith("Second copy: "), markerWords(midway.wire).words[0]);
}
