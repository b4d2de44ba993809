"""TCP, and how a connection is opened."""

from layersviz.core.said import said
from layersviz.recordings.lessons.pages.page import Page, Sentence

_RUN = "01-handshake"

HANDSHAKE = Page(
    slug="handshake",
    name=said("TCP and its three-way handshake"),
    about=said(
        "Before the first byte of data both ends agree that there is a connection, and where its numbers begin."
    ),
    sentences=(
        Sentence(
            run=_RUN,
            at="syn down application",
            plain=said(
                "The program at the client wants to talk to the server, so it asks its kernel for a connection. It has"
                " not sent any data yet: the application layer is empty."
            ),
            precise=said(
                "connect() is an active OPEN: the kernel makes the connection's control block, chooses the first"
                " sequence number and enters SYN-SENT. No data goes with a SYN here; the standard would allow it, but"
                " the receiver must not hand it to its program before the connection is established."
            ),
            source="RFC 9293, section 3.5",
        ),
        Sentence(
            run=_RUN,
            at="syn down transport",
            plain=said(
                "The client's kernel sends the first segment. Its flag SYN means: let us begin, and I count my bytes"
                " from the number {syn.tcp.seq_raw}."
            ),
            precise=said(
                "The SYN carries the client's initial sequence number, {syn.tcp.seq_raw}. It comes from a clock and a"
                " secret function of both addresses and ports, so that nobody outside can guess it."
            ),
            source="RFC 9293, section 3.4.1",
        ),
        Sentence(
            run=_RUN,
            at="syn up transport",
            plain=said(
                "At the server somebody listens at port {syn.tcp.dstport}, so the kernel takes the request. The"
                " connection is only half made: the server is in the state SYN-RECEIVED."
            ),
            precise=said(
                "In LISTEN the SYN makes the server's kernel note the number, choose its own and enter SYN-RECEIVED."
                " Its program hears nothing of it: accept() goes on waiting."
            ),
            source="RFC 9293, section 3.10.7.2",
        ),
        Sentence(
            run=_RUN,
            at="syn_ack down transport",
            plain=said(
                "The second segment says two things at once. ACK {syn_ack.tcp.ack_raw}: I have your SYN, go on with"
                " this number. SYN: and I count mine from {syn_ack.tcp.seq_raw}."
            ),
            precise=said(
                "SYN and ACK are two messages in one segment. The acknowledgment number {syn_ack.tcp.ack_raw} is the"
                " client's number plus one, because a SYN takes up one number; {syn_ack.tcp.seq_raw} is the server's"
                " own initial sequence number."
            ),
            source="RFC 9293, section 3.5",
        ),
        Sentence(
            run=_RUN,
            at="syn_ack up transport",
            plain=said(
                "Now the client knows that the server is there and has heard it. For the client the connection is open,"
                " ESTABLISHED; for the server it is not yet."
            ),
            precise=said(
                "The ACK covers the SYN, so the client goes from SYN-SENT to ESTABLISHED one segment before the server"
                " does. Figure 6 of the standard draws the same."
            ),
            source="RFC 9293, section 3.5",
        ),
        Sentence(
            run=_RUN,
            at="ack down transport",
            plain=said("The third segment, ACK {ack.tcp.ack_raw}, tells the server that its number has arrived, too."),
            precise=said(
                "ACK {ack.tcp.ack_raw} is the server's number plus one. The segment has sequence number"
                " {ack.tcp.seq_raw} and uses none: the first byte of data will have the same."
            ),
            source="RFC 9293, section 3.4",
        ),
        Sentence(
            run=_RUN,
            at="ack up transport",
            plain=said(
                "Only now is the server sure as well, and its program gets the connection. Two segments would not do:"
                " an old SYN that strays about could open a connection that nobody wants."
            ),
            precise=said(
                "SYN-RECEIVED becomes ESTABLISHED, and accept() returns. The third message is there so that an old,"
                " duplicate SYN does not open a connection: the client would answer the SYN/ACK to it with RST."
            ),
            source="RFC 9293, section 3.5",
        ),
    ),
    attempt=said(
        "Choose “Seq” on the stage at the second sentence, then go on with PageDown. Which later segments carry the"
        " number {ack.tcp.seq_raw}, and why is it more than one?"
    ),
)
