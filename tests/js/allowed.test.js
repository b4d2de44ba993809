import { initialState, reduce, withConnection, withNotice, withRoam } from "../../static/js/core/store.js";
import { startAgain, startWords } from "../../static/js/elements/lv-follow.js";
import { LvPeople } from "../../static/js/elements/lv-people.js";
import { run, snapshot } from "./samples.js";

/** @import { Assert } from "./runner.js" */
/** @import { Permission, Run } from "../../static/js/core/messages.js" */
/** @import { State } from "../../static/js/core/store.js" */

const fault = { deed: "hold", sender: "client", frame: "SYN", nth: 1, count: 1, place: null, bit: -1, delay_ms: 0 };
const order = /** @type {Run["order"]} */ ({
  scene: "large", ipv6: true, cold: false, faults: [fault], client_delay_ms: 0, server_delay_ms: 3, server_port: 6789, textbook: false,
});

/**
 * @param {Permission[]} allowed
 * @param {Partial<Run>} [more]
 * @returns {State}
 */
function state(allowed, more = {}) {
  const whole = snapshot({ run: run({ order, held: [], ...more }), allowed });
  return withConnection(reduce(initialState("mine"), whole), { phase: "open", retryAtMs: 0, reason: "" });
}

/** @param {Assert} assert */
export function whatIsAllowedComesWithTheSnapshotAndByItsOwnDelta(assert) {
  const known = state(["start"]);
  assert.deepEqual(known.allowed, ["start"]);
  assert.deepEqual(reduce(known, { kind: "allowed_moved", seq: 8, allowed: ["let_go"] }).allowed, ["let_go"]);
}

/** @param {Assert} assert */
export function aStudentHasTheButtonWhereTheStartIsAllowed(assert) {
  assert.equal(startWords(initialState()), "");
  assert.equal(startWords(state([])), "");
  assert.equal(startWords(state(["let_go"])), "");
  assert.equal(startWords(state(["start"])), "Start the run again");
  assert.equal(startWords(state(["start"], { number: 0 })), "Start handshake");
}

/** @param {Assert} assert */
export function whoLooksAroundOrHasComeToTheEndHasNone(assert) {
  const both = state(["start", "let_go"]);
  assert.equal(startWords(withRoam(both, both.playhead)), "");
  assert.equal(startWords(withConnection(both, { phase: "ended", retryAtMs: 0, reason: "" })), "");
}

/** @param {Assert} assert */
export function whatIsStartedAgainIsTheWholeOrderOfTheRunOnTheStage(assert) {
  assert.deepEqual(startAgain(state(["start"])), { kind: "start", ...order });
}

/**
 * The list of a class in an open dialog.
 * @param {State} shown
 * @param {(people: LvPeople, switches: HTMLInputElement[], asked: unknown[]) => void} use
 */
function withPeople(shown, use) {
  const dialog = document.createElement("dialog");
  const people = new LvPeople();
  /** @type {unknown[]} */
  const asked = [];
  dialog.append(people);
  dialog.addEventListener("lv-ask", (event) => asked.push(/** @type {CustomEvent} */ (event).detail));
  document.body.append(dialog);
  people.open(view(shown));
  use(people, [...people.querySelectorAll("input")], asked);
  dialog.remove();
}

/**
 * @param {State} shown
 * @returns {any}
 */
function view(shown) {
  return { state: shown };
}

/** @param {Assert} assert */
export function thePresenterHasASwitchForEachAndAsksForAllThatAreOn(assert) {
  withPeople(state(["let_go"]), (_people, switches, asked) => {
    assert.deepEqual(switches.map((each) => each.closest("label")?.textContent), ["Start the run on the stage again", "Let a held frame go"]);
    assert.deepEqual(switches.map((each) => each.checked), [false, true]);
    for (const each of switches) each.click();
    assert.deepEqual(asked, [{ kind: "allow", allowed: ["start", "let_go"] }, { kind: "allow", allowed: ["start"] }]);
  });
}

/** @param {Assert} assert */
export function aSwitchIsAsTheClassHasItAgainWhereThePressWasRefused(assert) {
  const before = state([]);
  withPeople(before, (people, [start], _asked) => {
    start?.click();
    people.update(view({ ...before, seq: 9 }));
    assert.equal(start?.checked, true);
    people.update(view(withNotice(before, "Another window leads this class.")));
    assert.equal(start?.checked, false);
  });
}

/** @param {Assert} assert */
export function aWindowThatIsLedOrNotConnectedSwitchesNothing(assert) {
  const alone = state([]);
  const attendance = /** @type {State["attendance"]} */ ({ kind: "attendance", following: 0, roaming: 0, projectors: 0, presenters: 2, people: [] });
  const led = { ...alone, leader: "another", attendance };
  const lost = withConnection(alone, { phase: "lost", retryAtMs: 0, reason: "" });
  for (const [shown, isOff] of /** @type {Array<[State, boolean]>} */ ([[alone, false], [led, true], [lost, true]])) {
    withPeople(shown, (people) => assert.equal(people.querySelector("fieldset")?.disabled, isOff));
  }
}
