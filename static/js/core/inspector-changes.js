// What would change a field's value, by Wireshark's name, and what a whole part of a frame is for. Where nothing is
// known nothing is said.

/** @type {Record<string, string>} */
const CHANGES = {
  "eth.dst": "Every link has its own: a router puts the next card's address here. A broadcast is ff:ff:ff:ff:ff:ff.",
  "eth.src": "Every router that passes the packet on puts its own card's address here.",
  "eth.type": "Another protocol inside: 0x0800 is IPv4, 0x0806 ARP, 0x86dd IPv6. Below 1536 it would be a length.",
  "vlan.id": "A switch that moves the frame to another virtual network.",
  "arp.hw.type": "Another kind of link: 1 is Ethernet.",
  "arp.proto.type": "Another kind of address that is asked for: 0x0800 is IPv4.",
  "arp.hw.size": "Another kind of link: an Ethernet address has 6 bytes.",
  "arp.proto.size": "Another kind of address: an IPv4 address has 4 bytes.",
  "arp.opcode": "1 in the question, 2 in the answer.",
  "arp.src.hw_mac": "Another network card, or a card that was given another address.",
  "arp.src.proto_ipv4": "The sender's host gets another IP address; 0.0.0.0 when it only asks whether an address is free.",
  "arp.dst.hw_mac": "The answer fills it in: in the question nobody knows it yet.",
  "arp.dst.proto_ipv4": "Asking for another host on the same link.",
  "ip.version": "6 in an IPv6 packet, whose header is another one.",
  "ip.hdr_len": "IP options: each 4 bytes of them make it 1 larger, from 5 up to 15.",
  "ip.dsfield": "A host or router that gives the packet another priority, or a router that marks congestion (ECN).",
  "ip.dsfield.dscp": "A host or router that gives the packet another priority.",
  "ip.dsfield.ecn": "A congested router sets it to 3 where the sender allows that.",
  "ip.len": "More or less data, IP options or TCP options. Each fragment has its own.",
  "ip.id": "The next packet has another; all fragments of one packet have the same.",
  "ip.flags": "A sender that lets routers cut its packets does not set 'don't fragment'; all fragments but the last set 'more fragments'.",
  "ip.flags.df": "A sender that lets routers cut its packets does not set it.",
  "ip.flags.mf": "Set in every fragment but the last.",
  "ip.frag_offset": "Only a packet that was cut into fragments has another value than 0, and the first of them has 0 too.",
  "ip.ttl": "Each router takes 1 off; at 0 the packet is dropped. Operating systems begin at 64, 128 or 255.",
  "ip.proto": "Another protocol inside: 1 is ICMP, 6 TCP, 17 UDP.",
  "ip.checksum": "Any change in this header: every router computes it anew, because the time to live is less.",
  "ip.src": "A router that translates addresses (NAT) on the way out.",
  "ip.dst": "A router that translates addresses (NAT) on the way in.",
  "ipv6.hlim": "Each router takes 1 off; at 0 the packet is dropped.",
  "ipv6.plen": "More or less data, or extension headers.",
  "ipv6.nxt": "Another protocol, or an extension header, behind this header.",
  "ipv6.flow": "The sender gives each flow a label of its own.",
  "tcp.srcport": "The next connection of a client gets another one from the system; a server keeps its own.",
  "tcp.dstport": "Another service: 80 is HTTP, 443 HTTPS. In the answer both ports change places.",
  "tcp.seq_raw": "Each byte of data that was sent before adds 1, SYN and FIN add 1 each. The start is random in every connection.",
  "tcp.ack_raw": "Each byte that arrives in order adds 1, so do the other end's SYN and FIN.",
  "tcp.hdr_len": "TCP options: each 4 bytes of them make it 1 larger, from 5 up to 15.",
  "tcp.flags": "The kind of segment: SYN opens, FIN closes, RST breaks off, ACK stands in every segment but the first.",
  "tcp.flags.syn": "Set in the first segment of each end only.",
  "tcp.flags.ack": "Set in every segment but the first of a connection.",
  "tcp.flags.fin": "Set once an end has no more data to send.",
  "tcp.flags.reset": "Set when a connection is refused or broken off.",
  "tcp.flags.push": "Set where the receiver shall hand the data to its application at once.",
  "tcp.flags.urg": "Set where the urgent pointer counts.",
  "tcp.window_size_value": "Data that waits to be read makes it less; reading it, or a larger receive buffer, makes it more.",
  "tcp.checksum": "Any change in the header, in the data or in the IP addresses: a translating router computes it anew.",
  "tcp.urgent_pointer": "A segment with URG; hardly any application uses it.",
  "tcp.options.mss_val": "Another MTU of the link; some routers make it less on the way, so that packets fit a tunnel.",
  "tcp.options.wscale.shift": "A larger receive buffer needs a higher shift. It stands in SYNs only, and counts only if both ends send it.",
  "tcp.options.sack_perm": "It stands in SYNs only; without it in both of them nobody sends SACK blocks.",
  "tcp.options.sack": "A gap in what has arrived: it grows with each segment behind the gap, and goes once the gap is filled.",
  "tcp.options.timestamp.tsval": "Time: the sender's clock counts on. The echo behind it is the last value that came from the other end.",
  "tcp.options.timestamp.tsecr": "A newer timestamp from the other end; 0 in the first SYN.",
  "udp.srcport": "The next question of a client mostly comes from another port.",
  "udp.dstport": "Another service: 53 is DNS. In the answer both ports change places.",
  "udp.length": "More or less data.",
  "udp.checksum": "Any change in the header, in the data or in the IP addresses.",
  "http.content_length": "A body of another size; compression makes it less, or for a small body more.",
  "http.content_encoding": "The browser says in Accept-Encoding what it can read.",
};

/** @type {Record<string, string>} */
const MEANINGS = {
  preamble: "7 bytes of alternating bits by which the receiver's clock gets into step; computed, as an Ethernet card would send it.",
  sfd: "10101011, the start-of-frame delimiter: the next bit is the first of the frame. Computed.",
  fcs: "The frame check sequence: a receiver computes it too and drops a frame in which it differs. Computed: no capture holds it.",
  data: "What the layers carry for the application.",
  padding: "Bytes that bring a short frame to Ethernet's least length; the IP total length says that they are no data.",
  "Ethernet II": "Brings the frame from one network card to the next on the same link (IEEE 802.3).",
  ARP: "Asks for, or tells, the MAC address that goes with an IPv4 address (RFC 826).",
  IPv4: "Brings the packet from host to host across many links (RFC 791).",
  IPv6: "Brings the packet from host to host across many links (RFC 8200).",
  TCP: "Carries a stream of bytes between two applications, in order and without loss (RFC 9293).",
  UDP: "Carries one message between two applications, without any promise that it arrives (RFC 768).",
  HTTP: "The question or the answer of the web, as lines of text (RFC 9112).",
};

/**
 * @param {string} name Wireshark's
 * @returns {string} empty where nothing is known
 */
export function whatChanges(name) {
  return (Object.hasOwn(CHANGES, name) && CHANGES[name]) || "";
}

/**
 * @param {string} key a section's
 * @returns {string} empty where nothing is known
 */
export function whatFor(key) {
  const name = key.replace(/ \d+$/, "");
  return (Object.hasOwn(MEANINGS, name) && MEANINGS[name]) || "";
}
