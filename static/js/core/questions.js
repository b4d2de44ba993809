// What a class is asked, in words and figures: the same on the students' pages, the projector and the presenter's page.
// Knows nothing of the page.

import { number as shownNumber, say, sayMany } from "./say.js";

/** @import { Question, Replied, Replies } from "./messages.js" */

const LETTERS = "ABCDEFGH";

/**
 * What a choice is called in the classroom.
 * @param {number} index
 * @returns {string}
 */
export function letter(index) {
  return LETTERS.charAt(index);
}

/**
 * @param {Question} question
 * @returns {string}
 */
export function countText({ answered }) {
  return answered === 0 ? say("Nobody has answered yet.") : sayMany("{count} has answered.", "{count} have answered.", answered);
}

/**
 * How many chose it, and what part of all that is: 0 where nobody has answered.
 * @param {Question} question
 * @param {number} index
 * @returns {{ figure: string, part: number }}
 */
export function shareOf({ revealed, answered }, index) {
  const chosen = revealed?.counts[index] ?? 0;
  const part = answered === 0 ? 0 : chosen / answered;
  const percent = shownNumber(Math.round(part * 100));
  return { figure: say("{chosen} of {answered} ({percent} %)", { chosen, answered, percent }), part };
}

/**
 * What a student is told of the own answer.
 * @param {Question} question
 * @param {Replied | null} replied
 * @returns {string}
 */
export function ownText(question, replied) {
  const own = ownChoice(question, replied);
  const { revealed } = question;
  if (revealed === null) return own === null ? say("Choose one: the first answer counts.") : say("Your answer: {letter}.", { letter: letter(own) });
  const right = letter(revealed.right);
  if (own === null) return say("The answer is {right}.", { right });
  return own === revealed.right ? say("Right: {right}.", { right }) : say("Not right: you said {own}, the answer is {right}.", { own: letter(own), right });
}

/**
 * @param {Question} question
 * @param {Replied | null} replied
 * @returns {number | null} null where this student has not answered
 */
export function ownChoice({ number }, replied) {
  return replied?.question === number ? replied.choice : null;
}

/**
 * Who has answered what, for the presenter: those of this question only.
 * @param {Question} question
 * @param {Replies | null} replies
 * @returns {Array<{ name: string, letter: string, isRight: boolean | null }>}
 */
export function answersOf({ number, revealed }, replies) {
  if (replies?.question !== number) return [];
  return replies.replies.map((each) => ({
    name: each.name === "" ? say("No name, {number}", { number: each.number }) : each.name,
    letter: letter(each.choice),
    isRight: revealed === null ? null : each.choice === revealed.right,
  }));
}
