import { answersOf, countText, letter, ownChoice, ownText, shareOf } from "../../static/js/core/questions.js";
import { roam } from "../../static/js/core/roaming.js";
import { initialState, isBeginning, reduce, seen, whole, withheld, withRoam } from "../../static/js/core/store.js";
import { timeline } from "../../static/js/core/timeline.js";
import { nextWords, placeText } from "../../static/js/core/words.js";
import { Choices } from "../../static/js/drawing/spread.js";
import { run, snapshot } from "./samples.js";

/** @import { Assert } from "./runner.js" */
/** @import { Question, Spread } from "../../static/js/core/messages.js" */

/** @type {Spread} */
const SPREAD = { right: 1, counts: [1, 3, 0, 0], why: "because" };

/**
 * @param {Partial<Question>} more
 * @returns {Question}
 */
function question(more = {}) {
  return {
    number: 77, run: 1, frame: 1, step: 1, kind: "flags", text: "Which?", choices: ["SYN", "ACK", "FIN", "RST"], answered: 4, revealed: null, ...more,
  };
}

const asked = () => reduce(initialState(), snapshot({ question: question() }));

/** @param {Assert} assert */
export function whileTheClassIsAskedTheRunEndsAtTheStep(assert) {
  const { run: shown } = withheld(seen(asked()));
  assert.equal(shown?.journeys.length, 1);
  assert.equal(shown?.journeys[0]?.steps.length, 1);
  assert.ok(isBeginning(shown));
  assert.equal(asked().run?.journeys.length, 2, "what is known stays known");
}

/** @param {Assert} assert */
export function theSameRunAndPlaceGiveTheSameTimeline(assert) {
  const state = asked();
  assert.equal(withheld(state).run, withheld({ ...state, connected: true }).run);
  const later = { ...state, question: question({ step: 2 }) };
  assert.equal(withheld(later).run?.journeys[0]?.steps.length, 2);
}

/** @param {Assert} assert */
export function afterTheAnswerAndInAnotherRunNothingIsWithheld(assert) {
  const revealed = { ...asked(), question: question({ revealed: SPREAD }) };
  const other = { ...asked(), question: question({ run: 2 }) };
  const none = { ...asked(), question: null };
  for (const state of [revealed, other, none]) assert.equal(withheld(state), state);
}

/** @param {Assert} assert */
export function aStepThatIsWithheldStillTellsWhichLayersItsFrameConcerns(assert) {
  const cut = withheld(asked()).run?.journeys[0];
  if (cut === undefined) return assert.ok(false);
  assert.equal(whole(cut).steps.length, 2);
  const all = run().journeys[1];
  if (all !== undefined) assert.equal(whole(all), all);
}

/** @param {Assert} assert */
export function whoLooksAroundCannotComeBehindTheQuestion(assert) {
  const { state, line } = (() => {
    const roaming = withRoam(asked(), { ...asked().playhead, run: 1, instant_ms: 0, playing: false });
    const shown = withheld(seen(roaming));
    return { state: shown, line: timeline(shown.run) };
  })();
  const endMs = line.endMs;
  assert.equal(endMs, 1000);
  const played = roam(state.playhead, { kind: "play" }, line, 0);
  assert.equal(played.until_ms, endMs);
  assert.equal(roam(state.playhead, { kind: "seek", instant_ms: 9000 }, line, 0).instant_ms, endMs);
  const rested = { ...state.playhead, instant_ms: 400 };
  assert.equal(roam(rested, { kind: "move_step", by: 1 }, line, 0), rested);
  assert.equal(roam(rested, { kind: "move_frame", by: 1 }, line, 0), rested);
}

/** @param {Assert} assert */
export function aRoamersOwnRunIsKeptWhole(assert) {
  const roaming = withRoam(asked(), asked().playhead);
  assert.equal(roaming.roam?.run?.journeys.length, 2);
}

/** @param {Assert} assert */
export function anotherRunEndsTheQuestion(assert) {
  const next = reduce(asked(), { kind: "run_opened", seq: 8, run: run({ number: 2, journeys: [] }), playhead: asked().playhead });
  assert.equal(next.question, null);
}

