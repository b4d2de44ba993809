// All that this page knows, as one value, and how each message changes it.
// Knows nothing of sockets, of clocks or of the page.

/** @import { Attendance, Cover, Journey, LabStatus, Offered, OpenRecording, Order, Permission, Playhead, Question, Replied, Replies, Run, ServerMessage, Snapshot } from "./messages.js" */

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
 * `chosen` is what Start plays beside the plain handshake: the order, its scene's name ("" for the handshake) and all of it in words.
 * @typedef {{ order: Order, scene: string, words: string }} Chosen
 * `roam` is where a student looks who looks around alone: the run, which may be one that the class has left, and a playhead
 * of one's own; null where the page follows. `cover` hides the picture on all screens that follow. `window` is this page's own name,
 * `leader` that of the presenter's window that moves the class. `attendance` is null on all pages but the presenter's. `interrupted` is one
 * sentence while the class cannot go on, else empty. `allowed` is what the presenter lets the students press. `wanted` is a recording that this window is to show to the class once it leads.
 * `question` is what the class is asked, null where it is not. `replied` is a student's own last answer, `replies` are all, and `offered` is
 * what may be asked at the step that it names: both on the presenter's page alone.
 * @typedef {{
 *   seq: number, lab: LabStatus | null, run: Run | null, playhead: Playhead, connected: boolean,
 *   connection: Connection, notice: Notice, needsSnapshot: boolean, choice: Choice | null,
 *   roam: { run: Run | null, playhead: Playhead } | null, cover: Cover, window: string, leader: string, presenterOnline: boolean,
 *   attendance: Attendance | null, interrupted: string, allowed: Permission[], wanted: OpenRecording | null,
 *   chosen: Chosen | null, question: Question | null, replied: Replied | null, replies: Replies | null, offered: Offered | null,
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
    allowed: [],
    wanted: null,
    chosen: null,
    question: null,
    replied: null,
    replies: null,
    offered: null,
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
    case "replies": return { ...state, replies: message };
    case "replied": return { ...state, replied: message };
    case "offered": return { ...state, offered: message };
    default: return numbered(state, message);
  }
}

/**
 * @param {State} state
 * @param {Snapshot} message
 * @returns {State}
 */
function fromSnapshot(state, { seq, lab, run, playhead, cover, leader, presenter_online, allowed, question }) {
  const known = { seq, lab, run, playhead, cover, leader, presenterOnline: presenter_online, allowed, question };
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

/** @type {WeakMap<Run, { frame: number, step: number, run: Run }>} */
const cut = new WeakMap();
/** @type {WeakSet<Run>} */
const beginnings = new WeakSet();
/** @type {WeakMap<Journey, Journey>} */
const wholes = new WeakMap();

/**
 * @param {Journey} journey perhaps only the begin of a frame's way
 * @returns {Journey} all of it
 */
export function whole(journey) {
  return wholes.get(journey) ?? journey;
}

/**
 * @param {Run | null} run
 * @returns {boolean} whether this is only as much of a run as may be shown while the class is asked
 */
export function isBeginning(run) {
  return run !== null && beginnings.has(run);
}

/**
 * The state as it may be shown: while the class is asked, the run ends at the step at which it is.
 * @param {State} state
 * @returns {State}
 */
export function withheld(state) {
  const { run, question } = state;
  if (run === null || question === null || question.revealed !== null || question.run !== run.number) return state;
  return { ...state, run: upTo(run, question) };
}

/**
 * The same run and place give the same object.
 * @param {Run} run
 * @param {Question} question
 * @returns {Run}
 */
function upTo(run, { frame, step }) {
  const known = cut.get(run);
  if (known?.frame === frame && known.step === step) return known.run;
  const journeys = run.journeys.filter(({ number }) => number <= frame)
    .map((journey) => (journey.number < frame ? journey : begun(journey, step)));
  const made = { ...run, journeys };
  cut.set(run, { frame, step, run: made });
  beginnings.add(made);
  return made;
}

/**
 * @param {Journey} journey
 * @param {number} last
 * @returns {Journey}
 */
function begun(journey, last) {
  const steps = journey.steps.filter(({ number }) => number <= last);
  const rows = journey.rows.slice(0, Math.max(-1, ...steps.map(({ row }) => row ?? -1)) + 1);
  const made = { ...journey, steps, rows };
  wholes.set(made, journey);
  return made;
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

/** @typedef {Exclude<ServerMessage, { kind: "snapshot" | "refused" | "pong" | "attendance" | "interrupted" | "replies" | "replied" | "offered" }>} Delta */

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
    case "run_opened": return { ...state, run: message.run, playhead: message.playhead, question: null };
    case "playhead_moved": return { ...state, playhead: message.playhead };
    case "cover_moved": return { ...state, cover: message.cover };
    case "leader_moved": return { ...state, leader: message.leader, presenterOnline: message.presenter_online };
    case "question_moved": return { ...state, question: message.question };
    case "allowed_moved": return { ...state, allowed: message.allowed };
    case "frame_added":
      return withRun({ ...state, playhead: message.playhead }, message.run,
        (run) => ({ ...run, journeys: [...run.journeys, message.journey] }));
    case "run_kept":
      return withRun(state, message.run,
        (run) => ({ ...run, recording: message.recording, not_kept: message.not_kept }));
    case "held_moved":
      return withRun(state, message.run, (run) => ({ ...run, held: message.held }));
    case "run_closed":
      return withRun(state, message.run,
        (run) => ({ ...run, ended: true, problem: message.problem, ending: message.ending, look: message.look }));
    case "wait_moved":
      return withRun(state, message.run, (run) => ({ ...run, look: message.look }));
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
