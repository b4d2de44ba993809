import { bestOffset, isFinal, pauseMs, sample } from "../../static/js/live/socket.js";

/** @import { Assert } from "./runner.js" */

/** @param {Assert} assert */
export function thePauseDoublesAndIsLongOnlyAfterAMinute(assert) {
  assert.deepEqual([1, 2, 3, 4, 5, 6, 7, 60].map((failures) => pauseMs(failures, 1006, 0.5)),
    [250, 500, 1000, 1400, 1400, 1400, 1400, 8000]);
}

/** @param {Assert} assert */
export function chanceSpreadsAWholeClassByAQuarterEitherWay(assert) {
  assert.equal(pauseMs(3, 1006, 0), 750);
  assert.equal(pauseMs(3, 1006, 1), 1250);
}

/** @param {Assert} assert */
export function aServerThatGaveAReasonIsLeftInPeaceForLonger(assert) {
  assert.equal(pauseMs(1, 4429, 0.5), 4000);
  assert.equal(pauseMs(1, 4500, 0.5), 250);
}

/** @param {Assert} assert */
export function theClockOfTheQuickestRoundTripIsBelieved(assert) {
  const slow = sample(0, 5150, 200);
  const quick = sample(1000, 6010, 1020);
  assert.equal(bestOffset([slow, quick, slow]), 5000);
}

/** @param {Assert} assert */
export function onlyWhatCannotChangeIsFinal(assert) {
  assert.deepEqual([4403, 4404, 4410].map(isFinal), [true, true, true]);
  assert.deepEqual([1000, 1006, 1012, 4400, 4408, 4413, 4429].map(isFinal), Array(7).fill(false));
}
