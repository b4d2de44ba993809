// Who is in the class, in words and in the order in which a presenter looks for them. Knows nothing of the page.

import { number, say, sayMany } from "./say.js";

/** @import { Attendance, Person } from "./messages.js" */

/**
 * Who roams comes first; then by name, those without one last, by number.
 * @param {readonly Person[]} people
 * @returns {Person[]}
 */
export function inOrder(people) {
  return [...people].sort((one, other) =>
    rank(one) - rank(other) || one.name.localeCompare(other.name) || one.number - other.number);
}

/**
 * @param {Person} person
 * @returns {number}
 */
function rank({ mode, name }) {
  return (mode === "roam" ? 0 : 2) + (name === "" ? 1 : 0);
}

/**
 * @param {Person} person
 * @returns {string}
 */
export function nameOf({ name, number: which }) {
  return name === "" ? say("Student {number}", { number: which }) : name;
}

/**
 * Whether a student follows, and where one is who roams.
 * @param {Person} person
 * @returns {string}
 */
export function standText({ mode, frame, step }) {
  if (mode === "follow") return say("follows");
  return frame === 0 ? say("looks around") : say("looks around: frame {frame}, step {step}", { frame, step });
}

/**
 * A round trip over the connection: '12 ms', empty where none has been measured.
 * @param {number | null | undefined} milliseconds
 * @returns {string}
 */
export function roundTripText(milliseconds) {
  if (milliseconds === null || milliseconds === undefined) return "";
  return milliseconds < 1 ? say("under 1 ms") : `${number(Math.round(milliseconds))} ms`;
}

/**
 * The numbers: students, projectors, windows of a presenter's.
 * @param {Attendance} attendance
 * @returns {string[]}
 */
export function countTexts({ following, roaming, projectors, presenters }) {
  return [
    sayMany("{count} follows", "{count} follow", following),
    sayMany("{count} looks around", "{count} look around", roaming),
    projectors === 0 ? say("no projector") : sayMany("{count} projector", "{count} projectors", projectors),
    sayMany("{count} presenter's window", "{count} presenter's windows", presenters),
  ];
}

/**
 * How many are here beyond those who are listed.
 * @param {Attendance} attendance
 * @returns {number}
 */
export function unlisted({ following, roaming, people }) {
  return Math.max(following + roaming - people.length, 0);
}
