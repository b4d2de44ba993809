// The whole run as one row of segments, a frame each, as wide as its story is long; the present instant in it.
// Dragging asks for instants; the mark moves when the server has answered.

import { say } from "../core/say.js";
import { stopAt } from "../core/timeline.js";
import { placeText } from "../core/words.js";
import { ask, make, setAttribute, setText } from "./make.js";

/** @import { Journey } from "../core/messages.js" */
/** @import { Stop, Timeline } from "../core/timeline.js" */
/** @import { View } from "../live/player.js" */

const ASK_EVERY_MS = 80;
const NAME_EM = 4.6;
const MANY_EM = 1.6;
const EMPTY_TEXT = say("Each frame of the run becomes a segment here.");

/** @typedef {{ journey: Journey, node: HTMLElement, startMs: number, endMs: number }} Segment */

export class LvScrubber extends HTMLElement {
  #track = make("div", { class: "track", role: "slider", tabindex: "0", "aria-label": say("Step of the story") });
  #empty = make("p", { class: "empty" });
  /** @type {Segment[]} */
  #segments = [];
  /** @type {Segment | null} */
  #current = null;
  #runNumber = -1;
  #widthEm = 0;
  #watch = new ResizeObserver(() => this.#resized());
  #listeners = new AbortController();
  #timer = 0;
  #askedMs = 0;
  /** @type {number | null} */
  #wantedMs = null;

