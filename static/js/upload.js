// The upload form of the recordings' page, with a script: a true progress bar, drag and drop, cancel.
// Without it the same form works by itself. What the server says comes in lines, one JSON object each.

import { decimal, number, say, sayMany } from "./core/say.js";

const LINES = "application/x-ndjson";
const MEGABYTE = 1024 * 1024;

/** @typedef {{ kind: "frames_read", frames: number } | { kind: "keeping", frames: number, conversations: number }
 *   | { kind: "kept", recording: number } | { kind: "refused", sentence: string }} Said */

const form = document.querySelector("#upload");
if (form instanceof HTMLFormElement) enhance(form);

/** @param {HTMLFormElement} form */
function enhance(form) {
  const input = /** @type {HTMLInputElement} */ (form.elements.namedItem("file"));
  const send = /** @type {HTMLButtonElement} */ (form.querySelector("button[type=submit]"));
  const cancel = /** @type {HTMLButtonElement} */ (form.querySelector("[data-cancel]"));
  const bar = /** @type {HTMLProgressElement} */ (form.querySelector("progress"));
  const said = /** @type {HTMLElement} */ (form.querySelector("[role=status]"));
  const most = Number(form.dataset["most"]);
  /** @type {XMLHttpRequest | null} */
  let request = null;

  const hint = form.querySelector("[data-drop]");
  if (hint instanceof HTMLElement) hint.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const file = input.files?.[0];
    if (file !== undefined) begin(file);
  });
  input.addEventListener("change", () => report("", false));
  cancel.addEventListener("click", () => request?.abort());
  acceptDrops(form, (file) => { if (request === null) begin(file); });

  /** @param {File} file */
  function begin(file) {
    if (file.size > most) {
      const sizes = { size: megabytes(file.size), most: megabytes(most) };
      report(say("This file is too large: it has {size}, and a capture may have up to {most} here (UPLOAD_LIMIT_MB).", sizes), true);
      return;
    }
    const data = new FormData(form);
    data.set("file", file);
    const asked = new XMLHttpRequest();
    request = asked;
    let heard = 0;
    let isOver = false;
    const hear = () => {
      const end = asked.responseText.lastIndexOf("\n") + 1;
      for (const line of asked.responseText.slice(heard, end).split("\n")) if (line !== "") isOver = tell(line) || isOver;
      heard = end;
    };
    asked.upload.addEventListener("progress", ({ loaded, total }) => {
      show(loaded, total, say("Sending: {sent} of {all}", { sent: megabytes(loaded), all: megabytes(total) }));
    });
    asked.upload.addEventListener("load", () => show(null, 0, say("Sent. The server begins to read it.")));
    asked.addEventListener("progress", hear);
    asked.addEventListener("load", () => {
      if (asked.getResponseHeader("Content-Type") === LINES) hear();
      if (!isOver) finish(say("The server could not take it ({status}): load this page again, then try once more.", { status: asked.status }));
    });
    asked.addEventListener("error", () => finish(say("The connection was lost: nothing was kept. Try again.")));
    asked.addEventListener("abort", () => finish(say("Cancelled: nothing was kept.")));
    asked.open("POST", form.action);
    asked.setRequestHeader("Accept", LINES);
    show(0, file.size, say("Sending {name}", { name: file.name }));
    busy(true);
    asked.send(data);
  }

  /**
   * @param {string} line
   * @returns {boolean} whether it was the last word
   */
  function tell(line) {
    const step = /** @type {Said} */ (JSON.parse(line));
    switch (step.kind) {
      case "frames_read":
        show(null, 0, sayMany("Reading: {count} frame", "Reading: {count} frames", step.frames, { count: number(step.frames) }));
        return false;
      case "keeping":
        show(null, 0, `${readText(step.frames)} ${keepingText(step.conversations)}`);
        return false;
      case "kept":
        end(say("Kept."), false);
        location.assign(`/recordings/${step.recording}/`);
        return true;
      case "refused":
        finish(step.sentence);
        return true;
    }
  }

  /**
   * @param {number | null} done null where nobody knows how much there is
   * @param {number} all
   * @param {string} words
   */
  function show(done, all, words) {
    bar.hidden = false;
    if (done === null || all === 0) bar.removeAttribute("value");
    else { bar.max = all; bar.value = done; }
    report(words, false);
  }

  /** @param {string} sentence */
  function finish(sentence) {
    end(sentence, true);
    input.focus();
  }

  /**
   * @param {string} sentence
   * @param {boolean} isProblem
   */
  function end(sentence, isProblem) {
    request = null;
    busy(false);
    bar.hidden = true;
    report(sentence, isProblem);
  }

  /** @param {boolean} is */
  function busy(is) {
    cancel.hidden = !is;
    send.hidden = is;
    input.disabled = is;
    if (is) cancel.focus();
  }

  /**
   * How far it is changes too often to be read out.
   * @param {string} words
   * @param {boolean} isProblem
   */
  function report(words, isProblem) {
    const text = document.createElement(isProblem ? "strong" : "span");
    if (isProblem) text.className = "problem";
    text.textContent = words;
    said.setAttribute("aria-live", isProblem ? "polite" : "off");
    said.replaceChildren(text);
  }
}

/**
 * A file may be dropped anywhere on the page: one that misses the form would else be opened in its place.
 * @param {HTMLElement} form
 * @param {(file: File) => void} onFile
 */
function acceptDrops(form, onFile) {
  const mark = (/** @type {boolean} */ is) => form.toggleAttribute("data-over", is);
  const hasFile = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes("Files") ?? false;
  document.addEventListener("dragover", (event) => {
    if (!hasFile(event)) return;
    event.preventDefault();
    mark(true);
  });
  document.addEventListener("dragleave", (event) => { if (event.relatedTarget === null) mark(false); });
  document.addEventListener("drop", (event) => {
    if (!hasFile(event)) return;
    event.preventDefault();
    mark(false);
    const file = event.dataTransfer?.files[0];
    if (file !== undefined) onFile(file);
  });
}

/**
 * @param {number} octets
 * @returns {string} '3.4 MB'
 */
function megabytes(octets) {
  return `${decimal(octets / MEGABYTE, 1)} MB`;
}

/**
 * @param {number} frames
 * @returns {string} 'Read: 40,000 frames.'
 */
function readText(frames) {
  return sayMany("Read: {count} frame.", "Read: {count} frames.", frames, { count: number(frames) });
}

/**
 * @param {number} conversations
 * @returns {string}
 */
function keepingText(conversations) {
  const values = { count: number(conversations) };
  return sayMany("Keeping {count} conversation.", "Keeping {count} conversations.", conversations, values);
}
