import { decimal, language, number, say, sayAs, sayMany } from "../../static/js/core/say.js";
import { wireText } from "../../static/js/core/words.js";

/** @import { Assert } from "./runner.js" */

/** What Django's script leaves behind, as far as say.js asks it: a language with a plural of its own for 2. */
const CATALOGUE = {
  gettext: (/** @type {string} */ message) => ({ "Frame {number} of {all}": "Von {all} der Frame {number}" })[message] ?? message,
  pgettext: (/** @type {string} */ sense, /** @type {string} */ message) => (sense === "letter of the link layer" ? "S" : message),
  ngettext: (/** @type {string} */ one, /** @type {string} */ many, /** @type {number} */ count) => (
    one === "{count} bit" ? ["null Bit", "ein Bit", "zwei Bit", "{count} Bit"][Math.min(count, 3)] ?? "" : count === 1 ? one : many),
};

/**
 * Acts as on a page in that language, and leaves the page as it was.
 * @param {string} spoken
 * @param {() => void} act
 */
function spokenIn(spoken, act) {
  const root = document.documentElement;
  const before = root.lang;
  root.lang = spoken;
  try {
    act();
  } finally {
    root.lang = before;
  }
}

/**
 * @param {() => void} act
 */
function withCatalogue(act) {
  Object.assign(globalThis, CATALOGUE);
  try {
    spokenIn("de", act);
  } finally {
    for (const name of Object.keys(CATALOGUE)) Reflect.deleteProperty(globalThis, name);
  }
}

/** @param {Assert} assert */
export function withoutACatalogueASentenceIsEnglish(assert) {
  assert.equal(say("The wire is idle"), "The wire is idle");
  assert.equal(say("Frame {number} of {all}", { number: 2, all: 5 }), "Frame 2 of 5");
  assert.equal(sayAs("letter of the link layer", "L"), "L");
  assert.deepEqual([0, 1, 2].map((count) => sayMany("{count} bit", "{count} bits", count)), ["0 bits", "1 bit", "2 bits"]);
}

/** @param {Assert} assert */
export function aTranslationMayOrderItsValuesAnew(assert) {
  withCatalogue(() => assert.equal(say("Frame {number} of {all}", { number: 2, all: 5 }), "Von 5 der Frame 2"));
}

/** @param {Assert} assert */
export function whatTheCatalogueLacksStaysEnglish(assert) {
  withCatalogue(() => {
    assert.equal(say("Not said yet: {what}", { what: "this" }), "Not said yet: this");
    assert.equal(sayMany("{count} thing", "{count} things", 2), "2 things");
  });
}

/** @param {Assert} assert */
export function aLanguageMayHaveMorePluralsThanEnglish(assert) {
  withCatalogue(() => {
    const said = [1, 2, 3].map((count) => sayMany("{count} bit", "{count} bits", count));
    assert.deepEqual(said, ["ein Bit", "zwei Bit", "3 Bit"]);
  });
}

/** @param {Assert} assert */
export function aWordOfSeveralSensesIsSaidInTheOneThatIsMeant(assert) {
  withCatalogue(() => assert.deepEqual([sayAs("letter of the link layer", "L"), sayAs("letter of a road", "L")], ["S", "L"]));
}

/** @param {Assert} assert */
export function aValueWithBracesInItIsDataAndBracesWithoutAValueStay(assert) {
  assert.equal(say("{name}: {sentence} {missing}", { name: "{sentence}", sentence: "$& {name}" }), "{sentence}: $& {name} {missing}");
  assert.equal(say("{toString}", {}), "{toString}");
}

/** @param {Assert} assert */
export function theCountMayComeInTheReadersManner(assert) {
  assert.equal(sayMany("{count} frame", "{count} frames", 40000), "40000 frames");
  assert.equal(sayMany("{count} frame", "{count} frames", 40000, { count: number(40000) }), "40,000 frames");
}

/** @param {Assert} assert */
export function numbersAreWrittenAsTheReaderOfThePageWritesThem(assert) {
  assert.deepEqual([number(5123.4), decimal(5123.44, 1), decimal(0.5, 3)], ["5,123.4", "5,123.4", "0.500"]);
  spokenIn("de", () => {
    assert.deepEqual([number(5123.4), decimal(5123.44, 1), decimal(0.5, 3)], ["5.123,4", "5.123,4", "0,500"]);
    assert.equal(wireText(1234567, 2e6), "1.234,567 ms");
  });
  assert.equal(number(5123.4), "5,123.4");
}

/** @param {Assert} assert */
export function theLanguageIsThePages(assert) {
  assert.equal(language(), "en");
  spokenIn("de", () => assert.equal(language(), "de"));
  spokenIn("", () => assert.equal(language(), "en"));
}
