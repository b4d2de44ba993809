// What can be said of a port's number alone, and of sockets as the tables of the page about ports show them.

import { say, sayMany } from "./say.js";

/** @import { SocketRow } from "./messages.js" */

export const LAST_PORT = 65535;

/**
 * The number that a text is, where it is a port's: digits alone.
 * @param {string} text
 * @returns {number | null}
 */
export function readPort(text) {
  const trimmed = text.trim();
  if (!/^[0-9]{1,5}$/.test(trimmed)) return null;
  const port = Number(trimmed);
  return port <= LAST_PORT ? port : null;
}

/**
 * Of which range of RFC 6335 it is.
 * @param {number} port
 * @returns {string}
 */
export function rangeText(port) {
  if (port === 0) return say("Port 0 is reserved: no service has it.");
  if (port < 1024) return say("{port} is a system port.", { port });
  if (port < 49152) return say("{port} is a user port.", { port });
  return say("{port} is a dynamic port: it is never assigned.", { port });
}

/**
 * Whether it waits for whoever comes: a listener, or a UDP socket without another end.
 * @param {SocketRow} row
 * @returns {boolean}
 */
export function waits(row) {
  return row.state === "LISTEN" || (row.protocol === "UDP" && row.remote_ip === "");
}

/**
 * Whether a row is to be shown: every word of the text is somewhere in it, a word of digits alone is one of its numbers.
 * @param {SocketRow} row
 * @param {string} text
 * @param {boolean} onlyWaiting
 * @returns {boolean}
 */
export function isShown(row, text, onlyWaiting) {
  if (onlyWaiting && !waits(row)) return false;
  const numbers = [row.pid ?? "", row.local_port, row.remote_port].map(String);
  const words = [row.host, row.command, row.user, row.family, row.protocol, row.local_ip, row.remote_ip, row.state].join("\n").toLowerCase();
  return text.toLowerCase().split(/\s+/).every((word) => words.includes(word) || numbers.includes(word));
}

/**
 * @param {string} ip
 * @param {number} port
 * @returns {string} '10.0.0.2:80', '[::1]:80', '*:53' for any address; empty where there is no end
 */
export function endText(ip, port) {
  if (ip === "" && port === 0) return "";
  const host = ip === "0.0.0.0" || ip === "::" ? "*" : ip.includes(":") ? `[${ip}]` : ip;
  return `${host}:${port === 0 ? "*" : port}`;
}

/**
 * @param {SocketRow} row
 * @param {number} sinceMs since the row was told
 * @returns {string}
 */
export function stateText(row, sinceMs) {
  if (row.expires_ms === null) return row.state;
  const seconds = Math.max(0, Math.round((row.expires_ms - sinceMs) / 1000));
  return say("{state}, {seconds} s more", { state: row.state, seconds });
}

/**
 * @param {number} shown
 * @param {number} all
 * @returns {string}
 */
export function countText(shown, all) {
  return shown === all
    ? sayMany("{count} socket.", "{count} sockets.", all)
    : sayMany("{shown} of {count} socket.", "{shown} of {count} sockets.", all, { shown });
}
