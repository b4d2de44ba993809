import { arrows, layoutLadder, timeText } from "../../static/js/core/ladder.js";
import { scene } from "../../static/js/core/scene.js";
import { timeline } from "../../static/js/core/timeline.js";
import { handshake } from "./frames.js";

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
  const { rungs, segments } = layoutLadder({ arrows: arrows(line, 10, 1), arrival: 1 }, 500, 600, 20);
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
export function whenThereAreMoreThanFitTheNewestIsSeenWhole(assert) {
  const { bottom, top, rungs } = layoutLadder(scene(line, 21_900).ladder, 500, 180, 20);
  assert.ok((rungs[0]?.head.y ?? 0) < top);
  assert.ok((rungs[1]?.head.y ?? Infinity) <= bottom && (rungs[1]?.labelY ?? 0) > top);
}

/** @param {Assert} assert */
export function timesAreMicrosecondsThroughout(assert) {
  assert.deepEqual([timeText(0), timeText(349.4), timeText(1234567.8)], ["0 µs", "349 µs", "1,234,568 µs"]);
}
