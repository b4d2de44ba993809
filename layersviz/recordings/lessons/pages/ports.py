"""Ports: which program of a host is meant."""

from layersviz.core.said import said
from layersviz.recordings.lessons.pages.page import Page, Sentence

_RUN, _REFUSED, _SILENT = "01-handshake", "02-refused", "03-lost-syn"

PORTS = Page(
    slug="ports",
    name=said("Ports"),
    about=said("An IP address leads to a host. Which of its programs is meant, a port says."),
    sentences=(
        Sentence(
            run=_RUN,
            at="syn down application",
            plain=said(
                "The program asks for a connection to a host and a port: the address says which host, the port which of"
                " its programs. For HTTP it is 80, a well-known port, so a browser need not be told."
            ),
            precise=said(
                "0 to 1023 are the system ports, also called well-known, 1024 to 49151 the user ports: IANA assigns"
                " both. 49152 to 65535 are dynamic and assigned to nobody. HTTP has 80."
            ),
            source="RFC 6335, section 6",
        ),
        Sentence(
            run=_RUN,
            at="syn down transport",
            plain=said(
                "The first two fields of the TCP header are ports. Source port {syn.tcp.srcport}: who speaks."
                " Destination port {syn.tcp.dstport}: who is meant. Each has 16 bits, so it is a number from 0 to"
                " 65535."
            ),
            precise=said(
                "TCP and UDP both begin with two fields of 16 bits: source port {syn.tcp.srcport}, destination port"
                " {syn.tcp.dstport}. 16 bits give the numbers 0 to 65535; 0 is reserved. TCP's ports and UDP's are"
                " counted apart."
            ),
            source="RFC 9293, section 3.1",
        ),
        Sentence(
            run=_RUN,
            at="syn down network",
            plain=said(
                "IP looks at no port. The addresses {syn.ip.src} and {syn.ip.dst} bring the packet to the right host,"
                " and only there does a port count."
            ),
            precise=said(
                "Ports belong to the transport. IP needs {syn.ip.src}, {syn.ip.dst} and the protocol number"
                " {syn.ip.proto}; address and port together are what the standard calls a socket."
            ),
            source="RFC 9293, section 4",
        ),
        Sentence(
            run=_RUN,
            at="syn up transport",
            plain=said(
                "The server's kernel looks up who waits at port {syn.tcp.dstport}, and finds the web server's socket."
                " So many programs can share one address."
            ),
            precise=said(
                "The kernel looks for a connection with just these two addresses and two ports; as there is none yet,"
                " the socket that listens at port {syn.tcp.dstport} gets the SYN. On Linux a program below 1024 usually"
                " needs a right for that: a rule of the system, not of TCP."
            ),
            source="RFC 9293, section 3.10.7",
        ),
        Sentence(
            run=_RUN,
            at="syn_ack down transport",
            plain=said(
                "In the answer both ports have changed places: from {syn_ack.tcp.srcport} to {syn_ack.tcp.dstport}. So"
                " the answer finds the program that asked."
            ),
            precise=said(
                "From {syn_ack.tcp.srcport} to {syn_ack.tcp.dstport}: the answer's destination is the question's"
                " source. Both addresses and both ports together name the connection, so one server port can have"
                " thousands of them."
            ),
            source="RFC 9293, section 4",
        ),
        Sentence(
            run=_REFUSED,
            at="syn up transport",
            plain=said(
                "Here somebody asks for port {syn.tcp.dstport}, and no program waits there. The host is there, the port"
                " is closed."
            ),
            precise=said(
                "No socket listens at port {syn.tcp.dstport}: for this connection the server is in CLOSED, a state that"
                " stands for there being no control block at all."
            ),
            source="RFC 9293, section 3.10.7.1",
        ),
        Sentence(
            run=_REFUSED,
            at="server_rst up application",
            plain=said(
                "The kernel refuses with RST at once, and the client's program hears “connection refused”,"
                " {server_rst.frame.arrived} seconds after it began. A closed port answers; it is not silent."
            ),
            precise=said(
                "The answer to a SYN for a closed port is RST with ACK {server_rst.tcp.ack_raw}, the SYN's number plus"
                " one: by that the client knows which SYN is meant, and connect() fails with ECONNREFUSED. The RST left"
                " {server_rst.frame.time_relative} s after the SYN."
            ),
            source="RFC 9293, section 3.5.2",
        ),
        Sentence(
            run=_SILENT,
            at="syn wire physical",
            plain=said(
                "Silence is something else. This SYN never arrives, so nobody answers and nobody refuses. The client"
                " can only wait and ask again, here after {syn_again.frame.time_delta} seconds: whether the host is"
                " off, the frame lost, or a firewall dropped it, it can't know."
            ),
            precise=said(
                "Without an answer connect() goes on waiting; the kernel repeats the SYN, first after"
                " {syn_again.frame.time_delta} s. For a SYN the standard has it try for three minutes at least before"
                " it gives up. A filter that drops SYNs looks just like this, a closed port does not."
            ),
            source="RFC 9293, section 3.8.3",
        ),
    ),
    attempt=said(
        "At the second sentence choose “Ports” on the stage and look at the header's diagram under it: where are the"
        " two bytes of {syn.tcp.dstport}, and which hexadecimal digits has {syn.tcp.srcport}?"
    ),
)
