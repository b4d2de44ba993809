// What the page says in words: where the story is, whether the frames are real, the clocks, what is in the way.
// Knows nothing of the page.

/** @import { State } from "./store.js" */
/** @import { Stop, Timeline } from "./timeline.js" */

/** @typedef {{ tone: "good" | "simulated" | "bad" | "calm", words: string, more: string }} Badge */

/**
 * @param {Timeline} line
 * @param {Stop | null} stop
 * @returns {{ place: string, name: string, clause: string }}
 */
export function title(line, stop) {
  if (stop === null) return { place: "", name: "TCP three-way handshake", clause: "" };
  const frames = line.run?.journeys.length ?? 0;
  const { number, name, title: clause } = stop.journey;
  return { place: `Frame ${number} of ${frames}`, name, clause };
}

/**
 * Whether what is shown is real. A run says what it is; before the first run the lab does.
 * @param {State} state
 * @returns {Badge}
 */
export function badge(state) {
  const { lab } = state;
  const more = lab === null ? "" : sentences(lab.sentence, lab.remedy ?? "");
  if (isSimulated(state)) return { tone: "simulated", words: "SIMULATED", more: whySimulated(state) };
  if (lab === null) return { tone: "calm", words: "Connecting", more };
  if (lab.state === "down") return { tone: "bad", words: "Lab is down, restarting", more };
  if (lab.state === "starting") return { tone: "calm", words: "Lab is starting", more };
  return { tone: "good", words: "Live lab · real packets", more };
}

/**
 * @param {State} state
 * @returns {boolean}
 */
export function isSimulated({ lab, run }) {
  const source = run !== null && run.number > 0 ? run.source : lab?.source;
  return source === "simulated";
}

/**
 * One sentence why, and the remedy; empty where the run is real.
 * @param {State} state
 * @returns {string}
 */
export function whySimulated(state) {
  if (!isSimulated(state) || state.lab === null) return "";
  if (state.lab.source === "lab") return "This run was simulated; the next one comes from the lab.";
  return sentences(state.lab.sentence, state.lab.remedy ?? "");
}

/**
 * @param {string[]} parts
 * @returns {string}
 */
function sentences(...parts) {
  return parts.filter((part) => part !== "").join(" ");
}

/**
 * Why no run can be started now, empty where one can.
 * @param {State} state
 * @returns {string}
 */
export function whyNoStart(state) {
  const { connected, lab } = state;
  if (!connected || lab === null) return "No connection to the server";
  if (lab.state === "starting") return "The lab is starting";
  if (lab.state === "down") return "The lab is down; it comes back by itself";
  return isRunOn(state) ? "A run is on" : "";
}

/**
 * @param {State} state
 * @returns {boolean}
 */
export function isRunOn({ lab, run }) {
  return lab?.state === "running" || run?.ended === false;
}

/**
 * What is said while there is no connection, empty while there is one.
 * @param {State} state
 * @param {number} nowMs this page's clock
 * @returns {string}
 */
export function connectionText({ connection }, nowMs) {
  if (connection.phase !== "lost") return "";
  const leftMs = connection.retryAtMs - nowMs;
  const next = leftMs > 0 ? `Trying again in ${Math.ceil(leftMs / 1000)} s.` : "Trying again now.";
  return sentences(connection.reason || "Connection lost.", next);
}

/**
 * The story's clock: 14200 -> '0:14'.
 * @param {number} instantMs
 * @returns {string}
 */
export function storyText(instantMs) {
  const seconds = Math.floor(Math.max(0, instantMs) / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/**
 * The wire's clock, in one unit for the whole run, so that two frames can be compared: 5123.4 -> '5,123.4 µs'.
 * @param {number} timeUs microseconds since the run's first frame
 * @returns {string}
 */
export function wireText(timeUs) {
  const [whole = "0", tenth = "0"] = timeUs.toFixed(1).split(".");
  return `${whole.replace(/\B(?=(\d{3})+$)/g, ",")}.${tenth} µs`;
}
