"""TIME-WAIT: who waits at the end, why and for how long, and what if both close at once."""

from layersviz.core.said import said
from layersviz.recordings.lessons.pages.page import Page, Sentence

_RUN, _BOTH = "page-close", "page-simultaneous-close"

TIME_WAIT = Page(
    slug="time-wait",
    name=said("TIME-WAIT"),
    about=said("Why the end that closes first has to wait, for how long, and what happens if both are first."),
    sentences=(
        Sentence(
            run=_RUN,
            at="client_fin down transport",
            plain=said(
                "In the lesson before, the server closed first. Here it is the client: it has the whole answer and"
                " calls close(), so its kernel sends the first FIN."
            ),
            precise=said(
                "Either end may close first. This is the client's active close: FIN with sequence number"
                " {client_fin.tcp.seq}, from ESTABLISHED to FIN-WAIT-1."
            ),
            source="RFC 9293, section 3.6",
        ),
        Sentence(
            run=_RUN,
            at="server_fin up transport",
            plain=said(
                "The server's FIN comes, and with it the confirmation of the client's own. Nothing is missing any more,"
                " and yet the client does not forget the connection: it goes into TIME-WAIT."
            ),
            precise=said(
                "FIN with ACK {server_fin.tcp.ack}: ours is acknowledged and theirs is here, so FIN-WAIT-1 becomes"
                " TIME-WAIT. The server is in LAST-ACK and needs only one ACK more."
            ),
            source="RFC 9293, section 3.10.7.4",
        ),
        Sentence(
            run=_RUN,
            at="client_last_ack down transport",
            plain=said(
                "This is why: the last ACK, {client_last_ack.tcp.ack}, is confirmed by nobody, so the client can't know"
                " whether it arrives. Were it lost, the server would send its FIN again, and somebody has to be there"
                " to answer."
            ),
            precise=said(
                "ACK {client_last_ack.tcp.ack} is never acknowledged. Were it lost, the server would repeat its FIN; in"
                " TIME-WAIT the client acknowledges that again and begins its wait anew. From CLOSED it would answer"
                " with RST, and an orderly end would look like an error."
            ),
            source="RFC 9293, section 3.10.7.4",
        ),
        Sentence(
            run=_RUN,
            at="client_last_ack up transport",
            plain=said(
                "For the server it is over: CLOSED. The client alone waits. Its kernel's clock says that"
                " {client_last_ack.kernel.time_wait} seconds are left; so long these two ports are not used for a new"
                " connection between the two hosts."
            ),
            precise=said(
                "The active closer lingers for twice the maximum segment lifetime, by the standard four minutes; this"
                " kernel's timer has {client_last_ack.kernel.time_wait} s left. So old segments die out before the same"
                " pair of sockets is used again; earlier than that only a newer SYN may open it."
            ),
            source="RFC 9293, section 3.6.1",
        ),
        Sentence(
            run=_BOTH,
            at="client_fin wire physical",
            plain=said(
                "And if both close at the same moment? Here the two FINs cross on the wire. When each was sent, its"
                " sender knew nothing of the other."
            ),
            precise=said(
                "The server's FIN, {server_fin.tcp.seq}, and the client's, {client_fin.tcp.seq}, cross. Neither"
                " acknowledges the other, for both were sent in ESTABLISHED: both ends are in FIN-WAIT-1."
            ),
            source="RFC 9293, section 3.6",
        ),
        Sentence(
            run=_BOTH,
            at="client_fin up transport",
            plain=said(
                "Each end gets a FIN while its own is not yet confirmed. That state is called CLOSING: both have said"
                " all, and each still waits to hear that it was understood."
            ),
            precise=said(
                "A FIN that does not acknowledge ours takes FIN-WAIT-1 to CLOSING, and is answered with an ACK. So"
                " neither end passes FIN-WAIT-2, CLOSE-WAIT or LAST-ACK."
            ),
            source="RFC 9293, section 3.10.7.4",
        ),
        Sentence(
            run=_BOTH,
            at="last_ack up transport",
            plain=said("The two confirmations cross as well. Both ends were first, so both wait in TIME-WAIT."),
            precise=said(
                "ACK {last_ack.tcp.ack} takes the client from CLOSING to TIME-WAIT, ACK {client_last_ack.tcp.ack} the"
                " server. Two active closers, and so two that linger."
            ),
            source="RFC 9293, section 3.10.7.4",
        ),
    ),
    attempt=said(
        "Go with the key ] from frame {client_fin.frame.number} to frame {client_last_ack.frame.number} and read both"
        " states at each. Which two does the server pass that the client never enters, and who is left waiting?"
    ),
)
