import { TIME_GAP_EM, layoutLadder } from "../../static/js/core/ladder.js";
import { scene } from "../../static/js/core/scene.js";
import { monoWidth, sansWidth } from "../../static/js/core/text.js";
import { LOST_AT, arrows, timeline } from "../../static/js/core/timeline.js";
import { handshake } from "./frames.js";
import { recorded } from "./made.js";

/** @import { Assert } from "./runner.js" */

const line = timeline(handshake());

/** @param {Assert} assert */
export function framesThatAreToComeHaveNoArrow(assert) {
  assert.deepEqual(arrows(line, 10, 1).map(({ number }) => number), [1]);
  assert.deepEqual(arrows(line, 11, 0).map(({ number, current }) => [number, current]), [[1, false], [2, true]]);
}

/** @param {Assert} assert */
export function anArrowIsDrawnAsItsFrameCrossesTheWire(assert) {
  assert.deepEqual([4, 5, 6].map((index) => arrows(line, index, 0.5)[0]?.drawn), [0, 0.5, 1]);
}

/** @param {Assert} assert */
export function aStateBeginsAtTheHeadOfTheArrowThatBroughtIt(assert) {
  const { rungs, segments } = layoutLadder({ arrows: arrows(line, 10, 1), arrival: 1, whole: false }, 500, 600, 20);
  const received = segments.find(({ state }) => state === "SYN-RECEIVED");
  assert.deepEqual([received?.side, received?.fromY], ["server", rungs[0]?.head.y]);
}

/** @param {Assert} assert */
export function aClientsArrowFallsToTheRightAndAServersToTheLeft(assert) {
  const { left, right, rungs } = layoutLadder(scene(line, 21_900).ladder, 500, 600, 20);
  assert.deepEqual(rungs.map(({ tail, head }) => [tail.x, head.x]), [[left, right], [right, left]]);
  assert.ok(rungs.every(({ tail, head }) => head.y > tail.y));
}

/** @param {Assert} assert */
export function onlyArrowsThatFitWholeAreShownAndTheNewestAlways(assert) {
  const run = timeline(recorded());
  for (const [widthPx, heightPx, em] of [[366, 255, 15.04], [366, 221, 15.04], [544, 459, 24]]) {
    for (const { step, journey } of run.steps) {
      const { top, bottom, rungs, segments, earlier } = layoutLadder(scene(run, step.rest_ms).ladder, widthPx, heightPx, em);
      assert.equal(rungs.at(-1)?.arrow.number, journey.number);
      assert.equal(earlier + rungs.length, journey.number);
      for (const { labelY, head, shown } of rungs) {
        assert.ok(labelY - em >= top && head.y + 0.3 * em <= bottom && shown === 1, `${journey.name}, ${step.title}`);
      }
      for (const { labelY } of segments.filter(({ isNamed }) => isNamed)) assert.ok(labelY - em >= top && labelY <= bottom, `${journey.name}, ${step.title}`);
    }
  }
}

/** @param {Assert} assert */
export function aLadderThatBeginsFurtherUpNamesTheStatesThatItsFirstArrowFound(assert) {
  const run = timeline(recorded());
  const last = run.steps.at(-1)?.step.rest_ms ?? 0;
  const { rungs, segments } = layoutLadder(scene(run, last).ladder, 366, 255, 15.04);
  assert.ok(segments.filter(({ cut }) => cut).every(({ side, state }) => rungs[0]?.arrow.began[side] === state));
  assert.equal(segments.filter(({ cut }) => cut).length, 2);
}

/** @param {Assert} assert */
export function arrowsThatGoFadeBeforeTheOthersMoveUp(assert) {
  const all = arrows(line, 11, 0);
  const heightPx = 150;
  const at = (/** @type {number} */ arrival) => layoutLadder({ arrows: all, arrival, whole: false }, 500, heightPx, 20).rungs;
  assert.deepEqual(at(0).map(({ shown }) => shown), [1, 0]);
  assert.equal(at(0.2)[1]?.head.y, at(0)[1]?.head.y);
  assert.deepEqual(at(1).map(({ arrow, shown }) => [arrow.number, shown]), [[2, 1]]);
}

