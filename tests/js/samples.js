// Small runs for the tests: as much of a journey as a test looks at.

/** @import { Journey, Run, Snapshot, Step } from "../../static/js/core/messages.js" */

/**
 * Steps of a second each, that rest after 400 ms, from `startMs` on.
 * @param {number} number
 * @param {number} steps
 * @param {number} startMs
 * @param {Partial<Journey>} more
 * @returns {Journey}
 */
export function journey(number, steps = 2, startMs = (number - 1) * 2000, more = {}) {
  const made = {
    number, sender: "client", name: "SYN", title: "the client asks for a connection", arrow: "SYN seq 0", time_us: number * 100.25, headers: [],
    steps: Array.from({ length: steps }, (_, index) => step(index + 1, startMs + index * 1000)),
    rows: [row("down", "transport"), row("down", "physical"), row("up", "physical"), row("up", "transport")],
    down_heading: "The client sends SYN", up_heading: "The server receives SYN",
    ...more,
  };
  return /** @type {Journey} */ (/** @type {unknown} */ (made));
}

/**
 * @param {number} number
 * @param {number} startMs
 * @returns {Step}
 */
export function step(number, startMs) {
  const made = { number, half: "down", title: `step ${number}`, row: 0, start_ms: startMs, rest_ms: startMs + 400, end_ms: startMs + 1000 };
  return /** @type {Step} */ (/** @type {unknown} */ (made));
}

/**
 * @param {string} half
 * @param {string} layer
 * @param {object} more
 */
export function row(half, layer, more = {}) {
  return {
    half, side: "client", layer, protocol: "TCP", pdu: "Segment", info: "3-way handshake (SYN)",
    ports: "Src Port: 35310\nDst Port: 80", ips: "", macs: "", ...more,
  };
}

/**
 * @param {Partial<Run>} more
 * @returns {Run}
 */
export function run(more = {}) {
  const hosts = {
    client: { side: "client", ip: "10.0.0.3", mac: "bc:35:db:cf:1b:03", port: 35310 },
    server: { side: "server", ip: "10.0.0.2", mac: "bc:f2:b8:57:86:02", port: 80 },
  };
  return /** @type {Run} */ ({ number: 1, source: "lab", hosts, journeys: [journey(1), journey(2)], ended: true, problem: "", ...more });
}

/**
 * @param {Partial<Snapshot>} more
 * @returns {Snapshot}
 */
export function snapshot(more = {}) {
  return {
    kind: "snapshot", seq: 7, now_ms: 0, run: run(),
    lab: { state: "ready", source: "lab", sentence: "The lab is ready.", remedy: "", live: null },
    playhead: { run: 1, instant_ms: 0, at_ms: 0, rate: 1, playing: false, until_ms: 4000 }, allowed: [], question: null,
    ...more,
  };
}
