import { bitBeside, lightsTarget, lineField, stackTargets, targetAt, wireChoiceAt, wireLights } from "../../static/js/core/inspector-stage.js";
import { fromWire } from "../../static/js/core/bits.js";
import { choiceAt, find, onWire } from "../../static/js/core/inspector.js";
import { scene } from "../../static/js/core/scene.js";
import { timeline } from "../../static/js/core/timeline.js";
import { layoutWave, pipe, rows } from "../../static/js/core/wave.js";
import { frame, recorded } from "./made.js";

/** @import { Assert } from "./runner.js" */
/** @import { Target } from "../../static/js/core/inspector-stage.js" */
/** @import { Journey, Layer, Line } from "../../static/js/core/messages.js" */
/** @import { Choice } from "../../static/js/core/store.js" */
/** @import { Stop } from "../../static/js/core/timeline.js" */

const EM = 16;
const [WIDTH, HEIGHT] = [700, 560];
const RUN = recorded();
const LINE = timeline(RUN);

/**
 * @param {number} number
 * @param {string} half
 * @param {string} layer
 * @returns {Stop}
 */
function stop(number, half, layer) {
  return /** @type {Stop} */ (LINE.steps.find(({ journey, step }) => journey.number === number && step.half === half && step.layer === layer));
}

/**
 * @param {string} label
 * @param {string} [text]
 * @returns {Line}
 */
function line(label, text = "") {
  return { key: label, label, text, mark: "captured" };
}

/**
 * @param {Stop} at
 * @param {"client" | "server"} side
 * @returns {Target[]}
 */
function targets({ step, journey }, side) {
  return stackTargets(journey, scene(LINE, step.rest_ms).hosts[side], WIDTH, HEIGHT, EM);
}

/** @param {Assert} assert */
export function everyPieceAndEveryLineWithAFieldCanBePointedAt(assert) {
  const all = targets(stop(3, "down", "network"), "client");
  const names = all.map(({ key }) => key);
  assert.ok(names.some((key) => key.startsWith("network") && key.includes("IPv4")), names.join());
  for (const label of ["From", "To", "TTL", "Protocol", "Identification", "Checksum"]) {
    assert.ok(all.some(({ name }) => name === label), label);
  }
  assert.deepEqual(all.find(({ name }) => name === "Size")?.choice, { section: "IPv4", field: "", label: "", nth: 0, bit: -1 });
}

/** @param {Assert} assert */
export function whatIsUnderAPointIsWhatStandsThere(assert) {
  for (const at of LINE.steps) {
    for (const side of /** @type {const} */ (["client", "server"])) {
      const all = targets(at, side);
      for (const target of all) {
        const { x, y, width, height } = target.box;
        assert.ok(x >= 0 && x + width <= WIDTH && y >= 0 && y + height <= HEIGHT, `${at.step.title} ${target.key}`);
        assert.equal(targetAt(all, x + width / 2, y + height / 2)?.key, target.key);
        assert.ok(find(at.journey, target.choice) !== null, target.key);
      }
    }
  }
}

/** @param {Assert} assert */
export function aLineOfPortsLightsForEitherPort(assert) {
  const journey = /** @type {Journey} */ (RUN.journeys[2]);
  const { choice, choices } = /** @type {NonNullable<ReturnType<typeof lineField>>} */ (lineField(journey, "transport", line("Ports")));
  assert.deepEqual([choice.section, choice.field], ["TCP", ""]);
  assert.deepEqual(choices.map(({ field }) => field), ["tcp.srcport", "tcp.dstport"]);
  const target = { choices };
  assert.equal(lightsTarget(target, choices[1] ?? null), "all");
  assert.equal(lightsTarget(target, { .../** @type {Choice} */ (choices[0]), bit: 3 }), "some");
  assert.equal(lightsTarget(target, lineField(journey, "transport", line("Seq"))?.choice ?? null), "");
  assert.equal(lightsTarget(target, null), "");
}

/** @param {Assert} assert */
export function theLineOfOptionsLeavesOutWhatOnlyFillsUp(assert) {
  const field = lineField(/** @type {Journey} */ (RUN.journeys[4]), "transport", line("Options"));
  const labels = field?.choices.map(({ label }) => label);
  assert.deepEqual(labels, ["Timestamps", "Length", "Timestamp value", "Timestamp echo reply"]);
}

