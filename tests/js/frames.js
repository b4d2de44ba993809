// A run of two frames in all their steps: a SYN as a Linux kernel sent it, and an answer the other way.

/** @import { Journey, Layer, Line, Part, Run, Side, States, Step } from "../../static/js/core/messages.js" */

export const SYN = "bcf2b8578602bc35dbcf1b0308004500003cac19400040067a9e0a0000030a00000289ee0050ef47e4eb00000000"
  + "a002faf0c5d60000020405b40402080a1a24fa9a000000000103030a";
export const SYN_FCS = "3baf1533";

/** @type {Layer[]} */
const DOWN = ["application", "transport", "network", "link", "physical"];

/** @type {Record<string, Part>} */
const PART = {
  preamble: { layer: "physical", key: "", label: "Preamble", octets: 8, computed: true },
  ethernet: { layer: "link", key: "", label: "Ethernet", octets: 14, computed: false },
  ip: { layer: "network", key: "", label: "IPv4", octets: 20, computed: false },
  tcp: { layer: "transport", key: "", label: "TCP", octets: 40, computed: false },
  fcs: { layer: "link", key: "", label: "FCS", octets: 4, computed: true },
};

/** @type {Record<string, string[]>} */
const DOWN_PARTS = {
  application: [],
  transport: ["tcp"],
  network: ["ip", "tcp"],
  link: ["ethernet", "ip", "tcp", "fcs"],
  physical: ["preamble", "ethernet", "ip", "tcp", "fcs"],
};

/** @type {Record<string, string[]>} */
const UP_PARTS = {
  physical: ["ethernet", "ip", "tcp", "fcs"], link: ["ip", "tcp"], network: ["tcp"], transport: [], application: [],
};

/** @type {Line[]} */
const LINES = [{ key: "Ports", label: "Ports", text: "35310 → 80", mark: "captured" }, { key: "Flags", label: "Flags", text: "SYN", mark: "good" }];

/**
 * @param {Partial<Run>} more
 * @returns {Run}
 */
export function handshake(more = {}) {
  return {
    number: 1, source: "lab", ended: true, problem: "",
    hosts: {
      client: { side: "client", ip: "10.0.0.3", mac: "bc:35:db:cf:1b:03", port: 35310 },
      server: { side: "server", ip: "10.0.0.2", mac: "bc:f2:b8:57:86:02", port: 80 },
    },
    journeys: [
      frame(1, "client", { client: "SYN-SENT", server: "LISTEN" }, { client: "SYN-SENT", server: "SYN-RECEIVED" }),
      frame(
        2, "server", { client: "SYN-SENT", server: "SYN-RECEIVED" }, { client: "ESTABLISHED", server: "SYN-RECEIVED" },
      ),
    ],
    ...more,
  };
}

/**
 * Eleven steps of a second, each moving for its first half.
 * @param {number} number
 * @param {Side} sender
 * @param {States} taken
 * @param {States} delivered
 * @returns {Journey}
 */
function frame(number, sender, taken, delivered) {
  const receiver = sender === "client" ? "server" : "client";
  const up = [...DOWN].reverse();
  const stops = [
    ...DOWN.map((layer) => ({ half: "down", side: sender, layer, parts: DOWN_PARTS[layer] })),
    { half: "wire", side: null, layer: "physical", parts: DOWN_PARTS["physical"] },
    ...up.map((layer) => ({ half: "up", side: receiver, layer, parts: UP_PARTS[layer] })),
  ];
  const begin = (number - 1) * stops.length * 1000;
  const steps = stops.map(({ parts, ...stop }, index) => ({
    ...stop, number: index + 1, title: `step ${index + 1}`, sentence: "What happens.", pdu: "segment", lines: LINES,
    parts: (parts ?? []).map((name) => PART[name]), client_call: "connect()", server_call: "accept()", row: null,
    states: stop.half === "up" && (stop.layer === "transport" || stop.layer === "application") ? delivered : taken,
    start_ms: begin + index * 1000, rest_ms: begin + index * 1000 + 500, end_ms: begin + index * 1000 + 1000,
  }));
  return {
    number, sender, name: "SYN", title: "", arrow: `arrow ${number}`, time_ns: 0, time_us: number * 1234.5, octets: SYN,
    fcs: SYN_FCS, headers: headers(), payload_offset: 74, payload_octets: 0,
    steps: /** @type {Step[]} */ (/** @type {unknown} */ (steps)), rows: [], down_heading: "", up_heading: "",
    problem: "",
  };
}

/** @returns {Journey["headers"]} */
function headers() {
  const field = (/** @type {string} */ label, /** @type {number} */ bit_offset, /** @type {number} */ bit_length) => ({
    name: label, label, text: "", bit_offset, bit_length, number: null, meaning: "",
  });
  return [
    {
      layer: "link", protocol: "Ethernet II", octet_offset: 0, octet_length: 14,
      fields: [field("Destination MAC", 0, 48)],
    },
    {
      layer: "network", protocol: "IPv4", octet_offset: 14, octet_length: 20,
      fields: [field("Version", 112, 4), field("Header length", 116, 4)],
    },
    {
      layer: "transport", protocol: "TCP", octet_offset: 34, octet_length: 40,
      fields: [field("Source port", 272, 16), field("Sequence number", 304, 32), field("Flags", 375, 9)],
    },
  ];
}
