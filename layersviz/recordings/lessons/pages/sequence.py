"""Sequence numbers: every byte has one."""

from layersviz.core.said import said
from layersviz.recordings.lessons.pages.page import Page, Sentence

_RUN, _LARGE = "01-handshake", "05-large-answer"

SEQUENCE = Page(
    slug="sequence-numbers",
    name=said("Sequence numbers"),
    about=said("TCP numbers every byte. So it notices what is missing, what came twice, and what came out of order."),
    sentences=(
        Sentence(
            run=_RUN,
            at="syn down transport",
            plain=said(
                "The client begins to count at {syn.tcp.seq_raw}. To make it readable we call this number 0, as"
                " Wireshark does; on the wire is always the large one."
            ),
            precise=said(
                "The SYN has the initial sequence number {syn.tcp.seq_raw}, relative {syn.tcp.seq}. The field has 32"
                " bits and is counted modulo two to the power of 32: behind the largest number comes 0."
            ),
            source="RFC 9293, section 3.4",
        ),
        Sentence(
            run=_RUN,
            at="request down transport",
            plain=said(
                "The request has {request.data.len} bytes. Its sequence number, {request.tcp.seq}, is the number of the"
                " first of them. Number 0 was the SYN itself: it counts as if it were one byte."
            ),
            precise=said(
                "Sequence number {request.tcp.seq} (raw {request.tcp.seq_raw}) numbers the first of {request.data.len}"
                " bytes. It is the same as in the ACK before, because a segment without data, SYN or FIN uses none."
            ),
            source="RFC 9293, section 3.4",
        ),
        Sentence(
            run=_RUN,
            at="request_ack down transport",
            plain=said(
                "The server confirms with {request_ack.tcp.ack}. That is not the last byte that it has, but the next"
                " that it expects."
            ),
            precise=said(
                "The acknowledgment number {request_ack.tcp.ack} is RCV.NXT: the next number that is expected. It is"
                " cumulative: all before it has arrived."
            ),
            source="RFC 9293, section 3.4",
        ),
        Sentence(
            run=_RUN,
            at="answer down transport",
            plain=said(
                "The server counts its own bytes by itself, from another beginning: {answer.data.len} bytes from number"
                " {answer.tcp.seq}. The two directions have nothing to do with each other."
            ),
            precise=said(
                "Each direction has a number space of its own: here sequence number {answer.tcp.seq} (raw"
                " {answer.tcp.seq_raw}), {answer.data.len} bytes. The same segment acknowledges the other direction"
                " with {answer.tcp.ack}."
            ),
            source="RFC 9293, section 3.3.1",
        ),
        Sentence(
            run=_LARGE,
            at="data down transport",
            plain=said(
                "A large answer goes in many segments. The first had {answer.data.len} bytes, so the second begins at"
                " number {data.tcp.seq}: each begins where the one before it ended."
            ),
            precise=said(
                "Sequence number {data.tcp.seq} is that of the segment before plus its length, {answer.tcp.seq} +"
                " {answer.data.len}. SND.NXT grows so with each segment, before any of them is acknowledged."
            ),
            source="RFC 9293, section 3.3.1",
        ),
        Sentence(
            run=_LARGE,
            at="answer_ack down transport",
            plain=said(
                "The client expects {answer_ack.tcp.ack} next. What came in another order it could put right by the"
                " numbers, and what came twice it would throw away."
            ),
            precise=said(
                "ACK {answer_ack.tcp.ack} moves SND.UNA at the server: what is before it need not be kept for a"
                " retransmission any more. Segments out of order wait in the receiver's queue until the gap is filled."
            ),
            source="RFC 9293, section 3.10.7.4",
        ),
        Sentence(
            run=_LARGE,
            at="client_fin down transport",
            plain=said(
                "At the end the client confirms {client_fin.tcp.ack}. All bytes are there, and the server's FIN, too:"
                " like a SYN it counts as one."
            ),
            precise=said(
                "The server's FIN had sequence number {server_fin.tcp.seq}; it takes up one, and so the client"
                " acknowledges {client_fin.tcp.ack}."
            ),
            source="RFC 9293, section 3.4",
        ),
    ),
    attempt=said(
        "Work it out before you look: the SYN has {syn.tcp.seq_raw} and the request {request.data.len} bytes. Which raw"
        " number acknowledges the request? Then check it at frame {request_ack.frame.number}."
    ),
)
