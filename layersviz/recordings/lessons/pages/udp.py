"""UDP: what it does, and what it leaves to others."""

from layersviz.core.said import said
from layersviz.recordings.lessons.pages.page import Page, Sentence

_ECHO, _CLOSED = "09-udp-echo", "10-udp-closed-port"

UDP = Page(
    slug="udp",
    name=said("UDP"),
    about=said("Ports, a length, a checksum, and the data: the smallest transport that there is."),
    sentences=(
        Sentence(
            run=_ECHO,
            at="datagram down application",
            plain=said(
                "The client's program has {datagram.data.len} bytes for the server. With UDP it just sends them: there"
                " is no handshake before, and no connection."
            ),
            precise=said(
                "One call, one message: the {datagram.data.len} bytes of a sendto() become exactly one datagram. There"
                " is no connection, and nothing that both ends have to agree on before."
            ),
            source="RFC 768",
        ),
        Sentence(
            run=_ECHO,
            at="datagram down transport",
            plain=said(
                "UDP's header has only {datagram.udp.hdr_len} bytes: two ports, a length, a checksum. There is nothing"
                " in it by which a loss could be noticed."
            ),
            precise=said(
                "Four fields of 16 bits: source port {datagram.udp.srcport}, destination port {datagram.udp.dstport},"
                " length {datagram.udp.length}, which counts header and data, and checksum {datagram.udp.checksum}. No"
                " sequence number, no acknowledgment, no window."
            ),
            source="RFC 768",
        ),
        Sentence(
            run=_ECHO,
            at="datagram up transport",
            plain=said(
                "The receiver checks the sum. Were a bit wrong, the datagram would be thrown away in silence: UDP finds"
                " damage, but it repairs nothing."
            ),
            precise=said(
                "The checksum covers a pseudo-header with both addresses, the header and the data. Over IPv4 a 0 says"
                " that the sender made none; over IPv6 there must be one, but for some tunnels. A datagram whose sum is"
                " wrong is dropped without a word."
            ),
            source="RFC 1122, section 4.1.3.4",
        ),
        Sentence(
            run=_ECHO,
            at="datagram up application",
            plain=said(
                "The server's program gets the {datagram.data.len} bytes in one piece, just as they were sent. UDP"
                " keeps messages apart; TCP would make one stream of them."
            ),
            precise=said(
                "recvfrom() gives one whole datagram and its sender's address. Boundaries are kept, order is not:"
                " datagrams may overtake each other, come twice or not at all."
            ),
            source="RFC 8085, section 3.3",
        ),
        Sentence(
            run=_ECHO,
            at="echo up application",
            plain=said(
                "This server sends the bytes back. Only by that does the client know that they arrived: where UDP shall"
                " be reliable, the programs have to see to it themselves."
            ),
            precise=said(
                "That the datagram arrived is known only because the application answers. Timeouts, repetition and a"
                " sending rate that is fair to others are left to the application."
            ),
            source="RFC 8085, section 3.1",
        ),
        Sentence(
            run=_CLOSED,
            at="datagram up transport",
            plain=said(
                "Here no program waits at port {datagram.udp.dstport}. UDP has no way to say no: it has no flags, and"
                " no message of its own but the datagram."
            ),
            precise=said(
                "No socket is bound to port {datagram.udp.dstport}. UDP itself has no error message; the host should"
                " report it by ICMP."
            ),
            source="RFC 1122, section 4.1.3.1",
        ),
        Sentence(
            run=_CLOSED,
            at="icmp down network",
            plain=said(
                "So another protocol says it: ICMP, “port unreachable”. It quotes the headers of the datagram that it"
                " is about."
            ),
            precise=said(
                "ICMP type {icmp.icmp.type}, code {icmp.icmp.code}: destination unreachable, port unreachable. It"
                " carries the IP header of the datagram and at least 8 bytes behind it, which is UDP's whole header,"
                " with source port {icmp.quoted.udp.srcport}."
            ),
            source="RFC 792",
        ),
        Sentence(
            run=_CLOSED,
            at="icmp up network",
            plain=said(
                "The client's kernel reads the quoted ports and knows which program to tell. Whether such a report"
                " comes is not certain: firewalls often drop it."
            ),
            precise=said(
                "By the quoted ports the kernel finds the socket. UDP must pass the error up to the program; with Linux"
                " a connected socket hears ECONNREFUSED at its next call."
            ),
            source="RFC 1122, section 4.1.3.3",
        ),
    ),
    attempt=said(
        "Count the frames: {datagram.count} one way, {echo.count} back. How many would TCP need for the same"
        " {datagram.data.len} bytes? The lesson on the handshake, and the one on closing, have the answer."
    ),
)
