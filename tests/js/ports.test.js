import { countText, endText, isShown, rangeText, readPort, stateText, waits } from "../../static/js/core/ports.js";

/** @import { Assert } from "./runner.js" */
/** @import { SocketRow } from "../../static/js/core/messages.js" */

/** @type {SocketRow} */
const listener = {
  host: "", command: "nginx", pid: 802, user: "www-data", family: "IPv4", protocol: "TCP", local_ip: "0.0.0.0", local_port: 80,
  remote_ip: "", remote_port: 0, state: "LISTEN", expires_ms: null,
};
/** @type {SocketRow} */
const untold = { ...listener, command: null, pid: null, user: null, protocol: "UDP", state: "", local_port: 8080 };

/** @param {Assert} assert */
export function aPortIsAWholeNumberOf16Bits(assert) {
  assert.deepEqual(["0", " 80 ", "65535", "65536", "99999", "-1", "8o", "1e3", "80.5", ""].map(readPort), [0, 80, 65535, null, null, null, null, null, null, null]);
}

/** @param {Assert} assert */
export function theRangesMeetWhereTheRfcSaysThatTheyDo(assert) {
  const kinds = [0, 1, 1023, 1024, 49151, 49152, 65535].map((port) => /reserved|system|user|dynamic/.exec(rangeText(port))?.[0]);
  assert.deepEqual(kinds, ["reserved", "system", "system", "user", "user", "dynamic", "dynamic"]);
}

/** @param {Assert} assert */
export function aListenerWaitsAndSoDoesUdpWithoutAnotherEnd(assert) {
  const talking = { ...listener, state: "ESTABLISHED", remote_ip: "10.0.0.3", remote_port: 40000 };
  assert.deepEqual([listener, untold, talking, { ...untold, remote_ip: "10.0.0.3" }].map(waits), [true, true, false, false]);
}

/** @param {Assert} assert */
export function everyWordOfAFilterHasToBeThereAndANumberIsWhole(assert) {
  const shown = (/** @type {string} */ text) => [listener, untold].filter((row) => isShown(row, text, false)).length;
  assert.deepEqual(["", "NGINX", "nginx www", "80", "8080", "802", "tcp 80", "udp 80", "listen", "null"].map(shown), [2, 1, 1, 1, 1, 1, 1, 0, 1, 0]);
  assert.ok(!isShown({ ...listener, state: "ESTABLISHED" }, "", true));
}

/** @param {Assert} assert */
export function anEndIsWrittenAsNetstatWritesIt(assert) {
  assert.deepEqual(
    [endText("0.0.0.0", 80), endText("::", 53), endText("::1", 80), endText("10.0.0.2", 80), endText("10.0.0.2", 0), endText("", 0)],
    ["*:80", "*:53", "[::1]:80", "10.0.0.2:80", "10.0.0.2:*", ""],
  );
}

/** @param {Assert} assert */
export function howLongTimeWaitStillLastsIsCountedDownToNothing(assert) {
  const row = { ...listener, state: "TIME-WAIT", expires_ms: 3000 };
  assert.deepEqual([0, 1000, 5000].map((ms) => stateText(row, ms)), ["TIME-WAIT, 3 s more", "TIME-WAIT, 2 s more", "TIME-WAIT, 0 s more"]);
  assert.equal(stateText(listener, 1000), "LISTEN");
}

/** @param {Assert} assert */
export function whatAFilterHidesIsCounted(assert) {
  assert.deepEqual([countText(1, 1), countText(2, 2), countText(1, 3)], ["1 socket.", "2 sockets.", "1 of 3 sockets."]);
}
