// The page about ports: the search in the table of services, the address of any port, and the tables of sockets.

import "./elements/lv-bind.js";
import "./elements/lv-services.js";
import "./elements/lv-sockets.js";
import { PLAIN, browserAddress, readOrder, whyNot } from "./core/order.js";
import { LAST_PORT } from "./core/ports.js";
import { language, say, sayMany } from "./core/say.js";
import { LookoutLine } from "./live/lookout.js";
import { keepOrder } from "./live/window.js";

/** @import { LabSocket, LabSockets, LookoutMessage, SocketRow } from "./core/messages.js" */
/** @import { LvBind } from "./elements/lv-bind.js" */
/** @import { LvSockets } from "./elements/lv-sockets.js" */

const MACHINE_EVERY_MS = 2000;
const ORDER = "layersviz-order"; // live/window.js keeps it for the stage, in this tab

showAnyPort(/** @type {HTMLElement | null} */ (document.querySelector(".addresses .any")));
const machine = /** @type {LvSockets | null} */ (document.querySelector("lv-sockets[data-of=machine]"));
if (machine !== null) void followMachine(machine);
const lab = /** @type {LvSockets | null} */ (document.querySelector("lv-sockets[data-of=lab]"));
if (lab !== null) followLab(lab);

/** @param {HTMLElement | null} place */
function showAnyPort(place) {
  const input = place?.querySelector("input");
  const code = place?.querySelector("code");
  if (!place || !input || !code) return;
  const choose = place.querySelector("button");
  const isPort = () => Number.isInteger(input.valueAsNumber) && input.valueAsNumber >= 1 && input.valueAsNumber <= LAST_PORT;
  const write = (why = "") => {
    code.textContent = isPort() ? browserAddress(place.dataset["ip"] ?? "", input.valueAsNumber) : say("A port is a number from 1 to 65535.");
    if (why !== "") code.textContent = why;
  };
  place.hidden = false;
  input.addEventListener("input", () => write());
  choose?.addEventListener("click", () => write(isPort() ? choosePort(input.valueAsNumber, place) : ""));
  write();
}

/**
 * The next run that this window starts has its server at that port; all else stays as it was chosen on the stage.
 * @param {number} port
 * @param {HTMLElement} place
 * @returns {string} why not, in one sentence; empty where the stage comes now
 */
function choosePort(port, place) {
  const kept = readOrder(keptText()) ?? PLAIN;
  const order = { ...kept, server_port: String(port) === place.dataset["own"] ? 0 : port };
  const why = whyNot(order);
  if (why === "") {
    keepOrder({ order, scene: "", words: "" });
    location.assign(place.dataset["stage"] ?? "/");
  }
  return why;
}

/** @returns {string | null} */
function keptText() {
  try {
    return window.sessionStorage.getItem(ORDER);
  } catch {
    return null;
  }
}

/**
 * Asks while the page is looked at.
 * @param {LvSockets} table
 */
async function followMachine(table) {
  for (;;) {
    if (document.hidden) await new Promise((done) => document.addEventListener("visibilitychange", done, { once: true }));
    else {
      await askMachine(table);
      await new Promise((done) => window.setTimeout(done, MACHINE_EVERY_MS));
    }
  }
}

/** @param {LvSockets} table */
async function askMachine(table) {
  try {
    const response = await fetch(table.dataset["from"] ?? "", { headers: { Accept: "application/json" } });
    /** @type {{ rows: SocketRow[], left_out: number, problem: string, all: boolean, sentence?: string }} */
    const told = await response.json();
    if (!response.ok) return table.show([], told.sentence ?? String(response.status));
    const remarks = [
      told.left_out > 0 ? sayMany("{count} more is not listed here.", "{count} more are not listed here.", told.left_out) : "",
      told.all ? "" : say("To whom this machine speaks besides is shown to whoever runs the server."),
    ];
    table.show(told.rows, told.problem, remarks.filter(Boolean).join(" "));
  } catch {
    table.show([], say("The server does not answer; this page goes on asking."));
  }
}

/** @param {LvSockets} table */
function followLab(table) {
  const bind = /** @type {LvBind | null} */ (document.querySelector("lv-bind"));
  const line = new LookoutLine({
    path: `/ws/ports/${table.dataset["code"]}/?language=${language()}`,
    onMessage: (message) => hearLab(table, bind, message),
    onLost: (reason) => table.show([], reason || say("The connection is lost; this page tries again.")),
  });
  bind?.addEventListener("lv-try", (event) => line.send(/** @type {CustomEvent} */ (event).detail));
}

/**
 * @param {LvSockets} table
 * @param {LvBind | null} bind
 * @param {LookoutMessage} message
 */
function hearLab(table, bind, message) {
  if (message.kind !== "lab_sockets") return table.show([], message.sentence);
  table.show(message.rows.map((each) => ({ ...each.row, address: addressOf(each, table.dataset["stage"] ?? "") })), message.problem, remarkOf(message));
  showCommands(message);
  return message.problem === "" ? bind?.show(message.unprivileged_from, message.tries) : undefined;
}

/**
 * Where the frames of a socket are to be seen: its run as it was kept, or on the stage of the class.
 * @param {LabSocket} socket
 * @param {string} stage
 * @returns {string} empty where nowhere
 */
function addressOf({ run, frame, recording }, stage) {
  if (run === 0) return "";
  return recording === null ? stage : `/recordings/${recording}/?frame=${Math.max(frame, 1)}`;
}

/**
 * @param {LabSockets} told
 * @returns {string}
 */
function remarkOf({ left_out, untold }) {
  const remarks = [
    left_out > 0 ? sayMany("{count} more is not listed here.", "{count} more are not listed here.", left_out) : "",
    ...untold.map((protocol) => say("This kernel does not tell of its sockets of {protocol}.", { protocol })),
  ];
  return remarks.filter(Boolean).join(" ");
}

/** @param {LabSockets} told */
function showCommands({ pid, client_namespace, server_namespace }) {
  const place = /** @type {HTMLElement | null} */ (document.querySelector("[data-commands=lab]"));
  if (place === null) return;
  place.hidden = pid === 0;
  for (const [host, namespace] of [["client", client_namespace], ["server", server_namespace]]) {
    const code = place.querySelector(`[data-host=${host}]`);
    if (code !== null) code.textContent = `nsenter -t ${pid} --user --net=/proc/${pid}/fd/${namespace} --preserve-credentials ss -ntuap`;
  }
}
