// All that this page knows, as one value, and how each message changes it.
// Knows nothing of sockets, of clocks or of the page.

/** @import { Attendance, Cover, LabStatus, OpenRecording, Run, Playhead, ServerMessage, Snapshot } from "./messages.js" */

/**
 * `seq` is the number of the last message applied. `needsSnapshot` is true from a gap in the numbers until the
 * snapshot comes. `notice` is the last refusal; a `brief` one goes sooner. `connection.retryAtMs` is on this page's clock,
 * `connection.roundTripMs` the last one measured, null before the first.
 * A connection that is `ended` is not tried again. `code` is the closing's, and `offline` whether this device itself has
 * no network.
 * @typedef {{
 *   phase: "connecting" | "open" | "lost" | "ended", retryAtMs: number, reason: string, code?: number, offline?: boolean,
 *   roundTripMs?: number | null,
 * }} Connection
 * @typedef {{ number: number, sentence: string, brief: boolean } | null} Notice
 * `choice` is what the reader of this page inspects: it names a part of a frame, a field in it ("" for all of it) by name
 * and label and which of those alike, and a bit of that (-1 for none). It holds for each frame that has such a part.
 * @typedef {{ section: string, field: string, label: string, nth: number, bit: number }} Choice
 * `roam` is where a student looks who looks around alone: the run, which may be one that the class has left, and a playhead
 * of one's own; null where the page follows. `cover` hides the picture on all screens that follow. `window` is this page's own name,
 * `leader` that of the presenter's window that moves the class. `attendance` is null on all pages but the presenter's. `interrupted` is one
 * sentence while the class cannot go on, else empty. `wanted` is a recording that this window is to show to the class once it leads.
 * @typedef {{
 *   seq: number, lab: LabStatus | null, run: Run | null, playhead: Playhead, connected: boolean,
 *   connection: Connection, notice: Notice, needsSnapshot: boolean, choice: Choice | null,
 *   roam: { run: Run | null, playhead: Playhead } | null, cover: Cover, window: string, leader: string, presenterOnline: boolean,
 *   attendance: Attendance | null, interrupted: string, wanted: OpenRecording | null,
 * }} State
 */

/**
 * @param {string} [window] this page's own name
 * @returns {State}
 */
export function initialState(window = "") {
  return {
    seq: 0,
    lab: null,
    run: null,
    playhead: { run: 0, instant_ms: 0, at_ms: 0, rate: 1, playing: false, until_ms: 0 },
    connected: false,
    connection: { phase: "connecting", retryAtMs: 0, reason: "" },
    notice: null,
    needsSnapshot: true,
    choice: null,
    roam: null,
    cover: "none",
    window,
    leader: "",
    presenterOnline: true,
    attendance: null,
    interrupted: "",
    wanted: null,
  };
}

/**
 * @param {State} state
 * @param {ServerMessage} message
 * @returns {State}
 */
export function reduce(state, message) {
  switch (message.kind) {
    case "snapshot": return fromSnapshot(state, message);
    case "refused": return withNotice({ ...state, wanted: null }, message.sentence);
    case "pong": return state;
    case "attendance": return { ...state, attendance: message };
    case "interrupted": return { ...state, interrupted: message.sentence };
    default: return numbered(state, message);
  }
}

/**
 * @param {State} state
 * @param {Snapshot} message
 * @returns {State}
 */
function fromSnapshot(state, { seq, lab, run, playhead, cover, leader, presenter_online }) {
  const known = { seq, lab, run, playhead, cover, leader, presenterOnline: presenter_online };
  return withRoamsRun({ ...state, ...known, interrupted: "", needsSnapshot: false });
}

/**
 * Who roams looks at the run as it grows, and goes on looking at it when the class has another one.
 * @param {State} state
 * @returns {State}
 */
function withRoamsRun(state) {
  const { roam, run } = state;
  if (roam === null || roam.run === run || roam.run?.number !== run?.number) return state;
  return { ...state, roam: { ...roam, run } };
}

/**
 * From now on this page shows that playhead over the run that it shows already; null is to follow the class again.
 * @param {State} state
 * @param {Playhead | null} playhead
 * @returns {State}
 */
export function withRoam(state, playhead) {
  return { ...state, roam: playhead === null ? null : { run: seen(state).run, playhead } };
}

/**
 * The state as this page shows it: the class's run and playhead, or the roamer's own.
 * @param {State} state
 * @returns {State}
 */
export function seen(state) {
  return state.roam === null ? state : { ...state, ...state.roam };
}

/**
 * The next refusal is a new notice even where its sentence is the same.
 * @param {State} state
 * @param {string} sentence
 * @param {boolean} [brief]
 * @returns {State}
 */
export function withNotice(state, sentence, brief = false) {
  return { ...state, notice: { number: (state.notice?.number ?? 0) + 1, sentence, brief } };
}

/**
 * @param {State} state
 * @param {Connection} connection
 * @returns {State}
 */
export function withConnection(state, connection) {
  const connected = connection.phase === "open";
  return { ...state, connection, connected, needsSnapshot: connected ? state.needsSnapshot : true };
}

/**
 * @param {State} state
 * @param {Choice | null} choice
 * @returns {State}
 */
export function withChoice(state, choice) {
  return JSON.stringify(choice) === JSON.stringify(state.choice) ? state : { ...state, choice };
}

/** @typedef {Exclude<ServerMessage, { kind: "snapshot" | "refused" | "pong" | "attendance" | "interrupted" }>} Delta */

/**
 * What the server says to all carries a number that grows by one: after a gap nothing counts until the snapshot.
 * @param {State} state
 * @param {Delta} message
 * @returns {State}
 */
function numbered(state, message) {
  if (state.needsSnapshot || message.seq <= state.seq) return state;
  if (message.seq > state.seq + 1) return { ...state, needsSnapshot: true };
  return { ...changed(state, message), seq: message.seq };
}

/**
 * @param {State} state
 * @param {Delta} message
 * @returns {State}
 */
function changed(state, message) {
  switch (message.kind) {
    case "lab_moved": return withLab(state, message.lab);
    case "run_opened": return { ...state, run: message.run, playhead: message.playhead };
    case "playhead_moved": return { ...state, playhead: message.playhead };
    case "cover_moved": return { ...state, cover: message.cover };
    case "leader_moved": return { ...state, leader: message.leader, presenterOnline: message.presenter_online };
    case "frame_added":
      return withRun({ ...state, playhead: message.playhead }, message.run,
        (run) => ({ ...run, journeys: [...run.journeys, message.journey] }));
    case "run_kept":
      return withRun(state, message.run,
        (run) => ({ ...run, recording: message.recording, not_kept: message.not_kept }));
    case "held_moved":
      return withRun(state, message.run, (run) => ({ ...run, held: message.held }));
    case "run_closed":
      return withRun(state, message.run, (run) => ({ ...run, ended: true, problem: message.problem }));
  }
}

/**
 * A lab that went down may be back before anybody has read the badge: a notice stays for longer.
 * @param {State} state
 * @param {LabStatus} lab
 * @returns {State}
 */
function withLab(state, lab) {
  const changed = { ...state, lab };
  return lab.state === "down" ? withNotice(changed, lab.sentence) : changed;
}

/**
 * @param {State} state
 * @param {number} number
 * @param {(run: Run) => Run} change
 * @returns {State}
 */
function withRun(state, number, change) {
  return state.run?.number === number ? withRoamsRun({ ...state, run: change(state.run) }) : state;
}
