// Sentences and numbers for people, in the page's language: the mirror of layersviz/core/said.py.
// The page's catalogue is Django's script, there before any module runs; without one everything is English.

/**
 * A template's braces are filled with these; a number that people read comes through `number`.
 * @typedef {Record<string, string | number>} Values
 */

/**
 * What Django's catalogue script leaves behind: gettext's questions.
 * @typedef {{
 *   gettext?: (message: string) => string, pgettext?: (sense: string, message: string) => string,
 *   ngettext?: (one: string, many: string, count: number) => string,
 * }} Catalogue
 */

/**
 * One sentence, or part of one: say("Frame {n} of {all}", { n: 2, all: 5 }). The template is a plain literal, whole
 * enough for another language to order its words anew.
 * @param {string} template
 * @param {Values} [values]
 * @returns {string}
 */
export function say(template, values) {
  const said = catalogue().gettext?.(template) ?? template;
  return values === undefined ? said : filled(said, values);
}

/**
 * The same where an English word has several senses: sayAs("letter of a layer", "L"). Gettext calls the sense a context.
 * @param {string} sense
 * @param {string} template
 * @param {Values} [values]
 * @returns {string}
 */
export function sayAs(sense, template, values) {
  const said = catalogue().pgettext?.(sense, template) ?? template;
  return values === undefined ? said : filled(said, values);
}

/**
 * The first template where the count is 1, else the second, or whatever numbers the language has; `{count}` is filled
 * with the count as it is, unless the values have a better one.
 * @param {string} one
 * @param {string} many
 * @param {number} count
 * @param {Values} [values]
 * @returns {string}
 */
export function sayMany(one, many, count, values) {
  const said = catalogue().ngettext?.(one, many, count) ?? (count === 1 ? one : many);
  return filled(said, { count, ...values });
}

/**
 * A number in the reader's manner: 5123.4 -> '5,123.4', in German '5.123,4'.
 * @param {number} value
 * @param {Intl.NumberFormatOptions} [options]
 * @returns {string}
 */
export function number(value, options) {
  return formatOf(options).format(value);
}

/**
 * A number with that many decimal places: (5.25, 1) -> '5.3'.
 * @param {number} value
 * @param {number} places
 * @returns {string}
 */
export function decimal(value, places) {
  return number(value, PLACES[places] ??= { minimumFractionDigits: places, maximumFractionDigits: places });
}

/** @type {Intl.NumberFormatOptions[]} options that are the same object each time are found again */
const PLACES = [];
/** @type {Intl.NumberFormatOptions} */
const PLAIN = {};

/**
 * The language that the page is in, as its markup says: 'en', 'de'.
 * @returns {string}
 */
export function language() {
  return globalThis.document?.documentElement.lang || "en";
}

/**
 * Making a format takes a hundred times as long as using it, so those that were made are kept.
 * @type {Map<string, WeakMap<Intl.NumberFormatOptions, Intl.NumberFormat>>}
 */
const formats = new Map();

/**
 * @param {Intl.NumberFormatOptions} options
 * @returns {Intl.NumberFormat}
 */
function formatOf(options = PLAIN) {
  const spoken = language();
  const known = formats.get(spoken) ?? new WeakMap();
  formats.set(spoken, known);
  const format = known.get(options) ?? new Intl.NumberFormat(spoken, options);
  known.set(options, format);
  return format;
}

/** @returns {Catalogue} */
function catalogue() {
  return /** @type {Catalogue} */ (globalThis);
}

/**
 * Braces that have no value stay as they are: a translation with a slip in it is better than none.
 * @param {string} template
 * @param {Values} values
 * @returns {string}
 */
function filled(template, values) {
  return template.replace(/\{(\w+)\}/g, (brace, name) => (Object.hasOwn(values, name) ? String(values[name]) : brace));
}