/** @param {Assert} assert */
export function aLineWithoutAFieldIsNothing(assert) {
  const journey = /** @type {Journey} */ (RUN.journeys[2]);
  assert.equal(lineField(journey, "transport", line("State", "ESTABLISHED")), null);
  assert.equal(lineField(journey, "transport", line("Anything", "1 = 1")), null);
}

/** The wave in the middle of frame 3's way, 1200 pixels wide. */
function wave() {
  const { step } = stop(3, "wire", "physical");
  const { wire } = scene(LINE, (step.start_ms + step.rest_ms) / 2);
  return layoutWave(/** @type {NonNullable<typeof wire>} */ (wire), pipe(1200, EM), rows(130, EM, 0));
}

/** @param {Assert} assert */
export function theBitUnderAPointIsTheBitThatIsDrawnThere(assert) {
  const at = wave();
  for (let place = at.first; place < at.last; place += 1) {
    const x = at.originX - at.forward * (place + 0.5) * at.pitch;
    if (x <= at.left || x >= at.right) continue;
    assert.deepEqual(wireChoiceAt(at, x, at.rows.high), choiceAt(at.journey, fromWire(at.journey, place), true));
  }
  assert.equal(wireChoiceAt(at, at.left - 3, at.rows.high), null);
}

/** @param {Assert} assert */
export function theBandUnderTheWaveIsTheWholeHeader(assert) {
  const at = wave();
  const choice = wireChoiceAt(at, at.middle, at.rows.band + at.rows.bandHeight / 2);
  assert.deepEqual([choice?.field, choice?.bit], ["", -1]);
  assert.equal(choice?.section, wireChoiceAt(at, at.middle, at.rows.high)?.section);
}

/** @param {Assert} assert */
export function aPointOfTheMapIsThePartThatIsDrawnThere(assert) {
  const at = wave();
  const y = at.rows.map + at.rows.mapHeight / 2;
  for (const { region, x, width } of at.map) {
    const choice = wireChoiceAt(at, x + width / 2, y);
    assert.equal(choice?.section, region.key);
  }
}

/** @param {Assert} assert */
export function whatIsLitOnTheWireIsWhereItsBitsAreDrawn(assert) {
  const at = wave();
  const choice = /** @type {Choice} */ (wireChoiceAt(at, at.middle, at.rows.high));
  const { wave: [lit], map } = wireLights(at, choice);
  assert.ok(lit !== undefined && lit.x <= at.middle && lit.x + lit.width >= at.middle);
  assert.ok(lit !== undefined && Math.abs(lit.width - at.pitch) < 0.01);
  assert.ok(map !== null && map.x >= at.left && map.x + map.width <= at.right);
  assert.deepEqual(wireLights(at, null).wave, []);
}

/** @param {Assert} assert */
export function theArrowKeysGoAlongTheWireAsItIsSeen(assert) {
  const at = wave();
  const begin = /** @type {Choice} */ (bitBeside(at, null, "ArrowRight"));
  const placeOf = (/** @type {Choice | null} */ choice) => onWire(at.journey, find(at.journey, choice)?.bit ?? 0, 1)[0]?.[0] ?? -1;
  assert.equal(placeOf(begin), at.marked);
  assert.equal(placeOf(bitBeside(at, begin, "ArrowRight")), at.marked - at.forward);
  assert.equal(placeOf(bitBeside(at, begin, "ArrowLeft")), at.marked + at.forward);
  assert.equal(bitBeside(at, begin, "Home"), null);
}

/** @param {Assert} assert */
export function theSameLineIsAFieldOfWhateverProtocolIsThere(assert) {
  const chosen = (/** @type {string} */ name, /** @type {Layer} */ layer, /** @type {string} */ label) => (
    lineField(frame(name), layer, line(label))?.choices.map(({ field }) => field));
  assert.deepEqual(chosen("dns over ipv6", "transport", "Ports"), ["udp.srcport", "udp.dstport"]);
  assert.deepEqual(chosen("dns over ipv6", "network", "From"), ["ipv6.src"]);
  assert.deepEqual(chosen("icmp error", "network", "TTL"), ["ip.ttl"]);
}