  connectedCallback() {
    this.#listeners = new AbortController();
    const { signal } = this.#listeners;
    this.#track.addEventListener("pointerdown", (event) => this.#grab(event), { signal });
    this.#track.addEventListener("pointermove", (event) => this.#drag(event), { signal });
    this.#track.addEventListener("keydown", (event) => this.#pressed(event), { signal });
    this.replaceChildren(this.#track, this.#empty);
    this.#watch.observe(this);
  }

  disconnectedCallback() {
    window.clearTimeout(this.#timer);
    this.#watch.disconnect();
    this.#listeners.abort();
  }

  /** @param {View} view */
  update({ timeline, instantMs }) {
    this.#build(timeline);
    const stop = stopAt(timeline, instantMs);
    this.#mark(stop, instantMs);
    this.#describe(timeline, stop);
  }

  /**
   * Only what is new is built: a run grows by a frame at a time.
   * @param {Timeline} timeline
   */
  #build({ run }) {
    const journeys = run?.journeys ?? [];
    const isGrown = this.#segments.at(-1)?.journey === journeys[this.#segments.length - 1];
    const sameRun = run?.number === this.#runNumber && this.#segments[0]?.journey === journeys[0] && isGrown;
    if (!sameRun) this.#clear(run?.number ?? -1);
    for (const journey of journeys.slice(this.#segments.length)) this.#add(journey);
    this.#label();
    this.#empty.hidden = journeys.length > 0;
    this.#track.hidden = journeys.length === 0;
  }

  /** What there is room for in all segments alike: the frames' names, their numbers, or neither. */
  #label() {
    const digits = String(this.#segments.at(-1)?.journey.number ?? 0).length;
    const roomEm = this.#widthEm / Math.max(1, this.#segments.length);
    const label = roomEm >= NAME_EM ? "name" : roomEm >= 0.55 * digits + 0.7 ? "number" : "none";
    setAttribute(this.#track, "data-label", label);
    this.#track.toggleAttribute("data-many", roomEm < MANY_EM);
  }

  #resized() {
    this.#widthEm = this.clientWidth / parseFloat(getComputedStyle(this).fontSize);
    this.#label();
  }

  /** @param {number} runNumber */
  #clear(runNumber) {
    this.#runNumber = runNumber;
    this.#segments = [];
    this.#current = null;
    this.#track.replaceChildren();
  }

  /** @param {Journey} journey */
  #add(journey) {
    const startMs = this.#segments.at(-1)?.endMs ?? 0;
    const endMs = journey.steps.at(-1)?.end_ms ?? startMs;
    const way = journey.sender === "client" ? "→" : "←";
    const node = make("span", { class: "segment", "data-sender": journey.sender },
      make("span", { class: "done" }),
      make("span", { class: "words" }, make("span", { class: "way" }, way), " ", make("span", { class: "name" }, journey.name)),
      make("span", { class: "number" }, String(journey.number)));
    node.title = say("Frame {number}: {title}", { number: journey.number, title: journey.title });
    node.style.flexGrow = String(Math.max(1, endMs - startMs));
    this.#segments.push({ journey, node, startMs, endMs });
    this.#track.append(node);
  }

  /**
   * @param {Stop | null} stop
   * @param {number} instantMs
   */
  #mark(stop, instantMs) {
    const segment = this.#segments.find(({ journey }) => journey === stop?.journey) ?? null;
    if (segment !== this.#current) {
      this.#current = segment;
      const here = segment === null ? -1 : this.#segments.indexOf(segment);
      this.#segments.forEach(({ node }, index) => {
        setAttribute(node, "data-when", index < here ? "past" : index === here ? "now" : "to-come");
      });
    }
    if (segment === null) return;
    const done = (instantMs - segment.startMs) / Math.max(1, segment.endMs - segment.startMs);
    segment.node.style.setProperty("--done", Math.min(Math.max(done, 0), 1).toFixed(4));
  }

  /**
   * @param {Timeline} timeline
   * @param {Stop | null} stop
   */
  #describe(timeline, stop) {
    setAttribute(this.#track, "aria-valuemin", "1");
    setAttribute(this.#track, "aria-valuemax", String(Math.max(1, timeline.steps.length)));
    setAttribute(this.#track, "aria-valuenow", String((stop?.index ?? 0) + 1));
    setAttribute(this.#track, "aria-valuetext", stop === null ? say("No run yet") : valueText(timeline, stop));
    setText(this.#empty, timeline.run?.ended === false ? say("Waiting for the first frame.") : EMPTY_TEXT);
  }

  /** @param {PointerEvent} event */
  #grab(event) {
    if (event.button !== 0) return;
    this.#track.setPointerCapture(event.pointerId);
    this.#want(this.#instantUnder(event.clientX));
  }

  /** @param {PointerEvent} event */
  #drag(event) {
    if (this.#track.hasPointerCapture(event.pointerId)) this.#want(this.#instantUnder(event.clientX));
  }

  /**
   * A slider's own keys; Left, Right, Home, End and the pages are the whole page's keys anyway.
   * @param {KeyboardEvent} event
   */
  #pressed(event) {
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    event.preventDefault();
    ask(this, { kind: "move_step", by: event.key === "ArrowUp" ? 1 : -1 });
  }

  /**
   * @param {number} x
   * @returns {number}
   */
  #instantUnder(x) {
    for (const { node, startMs, endMs } of this.#segments) {
      const { left, right } = node.getBoundingClientRect();
      if (x <= right) return startMs + (endMs - startMs) * Math.max(0, (x - left) / (right - left));
    }
    return this.#segments.at(-1)?.endMs ?? 0;
  }

  /**
   * About twelve requests a second (the server allows twenty messages in all), and the last one always.
   * @param {number} instantMs
   */
  #want(instantMs) {
    this.#wantedMs = instantMs;
    if (this.#timer !== 0) return;
    const waitMs = Math.max(0, this.#askedMs + ASK_EVERY_MS - performance.now());
    if (waitMs === 0) this.#askWanted();
    else this.#timer = window.setTimeout(() => this.#askWanted(), waitMs);
  }

  #askWanted() {
    this.#timer = 0;
    if (this.#wantedMs === null) return;
    this.#askedMs = performance.now();
    ask(this, { kind: "seek", instant_ms: this.#wantedMs });
    this.#wantedMs = null;
  }
}

/**
 * @param {Timeline} timeline
 * @param {Stop} stop
 * @returns {string}
 */
function valueText(timeline, stop) {
  const { journey, step } = stop;
  const place = placeText(timeline, stop);
  const values = { place, name: journey.name, step: step.number, steps: journey.steps.length, title: step.title };
  return say("{place}, {name}, step {step} of {steps}: {title}", values);
}

customElements.define("lv-scrubber", LvScrubber);
