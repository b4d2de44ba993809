import { instantAt, isMoving } from "../../static/js/core/motion.js";

/** @import { Assert } from "./runner.js" */

const playing = { run: 1, instant_ms: 1000, at_ms: 50_000, rate: 2, playing: true, until_ms: 4000 };

/** @param {Assert} assert */
export function aRestingPlayheadStaysWhereItIs(assert) {
  assert.equal(instantAt({ ...playing, playing: false }, 99_000), 1000);
}

/** @param {Assert} assert */
export function whilePlayingTheInstantGrowsByTheRate(assert) {
  assert.equal(instantAt(playing, 50_500), 2000);
}

/** @param {Assert} assert */
export function theInstantNeverPassesWhereThePlayheadRests(assert) {
  assert.equal(instantAt(playing, 90_000), 4000);
}

/** @param {Assert} assert */
export function aClockThatIsBehindTheServersShowsTheBeginningNotThePast(assert) {
  assert.equal(instantAt(playing, 49_000), 1000);
}

/** @param {Assert} assert */
export function itMovesUntilItRests(assert) {
  assert.ok(isMoving(playing, 51_499));
  assert.ok(!isMoving(playing, 51_500));
  assert.ok(!isMoving({ ...playing, playing: false }, 50_000));
}