/** @param {Assert} assert */
export function atTheEndOfTheStoryHandshakeAndCloseStandTogether(assert) {
  const run = timeline(recorded());
  const end = run.steps.at(-1)?.step.rest_ms ?? 0;
  const { rungs, earlier, gapY } = layoutLadder(scene(run, end).ladder, 366, 255, 15.04);
  assert.deepEqual(rungs.map(({ arrow }) => arrow.number), [3, 4, 5, 10, 11, 12]);
  assert.ok(earlier === 6 && gapY > (rungs[2]?.head.y ?? 0) && gapY < (rungs[3]?.labelY ?? 0));
  assert.equal(layoutLadder(scene(run, end).ladder, 600, 500, 18).rungs.length, 12);
}

/** @param {Assert} assert */
export function theTimeGoesBeforeALabelIsCut(assert) {
  const run = timeline(recorded());
  const { ladder } = scene(run, run.steps.at(-1)?.step.rest_ms ?? 0);
  const at = (/** @type {number} */ widthPx) => layoutLadder(ladder, widthPx, 600, 15).rungs.at(-1);
  assert.ok(at(500)?.time.endsWith("µs"));
  const [wide, narrow] = [at(500)?.label, at(270)];
  assert.deepEqual([narrow?.label, narrow?.time], [wide, ""]);
}

/** A run whose second frame is lost: its steps end on the wire. */
function withLoss() {
  const run = recorded();
  const journeys = run.journeys.map((each, index) => (index !== 2 ? each : {
    ...each, lost: true, steps: each.steps.filter(({ half }) => half !== "up"), findings: [{ name: "retransmission", sentence: "" }],
  }));
  return timeline({ ...run, journeys });
}

/** @param {Assert} assert */
export function theArrowOfALostFrameEndsInTheMiddleAndStaysThere(assert) {
  const lost = withLoss();
  const at = lost.steps.findLast(({ journey }) => journey.lost)?.index ?? 0;
  assert.equal(arrows(lost, at, 1).at(-1)?.drawn, LOST_AT);
  assert.equal(arrows(lost, lost.steps.length - 1, 1)[2]?.drawn, LOST_AT);
  assert.equal(arrows(lost, lost.steps.length - 1, 1)[3]?.drawn, 1);
}

/** @param {Assert} assert */
export function whatWiresharkFoundStandsBeforeTheLabelAsFarAsThereIsRoom(assert) {
  const lost = withLoss();
  const step = lost.steps.findLast(({ journey }) => journey.lost)?.step;
  const label = (/** @type {number} */ width) => layoutLadder(scene(lost, step?.rest_ms ?? 0).ladder, width, 400, 16).rungs.at(-1)?.label ?? "";
  assert.ok(label(900).startsWith("[lost, Wireshark: TCP Retransmission] SYN"), label(900));
  assert.ok(label(220).startsWith("[lost] SYN"), label(220));
  assert.ok(label(120).startsWith("[!] S"), label(120));
}

/** @param {Assert} assert */
export function aRunWithoutStatesHasArrowsAndNamesNone(assert) {
  const run = recorded();
  const journeys = run.journeys.map((each) => ({ ...each, steps: each.steps.map((step) => ({ ...step, states: null })) }));
  const bare = timeline({ ...run, journeys });
  const { rungs, segments } = layoutLadder(scene(bare, bare.endMs).ladder, 400, 900, 16);
  assert.equal(rungs.length, run.journeys.length);
  assert.deepEqual([...new Set(segments.map(({ state }) => state))], [""]);
}