/** @param {Assert} assert */
export function theQuestionMovesWithItsDelta(assert) {
  const revealed = question({ revealed: SPREAD });
  const state = reduce(asked(), { kind: "question_moved", seq: 8, question: revealed });
  assert.deepEqual(state.question, revealed);
  assert.equal(reduce(state, { kind: "question_moved", seq: 9, question: null }).question, null);
}

/** @param {Assert} assert */
export function whatIsForThisPageAloneNeedsNoNumber(assert) {
  const state = reduce(asked(), { kind: "replied", question: 77, choice: 2 });
  assert.equal(ownChoice(question(), state.replied), 2);
  assert.equal(ownChoice(question({ number: 78 }), state.replied), null);
  assert.equal(state.seq, asked().seq);
  const offered = reduce(state, { kind: "offered", frame: 1, step: 2, offers: [] });
  assert.equal(offered.offered?.step, 2);
}

/** @param {Assert} assert */
export function theHeadDoesNotSayHowManyFramesThereAreInABeginning(assert) {
  const line = timeline(withheld(asked()).run);
  const stop = line.steps[0];
  if (stop === undefined) return assert.ok(false);
  assert.equal(placeText(line, stop), "Frame 1");
  assert.deepEqual(nextWords(withheld(asked()), stop, null), { isNext: true, frame: "", step: "Show the answer" });
}

/** @param {Assert} assert */
export function aShareIsAFigureAndAPart(assert) {
  assert.deepEqual(shareOf(question({ revealed: SPREAD }), 1), { figure: "3 of 4 (75 %)", part: 0.75 });
  assert.deepEqual(shareOf(question({ answered: 0, revealed: { ...SPREAD, counts: [0, 0, 0, 0] } }), 1), { figure: "0 of 0 (0 %)", part: 0 });
}

/** @param {Assert} assert */
export function eachStudentHearsOfTheOwnAnswer(assert) {
  const own = { kind: /** @type {"replied"} */ ("replied"), question: 77, choice: 0 };
  assert.equal(ownText(question(), null), "Choose one: the first answer counts.");
  assert.equal(ownText(question(), own), "Your answer: A.");
  assert.equal(ownText(question({ revealed: SPREAD }), own), "Not right: you said A, the answer is B.");
  assert.equal(ownText(question({ revealed: SPREAD }), { ...own, choice: 1 }), "Right: B.");
  assert.equal(ownText(question({ revealed: SPREAD }), null), "The answer is B.");
  assert.equal(letter(3), "D");
  assert.equal(countText(question({ answered: 1 })), "1 has answered.");
}

/** @param {Assert} assert */
export function thePresenterSeesAnswersOfThisQuestionOnly(assert) {
  const replies = { kind: /** @type {"replies"} */ ("replies"), question: 77, replies: [{ number: 1, name: "Ada", choice: 1 }, { number: 2, name: "", choice: 0 }] };
  assert.deepEqual(answersOf(question(), replies).map(({ name, isRight }) => [name, isRight]), [["Ada", null], ["No name, 2", null]]);
  assert.deepEqual(answersOf(question({ revealed: SPREAD }), replies).map(({ isRight }) => isRight), [true, false]);
  assert.deepEqual(answersOf(question({ number: 78 }), replies), []);
}

/** @param {Assert} assert */
export function aChoiceCanBePressedOnceAndTellsWhatIsRightOnlyAfterwards(assert) {
  /** @type {number[]} */
  const pressed = [];
  const choices = new Choices((index) => pressed.push(index));
  choices.update(question(), { own: null, sent: null });
  const buttons = [...choices.node.querySelectorAll("button")];
  buttons[2]?.click();
  assert.deepEqual(pressed, [2]);
  assert.equal(choices.node.querySelector("[data-right]"), null);
  choices.update(question(), { own: 2, sent: null });
  buttons[0]?.click();
  assert.deepEqual(pressed, [2]);
  choices.update(question({ revealed: SPREAD }), { own: 2, sent: null });
  assert.equal([...choices.node.children].findIndex((item) => item.hasAttribute("data-right")), 1);
  assert.equal(choices.node.querySelectorAll(".share:not([hidden])").length, 4);
  assert.equal(choices.node.querySelector("button"), buttons[0] ?? null, "the same nodes stay");
}
