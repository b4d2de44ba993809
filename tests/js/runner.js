// Runs one exported function of one test module, and says what went wrong.

/**
 * @typedef {{
 *   equal(got: unknown, wanted: unknown, why?: string): void,
 *   deepEqual(got: unknown, wanted: unknown, why?: string): void,
 *   ok(got: unknown, why?: string): void,
 *   throws(act: () => unknown, why?: string): void,
 * }} Assert
 */

/** @type {Assert} */
const assert = {
  equal(got, wanted, why = "") {
    if (!Object.is(got, wanted)) fail(why, got, wanted);
  },
  deepEqual(got, wanted, why = "") {
    if (text(got) !== text(wanted)) fail(why, got, wanted);
  },
  ok(got, why = "") {
    if (!got) fail(why, got, "something true");
  },
  throws(act, why = "") {
    try {
      act();
    } catch {
      return;
    }
    fail(why, "nothing thrown", "an error");
  },
};

/**
 * @param {string} why
 * @param {unknown} got
 * @param {unknown} wanted
 */
function fail(why, got, wanted) {
  throw new Error(`${why}\n     got: ${text(got)}\n  wanted: ${text(wanted)}`);
}

/**
 * As JSON with the keys in order, so that two equal values are equal texts; what JSON has no word for is named.
 * @param {unknown} value
 * @returns {string}
 */
function text(value) {
  return JSON.stringify(value, (_key, each) => {
    if (each === undefined) return "(undefined)";
    if (typeof each === "number" && !Number.isFinite(each)) return `(${each})`;
    if (each instanceof Map || each instanceof Set) return [...each];
    if (each === null || typeof each !== "object" || Array.isArray(each)) return each;
    return Object.fromEntries(Object.entries(each).sort(([one], [other]) => (one < other ? -1 : 1)));
  }) ?? "(undefined)";
}

/**
 * @param {string} module
 * @param {string} name
 * @returns {Promise<string>} empty where the test passed
 */
async function runTest(module, name) {
  try {
    await (await import(module))[name](assert);
    return "";
  } catch (error) {
    return error instanceof Error ? `${error.message}\n${error.stack ?? ""}` : String(error);
  }
}

Object.assign(window, { runTest });

export { runTest };
