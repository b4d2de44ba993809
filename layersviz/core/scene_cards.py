"""What pages and rooms may know of the lab's scenes: their names, and what each is about.

What is played in them is `layersviz.lab.scenes`; a test holds both to the same slugs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from layersviz.core.order import HANDSHAKE
from layersviz.core.said import said


class Transport(StrEnum):
    """Whose scene it is."""

    TCP = "tcp"
    UDP = "udp"
    BOTH = "both"


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneCard:
    """`slug` is what an order calls it; `about` is one sentence.

    `pause_s`: so long the client's program reads nothing behind the first bytes that have come for it.
    `listens`: whether the server's program has its port open.
    """

    slug: str
    name: str
    about: str
    transport: Transport = Transport.TCP
    pause_s: float = 0.0
    listens: bool = True


_ALL = (
    SceneCard(
        slug=HANDSHAKE,
        name=said("Handshake"),
        about=said("Open a connection, ask for the page, get the answer, close."),
    ),
    SceneCard(
        slug="refused",
        name=said("Refused"),
        about=said("Nobody listens at the port: the server's kernel answers the SYN with RST."),
        listens=False,
    ),
    SceneCard(
        slug="silent",
        name=said("Silence"),
        about=said("Several SYNs in a row are lost: the client waits and tries again each time."),
    ),
    SceneCard(
        slug="held-syn",
        name=said("Held SYN"),
        about=said("The first SYN stays on the wire until it is let go; meanwhile the client sends it again."),
    ),
    SceneCard(
        slug="lost-syn",
        name=said("Lost SYN"),
        about=said("The first SYN is lost: the client hears nothing, waits and sends it again."),
    ),
    SceneCard(
        slug="lost-syn-ack",
        name=said("Lost SYN/ACK"),
        about=said("The server's answer to the SYN is lost: each end waits for the other."),
    ),
    SceneCard(
        slug="lost-ack",
        name=said("Lost ACK"),
        about=said("The last ACK of the handshake is lost: the request that follows does its work."),
    ),
    SceneCard(
        slug="half-open",
        name=said("Half open"),
        about=said("The last ACK of the handshake is lost, and the client asks late: only one end is ESTABLISHED."),
    ),
    SceneCard(
        slug="large",
        name=said("Large answer"),
        about=said("An answer of several segments, with ACKs and the window at work."),
    ),
    SceneCard(
        slug="zero-window",
        name=said("Full window"),
        about=said("The client does not read: its window closes, and the server has to wait."),
        pause_s=0.5,
    ),
    SceneCard(
        slug="lost-segment",
        name=said("Lost segment"),
        about=said("One segment of a large answer is lost, noticed and sent again."),
    ),
    SceneCard(
        slug="lost-request",
        name=said("Lost request"),
        about=said("The request is lost: the client's kernel sends it again."),
    ),
    SceneCard(
        slug="tcp-corrupted",
        name=said("Damaged request"),
        about=said("A bit of the request is wrong: TCP's checksum finds it, and the segment is sent again."),
    ),
    SceneCard(
        slug="close",
        name=said("Close by the client"),
        about=said("The client closes first, and waits in TIME-WAIT."),
    ),
    SceneCard(
        slug="simultaneous-close",
        name=said("Simultaneous close"),
        about=said("Both ends send a FIN at the same time: both of them wait."),
    ),
    SceneCard(
        slug="reset",
        name=said("Reset"),
        about=said("The client leaves with the answer unread: its kernel breaks the connection off with RST."),
    ),
    SceneCard(
        slug="half-close",
        name=said("Half-close"),
        about=said("The client says that it will send no more, and goes on reading."),
    ),
    SceneCard(
        slug="simultaneous-open",
        name=said("Simultaneous open"),
        about=said("Both ends send a SYN at the same time: one connection comes of it."),
    ),
    SceneCard(
        slug="udp-echo",
        name=said("UDP echo"),
        about=said("One datagram and its echo: no connection, no acknowledgement."),
        transport=Transport.UDP,
    ),
    SceneCard(
        slug="udp-closed-port",
        name=said("UDP, closed port"),
        about=said("A datagram to a port where nobody listens: ICMP reports it."),
        listens=False,
        transport=Transport.UDP,
    ),
    SceneCard(
        slug="udp-lost",
        name=said("UDP, lost datagram"),
        about=said("One of several datagrams is lost, and nobody misses it."),
        transport=Transport.UDP,
    ),
    SceneCard(
        slug="udp-corrupted",
        name=said("UDP, damaged datagram"),
        about=said("A bit of a datagram is wrong: UDP's checksum finds it, and nobody repairs it."),
        transport=Transport.UDP,
    ),
    SceneCard(
        slug="side-by-side",
        name=said("TCP and UDP side by side"),
        about=said("The same messages and the same faults over both, and what each application got."),
        transport=Transport.BOTH,
    ),
)

CARDS: Mapping[str, SceneCard] = {card.slug: card for card in _ALL}
