"""The words of the transport layer."""

from layersviz.core.glossary.term import Term
from layersviz.core.said import said

TRANSPORT: tuple[Term, ...] = (
    Term(
        slug="ack",
        word="ACK",
        forms="ACK|ACKs",
        text=said(
            "The flag that says that a segment's acknowledgment number counts. All have it but the first SYN and some"
            " RSTs."
        ),
        source="RFC 9293",
    ),
    Term(
        slug="acknowledgment-number",
        word=said("acknowledgment number"),
        forms=said(
            "acknowledgment number|acknowledgment numbers|acknowledgment|acknowledgments|acknowledge|acknowledges"
        ),
        text=said("The number of the byte that a TCP expects next: all before it has arrived without a gap."),
        source="RFC 9293",
    ),
    Term(
        slug="byte-stream",
        word=said("byte stream"),
        forms=said("byte stream|byte streams"),
        text=said(
            "What TCP gives to a program: bytes in order, without gaps and without boundaries. Where one segment ended"
            " and the next began cannot be seen any more."
        ),
        source="RFC 9293",
    ),
    Term(
        slug="connection",
        word=said("connection"),
        forms=said("connection|connections"),
        text=said(
            "What two TCPs know of each other: both addresses, both ports, and which numbers have been used. Nothing of"
            " it is on the wire between them."
        ),
        source="RFC 9293",
    ),
    Term(
        slug="datagram",
        word=said("datagram"),
        forms=said("datagram|datagrams"),
        text=said("The PDU of UDP: header and data that travel on their own. IP's packet is called so, too."),
        source="RFC 768",
    ),
    Term(
        slug="fin",
        word="FIN",
        forms="FIN|FINs",
        text=said("The flag that says: I have nothing more to send. It takes up one sequence number."),
        source="RFC 9293",
    ),
    Term(
        slug="flag",
        word=said("flag"),
        forms=said("flag|flags"),
        text=said("One bit of TCP's header with a meaning of its own, such as SYN, ACK, FIN or RST."),
        source="RFC 9293",
    ),
    Term(
        slug="half-close",
        word=said("half-close"),
        forms=said("half-close|half-closed"),
        text=said("One direction is closed by its FIN, the other still carries data."),
        source="RFC 9293",
    ),
    Term(
        slug="handshake",
        word=said("three-way handshake"),
        forms=said("three-way handshake|handshake"),
        text=said("SYN, SYN and ACK, ACK: three segments by which both ends agree on the numbers of a new connection."),
        source="RFC 9293",
    ),
    Term(
        slug="isn",
        word=said("initial sequence number"),
        forms=said("initial sequence number|initial sequence numbers"),
        text=said(
            "The number of a SYN: with it a direction's counting begins. It is chosen so that nobody can guess it."
        ),
        source="RFC 9293",
    ),
    Term(
        slug="mss",
        word=said("maximum segment size (MSS)"),
        forms=said("MSS|maximum segment size"),
        text=said(
            "An option of the SYN: so many bytes of data its sender takes in one segment. Each end says its own."
        ),
        source="RFC 9293",
    ),
    Term(
        slug="option",
        word=said("option"),
        forms=said("option|options"),
        text=said("A piece behind the fixed part of a header that need not be there."),
        source="RFC 9293",
    ),
    Term(
        slug="port",
        word=said("port"),
        forms=said("port|ports"),
        text=said("16 bits, 0 to 65535: they say which program of a host is meant, or is speaking."),
        source="RFC 6335",
    ),
    Term(
        slug="pseudo-header",
        word=said("pseudo-header"),
        forms=said("pseudo-header"),
        text=said(
            "Both IP addresses, the protocol and the length: never sent, but part of the sum that TCP and UDP check. So"
            " what was delivered to the wrong host is noticed."
        ),
        source="RFC 9293",
    ),
    Term(
        slug="retransmission",
        word=said("retransmission"),
        forms=said("retransmission|retransmissions|retransmit|retransmits"),
        text=said("TCP sends the same bytes again, because nobody has acknowledged them in time."),
        source="RFC 6298",
    ),
    Term(
        slug="rst",
        word="RST",
        forms="RST|RSTs",
        text=said("The flag that says: there is no such connection, or there is none any more. Nobody answers it."),
        source="RFC 9293",
    ),
    Term(
        slug="rto",
        word=said("retransmission timeout (RTO)"),
        forms=said("RTO|retransmission timeout"),
        text=said(
            "So long a TCP waits for an acknowledgment before it sends again; it follows the measured round trip."
        ),
        source="RFC 6298",
    ),
    Term(
        slug="sack",
        word="SACK",
        forms="SACK",
        text=said("Selective acknowledgment: an option that says which bytes beyond a gap have arrived."),
        source="RFC 2018",
    ),
    Term(
        slug="segment",
        word=said("segment"),
        forms=said("segment|segments"),
        text=said("The PDU of TCP: its header and a piece of the byte stream, or none."),
        source="RFC 9293",
    ),
    Term(
        slug="sequence-number",
        word=said("sequence number"),
        forms=said("sequence number|sequence numbers"),
        text=said(
            "32 bits: the number of a segment's first byte in its direction. SYN and FIN count as one byte each."
        ),
        source="RFC 9293",
    ),
    Term(
        slug="socket",
        word=said("socket"),
        forms=said("socket|sockets"),
        text=said(
            "A program's handle for its end of a conversation; in the standards, an IP address and a port together."
        ),
        source="RFC 9293",
    ),
    Term(
        slug="syn",
        word="SYN",
        forms="SYN|SYNs",
        text=said(
            "The flag that begins a direction: its segment's number is the one from which is counted. It takes up one."
        ),
        source="RFC 9293",
    ),
    Term(
        slug="tcp",
        word="TCP",
        forms="TCP",
        text=said(
            "Transmission Control Protocol: makes of packets that may be lost a byte stream that is whole and in order,"
            " or says that it cannot."
        ),
        source="RFC 9293",
    ),
    Term(
        slug="time-wait",
        word="TIME-WAIT",
        forms="TIME-WAIT",
        text=said(
            "The state in which the end that closed first waits, so that late segments die out and its last ACK can be"
            " sent again. The standard says twice the longest life of a segment, Linux takes 60 seconds."
        ),
        source="RFC 9293",
    ),
    Term(
        slug="timestamps",
        word=said("timestamps"),
        forms=said("timestamp|timestamps"),
        text=said("An option by which each end sends its clock and gets it back: so the round trip is measured."),
        source="RFC 7323",
    ),
    Term(
        slug="udp",
        word="UDP",
        forms="UDP",
        text=said("User Datagram Protocol: ports, a length and a checksum for one datagram, and no promise beyond."),
        source="RFC 768",
    ),
    Term(
        slug="window",
        word=said("window"),
        forms=said("window|windows"),
        text=said("So many more bytes the receiver can take at the moment. At 0 the sender has to wait."),
        source="RFC 9293",
    ),
    Term(
        slug="window-scale",
        word=said("window scale"),
        forms=said("window scale"),
        text=said("An option of the SYN: later windows are to be multiplied by that power of two."),
        source="RFC 7323",
    ),
)
