"""What a frame is called: its short name, a clause, what the ladder writes on its arrow, what the table says of it."""

import msgspec

from layersviz.core.story.kind import Kind
from layersviz.core.story.scenery import Scenery


class Titles(msgspec.Struct, frozen=True, kw_only=True):
    """`name` is for a button, `clause` follows "frame 3:", `arrow` is for the ladder, `info` for the table."""

    name: str
    clause: str
    arrow: str
    info: str


_SEGMENTS = {
    Kind.SYN: ("asks for a connection", "3-way handshake"),
    Kind.SYN_ACK: ("agrees and asks back", "3-way handshake"),
    Kind.HANDSHAKE_ACK: ("completes the handshake", "3-way handshake"),
    Kind.ACK: ("says what has arrived", "Acknowledgment"),
    Kind.CLOSING_ACK: ("confirms the other end's FIN", "Acknowledgment of FIN"),
    Kind.FIN: ("has nothing more to send", "Connection close"),
    Kind.RST: ("breaks the connection off", "Reset"),
}
"""What a segment without data does, and what the table calls it."""


def titles(scenery: Scenery) -> Titles:
    """The frame's names, with its real numbers."""
    sender, name = scenery.sender, _flags(scenery)
    match scenery.kind:
        case Kind.ARP_REQUEST | Kind.ARP_REPLY:
            return _arp_titles(scenery)
        case Kind.REQUEST | Kind.ANSWER | Kind.DATA:
            return _data_titles(scenery)
        case Kind.OTHER:
            return Titles(name="frame", clause=f"the {sender} sends a frame", arrow="frame", info="Payload")
    deed, info = _SEGMENTS[scenery.kind]
    return Titles(name=name, clause=f"the {sender} {deed}", arrow=_numbers(scenery), info=f"{info} ({name})")


def _arp_titles(scenery: Scenery) -> Titles:
    arp, asks = scenery.arp, scenery.kind is Kind.ARP_REQUEST
    target = arp.text("arp.dst.proto_ipv4") if arp else ""
    owner = arp.text("arp.src.proto_ipv4") if arp else ""
    mac = arp.text("arp.src.hw_mac") if arp else ""
    return Titles(
        name="ARP request" if asks else "ARP reply",
        clause=f"the {scenery.sender} asks who has {target}" if asks else f"the {scenery.sender} says which MAC it has",
        arrow=f"ARP: who has {target}?" if asks else f"ARP: {owner} is at \u2026{mac[-5:]}",
        info=f"Who has {target}? Tell {owner}" if asks else f"{owner} is at {mac}",
    )


def _data_titles(scenery: Scenery) -> Titles:
    sender, octets, first = scenery.sender, scenery.data_octets, _first_line(scenery)
    match scenery.kind:
        case Kind.REQUEST:
            short = " ".join(first.split(" ")[:2])
            clause = f"the {sender} asks for the page"
            return Titles(name=short, clause=clause, arrow=f"{short}, {octets} bytes", info=f"HTTP request ({short})")
        case Kind.ANSWER:
            status = " ".join(first.split(" ")[1:])
            body = scenery.body
            packed = body is not None and body.is_compressed
            short = f"{status} gzip" if packed else status
            clause = f"the {sender} answers{' with a gzip body' if packed else ''}"
            return Titles(name=short, clause=clause, arrow=f"{short}, {octets} bytes", info=f"HTTP answer ({short})")
    return Titles(
        name="data", clause=f"the {sender} sends data", arrow=f"{octets} bytes of data", info=f"Data ({octets} bytes)"
    )


def _first_line(scenery: Scenery) -> str:
    return scenery.http.fields[0].text if scenery.http is not None else ""


def _flags(scenery: Scenery) -> str:
    return scenery.tcp.text("tcp.flags").partition(" ")[0] if scenery.tcp is not None else ""


def _numbers(scenery: Scenery) -> str:
    """'SYN/ACK seq 0 ack 1', relative numbers; a FIN on the arrow shows its ACK only by the number."""
    segment = scenery.segment
    if segment is None:
        return _flags(scenery)
    words = [_flags(scenery)]
    if segment.sequence is not None:
        words.append(f"seq {segment.sequence}")
    if segment.acknowledgment is not None:
        words.append(f"ack {segment.acknowledgment}")
    return " ".join(words)
