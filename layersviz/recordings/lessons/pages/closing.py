"""How a connection ends: in order by FIN, or at once by RST."""

from layersviz.core.said import said
from layersviz.recordings.lessons.pages.page import Page, Sentence

_RUN, _RESET = "01-handshake", "08-reset"

CLOSING = Page(
    slug="closing",
    name=said("Closing"),
    about=said("Each direction is closed by itself. Who closes first has to wait at the end."),
    sentences=(
        Sentence(
            run=_RUN,
            at="server_fin down transport",
            plain=said(
                "The server's program has said all and calls close(). Its kernel sends FIN: I have nothing more to"
                " send. The server is in FIN-WAIT-1."
            ),
            precise=said(
                "close() makes the kernel send FIN with sequence number {server_fin.tcp.seq} and enter FIN-WAIT-1. A"
                " FIN goes behind all data and often rides on the last of it; here it came alone."
            ),
            source="RFC 9293, section 3.6",
        ),
        Sentence(
            run=_RUN,
            at="server_fin up transport",
            plain=said(
                "The client is now in CLOSE-WAIT. One direction is closed, the other is still open: the client could go"
                " on sending for as long as it likes."
            ),
            precise=said(
                "The FIN puts the client into CLOSE-WAIT; its program reads to the end and then gets 0 bytes from"
                " recv(). The connection is half closed: data may still go the other way."
            ),
            source="RFC 9293, section 3.6.1",
        ),
        Sentence(
            run=_RUN,
            at="client_fin down transport",
            plain=said(
                "The client has nothing to say either and closes its direction. Its FIN confirms the server's at the"
                " same time: ACK {client_fin.tcp.ack}. So three segments are enough, where textbooks often draw four."
            ),
            precise=said(
                "From CLOSE-WAIT, close() leads to LAST-ACK. The segment has FIN and ACK {client_fin.tcp.ack}, which"
                " covers the server's FIN: its kernel had not yet sent an ACK of its own, and so the close takes three"
                " segments."
            ),
            source="RFC 9293, section 3.3.2",
        ),
        Sentence(
            run=_RUN,
            at="client_fin up transport",
            plain=said(
                "Now the server has both: the other end's FIN and the confirmation of its own. It goes into TIME-WAIT,"
                " because it was the one that closed first."
            ),
            precise=said(
                "FIN-WAIT-1 becomes TIME-WAIT at once, because the segment has both the FIN and the ACK of ours; else"
                " FIN-WAIT-2 or CLOSING would lie between. TIME-WAIT is always with the end that closed actively."
            ),
            source="RFC 9293, section 3.10.7.4",
        ),
        Sentence(
            run=_RUN,
            at="last_ack up transport",
            plain=said(
                "With the last ACK, {last_ack.tcp.ack}, the client is done. The server is not: it waits for a while in"
                " TIME-WAIT. What for, the next lesson says."
            ),
            precise=said(
                "ACK {last_ack.tcp.ack} takes the client from LAST-ACK to CLOSED. The server has nothing more to get"
                " and lingers in TIME-WAIT all the same; the next lesson is about that."
            ),
            source="RFC 9293, section 3.10.7.4",
        ),
        Sentence(
            run=_RESET,
            at="client_rst down application",
            plain=said(
                "There is another end. Here the client's program closes although the answer lies unread. A FIN would"
                " say that all was well, and that would not be true."
            ),
            precise=said(
                "A close() with received data unread is an abort: bytes are lost to the program, and TCP should say so"
                " with RST."
            ),
            source="RFC 9293, section 3.6.1",
        ),
        Sentence(
            run=_RESET,
            at="client_rst up transport",
            plain=said(
                "So its kernel sends RST. The connection is gone at both ends at once: nobody answers an RST, and"
                " nobody waits in TIME-WAIT."
            ),
            precise=said(
                "The RST has sequence number {client_rst.tcp.seq}, just the one that is expected: another one in the"
                " window would only be challenged, so that nobody can break a connection off by guessing. The server"
                " goes to CLOSED; an RST is never acknowledged."
            ),
            source="RFC 9293, section 3.10.7.4",
        ),
    ),
    attempt=said(
        "The diagram of TCP's states under the stage marks where both ends are. Go from the frame of the first FIN,"
        " number {server_fin.frame.number}, to the last with the key ] and follow the two ways. Which states did nobody"
        " pass?"
    ),
)
