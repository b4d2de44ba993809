// Where the story is and where its frames come from: the top bar's title and badge, both clocks,
// the notices under them, the lab in full.

import { say } from "../core/say.js";
import { isBeginning } from "../core/store.js";
import { stopAt } from "../core/timeline.js";
import {
  absenceText, badge, closingText, connectionText, isSimulated, sentences, storyText, title, whySimulated, wireText,
} from "../core/words.js";
import { make, setAttribute, setText } from "./make.js";

/** @import { State } from "../core/store.js" */
/** @import { View } from "../live/player.js" */

const NOTICE_MS = 6000;
const BRIEF_NOTICE_MS = 3000;
const SIMULATED = say("SIMULATED: computed as Linux would send them; no wire carried these frames.");

export class LvStatus extends HTMLElement {
  #place = make("span", { class: "place" });
  #name = make("strong", { class: "name" });
  #clause = make("span", { class: "clause" });
  #badge = make("span", { class: "badge" });

  connectedCallback() {
    this.replaceChildren(
      make("h2", { class: "title" }, this.#place, " ", this.#name, " ", this.#clause),
      this.#badge,
    );
  }

  /** @param {View} view */
  update({ state, timeline, instantMs }) {
    const said = title(timeline, stopAt(timeline, instantMs));
    setText(this.#place, said.place);
    this.#place.hidden = said.place === "";
    setText(this.#name, said.name);
    setText(this.#clause, said.clause);
    const { tone, words, more } = badge(state);
    setText(this.#badge, words);
    setAttribute(this.#badge, "data-tone", tone);
    setAttribute(this.#badge, "title", more === "" ? null : more);
  }
}

export class LvClock extends HTMLElement {
  #label = make("span", { class: "label" });
  #wire = make("span", { class: "time" });
  #wireClock = make("span", { class: "clock" }, this.#label, " ", this.#wire);
  #story = make("span", { class: "time" });

  connectedCallback() {
    const label = make("span", { class: "label" }, say("story"));
    const story = make("span", { class: "clock", title: say("Story time of the whole story") }, label, " ", this.#story);
    this.replaceChildren(this.#wireClock, story);
  }

  /** @param {View} view */
  update({ state, timeline, instantMs }) {
    const stop = stopAt(timeline, instantMs);
    const { label, title: meaning } = clockWords(state);
    setText(this.#label, label);
    setAttribute(this.#wireClock, "title", meaning);
    setText(this.#wire, stop === null ? "–" : wireText(stop.journey.time_us, timeline.steps.at(-1)?.journey.time_us));
    setText(this.#story, isBeginning(timeline.run) ? storyText(instantMs) : `${storyText(instantMs)} / ${storyText(timeline.endMs)}`);
  }
}

/**
 * What the wire's clock is called: the lab's wire is no network, and a model has no wire.
 * @param {State} state
 * @returns {{ label: string, title: string }}
 */
function clockWords(state) {
  if (isSimulated(state)) return { label: say("model"), title: say("Time in the model since the first frame. No wire was timed.") };
  const source = state.run?.source;
  if (source === "file" || source === "live") return { label: say("captured"), title: say("Time since the first frame shown here, as it was captured.") };
  const title = say("Time on the wire since the first frame: the wire's own delay, 1 ms a frame unless set otherwise, and the lab's work.");
  return { label: say("wire"), title };
}

export class LvLab extends HTMLElement {
  #badge = make("span", { class: "badge" });
  #sentence = make("p");
  #remedy = make("p");

  connectedCallback() {
    this.replaceChildren(this.#badge, this.#sentence, this.#remedy);
  }

  /** @param {View} view */
  update({ state: { lab } }) {
    const tone = lab === null ? "calm" : lab.source === "simulated" ? "simulated" : lab.state === "down" ? "bad" : "good";
    setAttribute(this.#badge, "data-tone", tone);
    setText(this.#badge, lab === null ? say("Connecting") : LAB_WORDS[lab.source][lab.state]);
    setText(this.#sentence, lab?.sentence ?? "");
    setText(this.#remedy, lab?.remedy ?? "");
    this.#remedy.hidden = !lab?.remedy;
  }
}

/**
 * Where somebody else's browser can go to see its own handshake, or why it can't; nothing where no interface was asked
 * for. In the projector's bar only the former, and only until the title of a run needs the room.
 */
export class LvVisitors extends HTMLElement {
  #isInBar = this.dataset["place"] === "bar";
  #address = make("a", { class: "address" });
  #where = make("p", {}, this.#address);
  #sentence = make("p");
  #remedy = make("p");

  connectedCallback() {
    this.hidden = true;
    if (this.#isInBar) this.replaceChildren(`${say("Visit")} `, this.#address);
    else this.replaceChildren(make("h3", {}, say("Visitors")), this.#where, this.#sentence, this.#remedy);
  }

  /** @param {View} view */
  update({ state: { lab, run } }) {
    const live = lab?.live ?? null;
    this.hidden = live === null || (this.#isInBar && (live.state !== "ready" || (run?.number ?? 0) > 0));
    if (live === null) return;
    this.#where.hidden = live.state !== "ready";
    setText(this.#address, live.address);
    setAttribute(this.#address, "href", live.address === "" ? null : live.address);
    setText(this.#sentence, live.state === "down" ? sentences(say("Not shown."), live.sentence) : live.sentence);
    setText(this.#remedy, live.remedy);
    this.#remedy.hidden = live.remedy === "";
  }
}

const LAB_WORDS = Object.freeze({
  live: { starting: say("Being opened"), ready: say("Listening"), down: say("Down, trying again"), recorded: say("Recorded") },
  file: { starting: say("Capture file"), ready: say("Capture file"), down: say("Capture file"), recorded: say("Capture file") },
  lab: { starting: say("Starting"), ready: say("Ready"), down: say("Down, restarting"), recorded: say("Recorded") },
  simulated: {
    starting: say("SIMULATED"), ready: say("SIMULATED"), down: say("SIMULATED, down"), recorded: say("SIMULATED, recorded"),
  },
});

/**
 * Where the run on the stage is kept, or was taken from: to open it again, alone, and to take it along as a file; in the
 * dock only the former.
 */
export class LvKept extends HTMLElement {
  #page = make("a", { class: "plain" });
  #lead = make("span", { class: "lead" });
  #words = make("span");
  #isInDock = this.dataset["place"] === "dock";
  #file = make("a", { class: "plain", download: "" }, say("Download as pcapng"));

  connectedCallback() {
    this.#page.hidden = document.body.dataset["recording"] !== undefined;
    if (this.#isInDock) this.#page.className = "kept";
    this.#page.replaceChildren(...(this.#isInDock ? [this.#lead, " "] : []), this.#words);
    this.replaceChildren(this.#page, ...(this.#isInDock ? [] : [this.#file]));
  }

  /** @param {View} view */
  update({ state: { run } }) {
    const number = run?.replay?.recording ?? run?.recording ?? null;
    const conversation = run?.replay?.conversation ?? null;
    this.hidden = number === null || (this.#isInDock && this.#page.hidden);
    const address = number === null ? null
      : conversation === null ? `/recordings/${number}/` : `/recordings/${number}/conversations/${conversation}/`;
    setAttribute(this.#page, "href", address);
    setAttribute(this.#file, "href", address && `${address}file/`);
    if (number === null) return;
    setText(this.#lead, run?.replay ? say("Shown is") : say("Kept as"));
    setText(this.#words, this.#isInDock ? say("recording {number}", { number }) : say("Open recording {number}", { number }));
  }
}

/** What is in the way: no connection, a run that is simulated or broke off, a request that was refused. */
export class LvNotice extends HTMLElement {
  #simulated = make("p", { class: "strip", "data-tone": "simulated" });
  #problem = make("p", { class: "strip", "data-tone": "bad" });
  #connection = make("p", { class: "banner", "aria-hidden": "true" });
  #announced = make("p", { class: "unseen", role: "status" });
  #home = make("a", { class: "plain", href: "/" }, say("To the dashboard"));
  #isRecording = document.body.dataset["recording"] !== undefined;
  #refused = make("div", { class: "toast" });
  #sentence = make("p", { role: "status" });
  #dismiss = make("button", { type: "button", class: "plain" }, say("Dismiss"));
  #shown = 0;
  #timer = 0;
  #listeners = new AbortController();

  connectedCallback() {
    this.#listeners = new AbortController();
    this.#dismiss.addEventListener("click", () => this.#close(), { signal: this.#listeners.signal });
    this.#refused.replaceChildren(this.#sentence, this.#dismiss);
    this.#refused.hidden = true;
    this.#dismiss.hidden = document.body.dataset["page"] === "show";
    this.replaceChildren(this.#simulated, this.#problem, this.#connection, this.#home, this.#announced, this.#refused);
  }

  disconnectedCallback() {
    window.clearTimeout(this.#timer);
    this.#listeners.abort();
  }

  /** @param {View} view */
  update({ state, nowMs }) {
    const why = whySimulated(state);
    write(this.#simulated, why === "" ? "" : sentences(SIMULATED, why));
    write(this.#problem, sentences(state.run?.problem ?? "", state.run?.not_kept ?? ""));
    const absence = absenceText(state);
    write(this.#connection, connectionText(state, nowMs, this.#isRecording) || absence);
    setText(this.#announced, announcement(state, this.#isRecording) || absence);
    this.#home.hidden = state.connection.phase !== "ended" || document.body.dataset["page"] === "join";
    if (state.notice !== null && state.notice.number !== this.#shown) this.#open(state.notice);
  }

  /** @param {NonNullable<State["notice"]>} notice */
  #open({ number, sentence, brief }) {
    this.#shown = number;
    this.#refused.hidden = false;
    setText(this.#sentence, sentence);
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#close(), brief ? BRIEF_NOTICE_MS : NOTICE_MS);
  }

  #close() {
    window.clearTimeout(this.#timer);
    this.#refused.hidden = true;
    this.#sentence.textContent = "";
  }
}

/**
 * A countdown that is read out each second would say nothing else.
 * @param {State} state
 * @param {boolean} isRecording
 * @returns {string}
 */
function announcement({ connection }, isRecording) {
  if (connection.phase === "ended") return closingText(connection, isRecording);
  return connection.phase === "lost" ? sentences(closingText(connection, isRecording), say("Trying again.")) : "";
}

/**
 * @param {HTMLElement} node
 * @param {string} text
 */
function write(node, text) {
  setText(node, text);
  node.hidden = text === "";
}

customElements.define("lv-status", LvStatus);
customElements.define("lv-clock", LvClock);
customElements.define("lv-kept", LvKept);
customElements.define("lv-lab", LvLab);
customElements.define("lv-visitors", LvVisitors);
customElements.define("lv-notice", LvNotice);
