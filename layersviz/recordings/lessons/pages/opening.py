"""How else a connection comes about: the last ACK is lost, a SYN comes late, or both ends open at once."""

from layersviz.core.said import said
from layersviz.recordings.lessons.pages.page import Page, Sentence

_HALF, _LATE, _BOTH = "04-half-open", "page-held-syn", "page-simultaneous-open"

OPENING = Page(
    slug="other-openings",
    name=said("Lost, late, and both at once"),
    about=said("Three openings that do not go as usual, and why one connection comes of each all the same."),
    sentences=(
        Sentence(
            run=_HALF,
            at="ack wire physical",
            plain=said(
                "The handshake's third segment is lost. The client is ESTABLISHED, for it has all that it needs. The"
                " server is still in SYN-RECEIVED: it does not know that its number has arrived."
            ),
            precise=said(
                "The ACK {ack.tcp.ack_raw} is lost. It uses no sequence number, so no timer watches over it and nobody"
                " acknowledges it: the client can't notice. (Half-open in the standard is something else: one end has"
                " crashed and forgotten the connection.)"
            ),
            source="RFC 9293, section 3.5.1",
        ),
        Sentence(
            run=_HALF,
            at="syn_ack_again down transport",
            plain=said(
                "The server is the one that waits for something. After {syn_ack_again.frame.time_delta} seconds it"
                " sends its SYN/ACK again, and the client repeats the ACK. Had the client sent data meanwhile, that"
                " would have told the server as well."
            ),
            precise=said(
                "The server's SYN is not acknowledged, so its timer runs: SYN/ACK again after"
                " {syn_ack_again.frame.time_delta} s, same number {syn_ack_again.tcp.seq_raw}. Any segment with the ACK"
                " would have done: each one but the first SYN has it."
            ),
            source="RFC 6298, section 5",
        ),
        Sentence(
            run=_LATE,
            at="held_syn wire physical",
            plain=said(
                "This SYN is not lost, it is only late: it was held on the wire for {held_syn.frame.held} seconds. The"
                " client can't see the difference. It has sent the SYN again, and that one has opened the connection."
            ),
            precise=said(
                "Late and lost look the same to a retransmission timer. The SYN was held for {held_syn.frame.held} s;"
                " meanwhile its repetition, with the same sequence number {held_syn.tcp.seq_raw}, was answered."
            ),
            source="RFC 6298, section 5",
        ),
        Sentence(
            run=_LATE,
            at="held_syn up transport",
            plain=said(
                "Now the old SYN arrives at a connection that is open already. The server sees by its number that it is"
                " nothing new: no second connection comes of it."
            ),
            precise=said(
                "Same addresses, same ports: the segment belongs to the connection, which is ESTABLISHED. Its number"
                " {held_syn.tcp.seq_raw} lies before what is expected, so it is not acceptable, and nothing of it is"
                " taken."
            ),
            source="RFC 9293, section 3.10.7.4",
        ),
        Sentence(
            run=_LATE,
            at="challenge_ack down transport",
            plain=said(
                "The server only says where it stands: ACK {challenge_ack.tcp.ack}. A client that is still there takes"
                " it calmly. One that had crashed and begun anew would say with RST: I know of no such connection."
            ),
            precise=said(
                "What is not acceptable is answered with an ACK, {challenge_ack.tcp.ack_raw}, and dropped: a SYN in an"
                " open connection is challenged in this way, too. That its window is new is why Wireshark takes it for"
                " a window update."
            ),
            source="RFC 9293, section 3.10.7.4",
        ),
        Sentence(
            run=_BOTH,
            at="server_syn wire physical",
            plain=said(
                "It is rare, but allowed: here nobody listens. Both programs call connect() at the same moment, each to"
                " the other's port, and the two SYNs cross on the wire."
            ),
            precise=said(
                "Two active OPENs: from port {syn.tcp.srcport} to {syn.tcp.dstport} and from {server_syn.tcp.srcport}"
                " to {server_syn.tcp.dstport}. Both ends are in SYN-SENT, and neither passes LISTEN."
            ),
            source="RFC 9293, section 3.5",
        ),
        Sentence(
            run=_BOTH,
            at="server_syn up transport",
            plain=said(
                "The client had waited for SYN and ACK, and here comes a SYN alone. So it is not ESTABLISHED yet: it"
                " goes to SYN-RECEIVED and confirms the number {server_syn.tcp.seq_raw}. The server does the same."
            ),
            precise=said(
                "In SYN-SENT a SYN without ACK leads to SYN-RECEIVED, and is answered with a SYN/ACK that repeats the"
                " own initial number: {client_syn_ack.tcp.seq_raw}, ACK {client_syn_ack.tcp.ack_raw}."
            ),
            source="RFC 9293, section 3.10.7.3",
        ),
        Sentence(
            run=_BOTH,
            at="client_syn_ack up transport",
            plain=said(
                "The two SYN/ACKs cross as well, and both ends are ESTABLISHED. One connection has come of it and not"
                " two: a connection is its two addresses and two ports, and these are the same from both sides."
            ),
            precise=said(
                "ACK {client_syn_ack.tcp.ack_raw} takes the server from SYN-RECEIVED to ESTABLISHED. A pair of sockets"
                " names one connection only; four segments have made it, where a listening server needs three."
            ),
            source="RFC 9293, section 3.5",
        ),
    ),
    attempt=said(
        "Between frame {ack.frame.number} and the next ACK of the handshake both ends see the connection differently."
        " Go there with the key ] and read the states on the stage: at which frame do they agree again?"
    ),
)
