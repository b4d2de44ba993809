import { MOST, PLAIN, READY, browserAddress, fault, faultText, isPlain, orderTexts, readOrder, whyNot } from "../../static/js/core/order.js";

/** @import { Fault } from "../../static/js/core/messages.js" */
/** @import { Assert } from "./runner.js" */

const LOST = fault({ deed: "lose", sender: "client", frame: "SYN" });

/** @param {Partial<Fault>} more */
const refusal = (more) => whyNot({ ...PLAIN, faults: [{ ...LOST, ...more }] });

/** @param {Assert} assert */
export function aFaultIsSaidAsASentence(assert) {
  assert.equal(faultText(LOST), "The client's 1st SYN is lost.");
  assert.equal(faultText({ ...LOST, count: 3 }), "The client's SYNs 1 to 3 are lost.");
  assert.equal(faultText(fault({ deed: "hold", sender: "server", frame: "SYN/ACK", nth: 2 })), "The server's 2nd SYN/ACK is held until it is let go.");
  assert.equal(faultText(fault({ deed: "delay", sender: "server", frame: "data", nth: 3, delay_ms: 700 })), "The server's 3rd data segment is late by 700 ms.");
  const damaged = fault({ deed: "corrupt", sender: "client", frame: "data", place: "ip" });
  assert.equal(faultText(damaged), "The client's 1st data segment: one bit is flipped (IP header).");
  assert.equal(faultText({ ...damaged, bit: 7 }), "The client's 1st data segment: bit 7 is flipped (IP header).");
}

/** @param {Assert} assert */
export function whatIsReadyMadeCanBePlayedByItselfAndAllTogether(assert) {
  for (const [name, each] of READY) assert.equal(whyNot({ ...PLAIN, faults: [each] }), "", name);
  const [first, ...others] = READY.map(([, each]) => each);
  assert.ok(first !== undefined && whyNot({ ...PLAIN, faults: [first, ...others.slice(0, 3)] }) === "");
}

/** @param {Assert} assert */
export function nonsenseIsRefusedInOneSentence(assert) {
  assert.ok(refusal({ nth: 0 }).startsWith("A fault names 4 frames"));
  assert.ok(refusal({ nth: NaN }).startsWith("A fault names"));
  assert.ok(refusal({ count: MOST.count + 1 }).startsWith("A fault names"));
  assert.ok(refusal({ deed: "delay" }).startsWith("A frame may be late"));
  assert.ok(refusal({ deed: "corrupt" }).startsWith("A wrong bit needs its place"));
  assert.ok(refusal({ deed: "corrupt", place: "data" }).startsWith("Such a frame carries no data"));
  assert.ok(refusal({ deed: "corrupt", frame: "ARP", place: "ip" }).startsWith("Of such a frame"));
  assert.ok(whyNot({ ...PLAIN, server_port: 70_000 }).startsWith("A port"));
  assert.ok(whyNot({ ...PLAIN, client_delay_ms: 5000 }).startsWith("A direction"));
  assert.ok(whyNot({ ...PLAIN, faults: Array.from({ length: 9 }, (_, index) => ({ ...LOST, nth: index + 1 })) }).startsWith("One run has 8 faults"));
}

/** @param {Assert} assert */
export function twoFaultsMayNotNameTheSameFrame(assert) {
  assert.equal(whyNot({ ...PLAIN, faults: [{ ...LOST, count: 2 }, { ...LOST, nth: 2, deed: "hold" }] }), "Two faults name the same frame.");
  assert.equal(whyNot({ ...PLAIN, faults: [{ ...LOST, count: 2 }, { ...LOST, nth: 3 }] }), "");
}

/** @param {Assert} assert */
export function anOrderSaysAllThatIsNotAsInThePlainRun(assert) {
  assert.deepEqual(orderTexts(PLAIN), []);
  assert.ok(isPlain(PLAIN) && !isPlain({ ...PLAIN, textbook: true }) && !isPlain({ ...PLAIN, scene: "refused" }));
  const order = { ...PLAIN, ipv6: true, textbook: true, faults: [LOST], server_port: 6789, client_delay_ms: 300, server_delay_ms: 2 };
  assert.deepEqual(orderTexts(order), [
    "The client's 1st SYN is lost.", "Over IPv6.", "Each frame of the client's is 300 ms late.", "Each frame of the server's is 2 ms late.",
    "The server listens on port 6789.", "Textbook timers.",
  ]);
}

/** @param {Assert} assert */
export function whatWasKeptIsReadAgainAndWhatIsNoOrderIsNot(assert) {
  const order = { ...PLAIN, scene: "large", faults: [LOST] };
  assert.deepEqual(readOrder(JSON.stringify(order)), order);
  assert.deepEqual(readOrder("{}"), PLAIN);
  for (const kept of [null, "", "7", "null", '"x"', '{"faults":7}', '{"faults":[{"deed":"burn"}]}', '{"ipv6":"yes"}', '{"server_port":-1}',
    JSON.stringify({ faults: [{ ...LOST, sender: "nobody" }] }), JSON.stringify({ faults: [{ ...LOST, frame: "toString" }] })]) {
    const read = readOrder(kept);
    assert.ok(read === null || isPlain(read), `${kept}`);
  }
  assert.equal(readOrder('{"faults":[{"deed":"burn"}]}'), null);
}

/** @param {Assert} assert */
export function aBrowserNeedsThePortUnlessItIs80(assert) {
  assert.equal(browserAddress("10.0.0.2", 80), "http://10.0.0.2");
  assert.equal(browserAddress("10.0.0.2", 6789), "http://10.0.0.2:6789");
  assert.equal(browserAddress("fd00::2", 6789), "http://[fd00::2]:6789");
}
