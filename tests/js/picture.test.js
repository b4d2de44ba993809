import "../../static/js/elements/lv-ladder.js";
import "../../static/js/elements/lv-stack.js";
import "../../static/js/elements/lv-wire.js";
import { scene } from "../../static/js/core/scene.js";
import { timeline } from "../../static/js/core/timeline.js";
import { initialState } from "../../static/js/core/store.js";
import { Pen } from "../../static/js/drawing/picture.js";
import { handshake } from "./frames.js";
import { snapshot } from "./samples.js";

/** @import { Assert } from "./runner.js" */
/** @import { Run } from "../../static/js/core/messages.js" */
/** @import { Picture, View } from "../../static/js/drawing/picture.js" */

/**
 * @param {Run} run
 * @param {number} instantMs
 * @returns {View}
 */
function viewAt(run, instantMs) {
  const line = timeline(run);
  return { state: { ...initialState(), run, lab: snapshot().lab }, timeline: line, scene: scene(line, instantMs), reducedMotion: false };
}

/**
 * The picture's SVG after it was shown at each instant in turn.
 * @param {string} tag
 * @param {Run} run
 * @param {number[]} instants
 * @returns {Promise<SVGSVGElement>}
 */
async function drawn(tag, run, instants) {
  const element = /** @type {Picture} */ (document.createElement(tag));
  element.style.cssText = "display: block; width: 700px; height: 560px; font-size: 20px";
  document.body.append(element);
  await new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)); });
  for (const instant of instants) element.update(viewAt(run, instant));
  const svg = /** @type {SVGSVGElement} */ (element.querySelector("svg"));
  element.remove();
  return svg;
}

const PICTURES = ["lv-stack", "lv-ladder", "lv-wire"];

/** @param {Assert} assert */
export async function theTreeAtAnInstantIsTheSameAfterPlayingAndAfterJumping(assert) {
  const run = handshake();
  const through = Array.from({ length: 220 }, (_, index) => index * 100);
  for (const tag of PICTURES) {
    const played = await drawn(tag, run, [...through, 5250]);
    const jumped = await drawn(tag, run, [5250]);
    assert.equal(played.innerHTML, jumped.innerHTML, tag);
    assert.ok(played.querySelectorAll("text").length > 0, tag);
  }
}

/** @param {Assert} assert */
export async function theWordSimulatedIsPartOfWireAndLadder(assert) {
  for (const tag of ["lv-wire", "lv-ladder"]) {
    assert.ok((await drawn(tag, handshake({ source: "simulated" }), [5250])).textContent?.includes("SIMULATED"), tag);
    assert.ok(!(await drawn(tag, handshake(), [5250])).textContent?.includes("SIMULATED"), tag);
  }
}

/** @param {Assert} assert */
export async function beforeTheFirstRunTheLadderSaysWhatToPress(assert) {
  const svg = await drawn("lv-ladder", handshake({ number: 0, journeys: [] }), [0]);
  assert.ok(svg.textContent?.includes("Press Start handshake"));
}

/** @param {Assert} assert */
export async function anOpenLayerShowsTheRealValuesOfItsStep(assert) {
  assert.ok((await drawn("lv-stack", handshake(), [1900])).textContent?.includes("35310 → 80"));
}

/** @param {Assert} assert */
export async function everyPictureHasAName(assert) {
  for (const tag of PICTURES) assert.ok((await drawn(tag, handshake(), [5250])).getAttribute("aria-label"), tag);
}

/** @param {Assert} assert */
export function thePenKeepsANodeUnderItsKeyAndRemovesWhatIsNotDrawn(assert) {
  const svg = /** @type {SVGSVGElement} */ (document.createElementNS("http://www.w3.org/2000/svg", "svg"));
  const pen = new Pen(svg);
  const draw = (/** @type {string[]} */ keys) => {
    pen.begin(10, 10);
    for (const key of keys) pen.text(key, key, "", 0, 0);
    pen.done();
    return [...svg.children];
  };
  const [a, b] = draw(["a", "b"]);
  assert.ok(draw(["b"])[0] === b);
  assert.ok(draw(["a", "b"])[0] === a);
  assert.equal(svg.textContent, "ab");
}

/** @param {Assert} assert */
export async function theOneLiveRegionSpeaksWhenTheStepStaysAndNotForThoseThatPass(assert) {
  const caption = /** @type {Picture} */ (document.createElement("lv-caption"));
  document.body.append(caption);
  const region = /** @type {HTMLElement} */ (caption.querySelector("[aria-live=polite]"));
  const spoken = new Set();
  const watch = new MutationObserver(() => spoken.add(region.textContent));
  watch.observe(region, { childList: true, characterData: true, subtree: true });
  const run = handshake();
  const heard = new Promise((done) => { new MutationObserver(done).observe(region, { childList: true }); });
  for (let instant = 0; instant < 6000; instant += 20) caption.update(viewAt(run, instant));
  await heard;
  await Promise.resolve();
  assert.deepEqual([...spoken], ["step 6. What happens."]);
  caption.remove();
}

/** @param {Assert} assert */
export function whatBecomesAnotherShapeIsDrawnAsThat(assert) {
  const svg = /** @type {SVGSVGElement} */ (document.createElementNS("http://www.w3.org/2000/svg", "svg"));
  const pen = new Pen(svg);
  for (const draw of [() => pen.rect("mark", { x: 1 }), () => pen.circle("mark", { r: 2 }), () => pen.rect("mark", { x: 1 })]) {
    pen.begin(10, 10);
    draw();
    pen.done();
    assert.equal(svg.children.length, 1);
  }
  assert.equal(svg.firstElementChild?.localName, "rect");
  pen.begin(10, 10);
  pen.circle("mark", { r: 2 });
  pen.done();
  assert.equal(svg.firstElementChild?.outerHTML.startsWith("<circle"), true, svg.innerHTML);
}