/** @param {Assert} assert */
export function whatTheLabelSaysAlreadyIsNotSaidTwice(assert) {
  const run = recorded();
  const journeys = run.journeys.map((each) => ({ ...each, arrow: "Duplicate ACK 2", findings: [{ name: "duplicate_ack", sentence: "", told: true }] }));
  const line = timeline({ ...run, journeys });
  const { rungs } = layoutLadder(scene(line, line.steps[0]?.step.rest_ms ?? 0).ladder, 900, 400, 16);
  assert.equal(rungs[0]?.label, "Duplicate ACK 2");
}

/** @param {Assert} assert */
export function aTimeNeverStandsWithoutItsUnitAndEveryRowOfALadderOfTheStageHasOne(assert) {
  const run = timeline(recorded());
  for (const widthPx of [150, 200, 250, 310, 366, 420]) {
    for (const { step, journey } of run.steps) {
      for (const { time, label } of layoutLadder(scene(run, step.rest_ms).ladder, widthPx, 600, 15.04).rungs) {
        assert.ok(time === "" || /^[\d,.]+ (µs|ms|s)$/.test(time), time);
        assert.ok(time !== "" || widthPx < 350, `${journey.name} at ${widthPx}: ${label}`);
      }
    }
  }
}

/** @param {Assert} assert */
export function aLongLabelGivesItsRowsTimeRoom(assert) {
  const run = recorded();
  const arrow = "GET /a/very/long/path/that/goes/on/and/on, 4096 bytes";
  const line = timeline({ ...run, journeys: run.journeys.map((each) => ({ ...each, arrow, time_us: 20048 })) });
  const [rung] = layoutLadder(scene(line, line.steps[9]?.step.rest_ms ?? 0).ladder, 366, 400, 15.04).rungs;
  assert.ok(rung?.label.endsWith("…"), rung?.label);
  assert.equal(rung?.time, "20.05 ms");
}

/** @param {Assert} assert */
export function aLadderHasOneUnitAndNoTimeOrLabelComesNearALifeLine(assert) {
  for (const stretch of [1, 40, 4000]) {
    const made = recorded();
    const run = timeline({ ...made, journeys: made.journeys.map((each) => ({ ...each, time_us: each.time_us * stretch })) });
    for (const widthPx of [280, 318, 366, 544]) {
      const { rungs, left, right } = layoutLadder(scene(run, run.endMs).ladder, widthPx, 900, 16);
      const times = rungs.filter(({ time }) => time !== "");
      assert.ok(times.length > 0);
      assert.equal(new Set(times.map(({ time }) => time.split(" ")[1])).size, 1, times.map(({ time }) => time).join());
      if (widthPx < 400) assert.equal(new Set(times.map(({ time }) => /\.(\d+)/.exec(time)?.[1]?.length)).size, 1, times.map(({ time }) => time).join());
      for (const { label, time, arrow } of rungs) {
        const width = sansWidth(label, arrow.current) + (time === "" ? 0 : TIME_GAP_EM + monoWidth(time));
        assert.ok((width + 1.6) * 16 <= right - left + 1e-6, `${label} ${time} at ${widthPx}`);
      }
    }
  }
}

/** @param {Assert} assert */
export function whatIsSentAgainAlwaysHasItsTime(assert) {
  const made = recorded();
  const findings = [{ name: "retransmission", sentence: "", told: false }];
  const run = timeline({ ...made, journeys: made.journeys.map((each, index) => ({ ...each, findings, time_us: index * 1_010_000 })) });
  for (const widthPx of [250, 318, 366]) {
    const times = layoutLadder(scene(run, run.endMs).ladder, widthPx, 900, 16).rungs.map(({ time }) => time);
    assert.ok(times.every((time) => time !== ""), `${widthPx}: ${times.join()}`);
  }
}

/** @param {Assert} assert */
export function aPageThatIsBeingLaidOutHasALadderOfNoHeightAndNotOfLess(assert) {
  const { top, bottom } = layoutLadder({ arrows: arrows(line, 10, 1), arrival: 1, whole: false }, 364, 26.4, 16);
  assert.equal(bottom - top, 0);
}
