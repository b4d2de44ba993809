// Draws the page at the instant where the playhead is: every frame while it moves, once after each change.
// With reduced motion the picture goes from one step's rest to the next one's, and is drawn no oftener than that takes.

import { instantAt, isMoving } from "../core/motion.js";
import { scene } from "../core/scene.js";
import { seen, withheld } from "../core/store.js";
import { restAt, stopAt, timeline, untilNextStep } from "../core/timeline.js";
import { pageNow } from "./socket.js";

/** @import { Told } from "../core/ending.js" */
/** @import { State } from "../core/store.js" */
/** @import { Stop, Timeline } from "../core/timeline.js" */

/**
 * What every element is given; `nowMs` is this page's clock, `serverMs` the server's. Run and playhead of `state` are those that this page shows;
 * `theClass` is where the class is meanwhile, null where the page follows it. `ending` is there where the run's story is told to its end.
 * @typedef {{
 *   state: State, timeline: Timeline, scene: ReturnType<typeof scene>, instantMs: number, reducedMotion: boolean,
 *   moving: boolean, nowMs: number, serverMs: number, theClass: { stop: Stop | null, hasOtherRun: boolean } | null, ending?: Told | null,
 * }} View
 */

const BURST_MS = 40;
const TENTH_MS = 100; // of a second: so is it counted how long a frame has been held

export class Player {
  /** @type {State} */
  #state;
  /** @type {(view: View) => void} */
  #draw;
  /** @type {() => number} */
  #serverNow;
  #still = window.matchMedia("(prefers-reduced-motion: reduce)");
  #request = 0;
  #timer = 0;
  #burst = { run: 0, untilMs: 0 };

  /**
   * @param {State} state
   * @param {() => number} serverNow
   * @param {(view: View) => void} draw
   * @param {AbortSignal} signal
   */
  constructor(state, serverNow, draw, signal) {
    this.#state = state;
    this.#serverNow = serverNow;
    this.#draw = draw;
    this.#still.addEventListener("change", () => this.show(this.#state), { signal });
    signal.addEventListener("abort", () => { cancelAnimationFrame(this.#request); window.clearTimeout(this.#timer); });
  }

  /** @param {State} state */
  show(state) {
    this.#state = state;
    this.#waitForBurst(state);
    const leftMs = this.#burst.untilMs - pageNow();
    window.clearTimeout(this.#timer);
    if (leftMs > 0) this.#timer = window.setTimeout(() => this.show(this.#state), leftMs);
    else if (this.#request === 0) this.#request = requestAnimationFrame(() => this.#frame());
  }

  /**
   * A run's frames come all at once: a picture drawn in their midst would keep the rest of them waiting.
   * @param {State} state
   */
  #waitForBurst({ run }) {
    if (run?.ended !== false) this.#burst.untilMs = 0;
    else if (run.number !== this.#burst.run) this.#burst = { run: run.number, untilMs: pageNow() + BURST_MS };
  }

  /** @returns {View} what is to be seen now */
  view() {
    const state = withheld(seen(this.#state));
    const { run, playhead } = state;
    const nowMs = this.#serverNow();
    const line = timeline(run);
    const ours = playhead.run === (run?.number ?? 0);
    const reducedMotion = this.#still.matches;
    const instantMs = ours ? instantAt(playhead, nowMs) : 0;
    const shownMs = reducedMotion ? restAt(line, instantMs) : instantMs;
    return {
      state,
      timeline: line,
      scene: scene(line, shownMs),
      instantMs: shownMs,
      reducedMotion,
      moving: ours && isMoving(playhead, nowMs),
      nowMs: pageNow(),
      serverMs: nowMs,
      theClass: state.roam === null ? null : theClass(this.#state, nowMs),
    };
  }

  #frame() {
    this.#request = 0;
    const view = this.view();
    this.#draw(view);
    if (!view.moving) return;
    if (view.reducedMotion) this.#timer = window.setTimeout(() => this.show(this.#state), this.#stillMs(view));
    else this.show(this.#state);
  }

  /** @param {View} view */
  #stillMs({ timeline: line, state: { playhead, run } }) {
    const stepMs = untilNextStep(line, playhead, instantAt(playhead, this.#serverNow()));
    return run?.held?.length ? Math.min(TENTH_MS, stepMs) : stepMs;
  }
}

/**
 * @param {State} state as the server says it
 * @param {number} nowMs the server's clock
 * @returns {NonNullable<View["theClass"]>}
 */
function theClass({ run, playhead, roam }, nowMs) {
  return { stop: stopAt(timeline(run), instantAt(playhead, nowMs)), hasOtherRun: run?.number !== roam?.run?.number };
}
