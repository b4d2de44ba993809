"""What kind of frame this is, by its headers alone."""

from enum import StrEnum

from layersviz.core.conversation import ACK, FIN, RST, SYN, Acknowledged, Segment
from layersviz.core.header import Dissection


class Kind(StrEnum):
    """What a frame does in the story."""

    ARP_REQUEST = "ARP request"
    ARP_REPLY = "ARP reply"
    SYN = "SYN"
    SYN_ACK = "SYN/ACK"
    HANDSHAKE_ACK = "ACK of the handshake"
    REQUEST = "HTTP request"
    ANSWER = "HTTP answer"
    DATA = "data"
    ACK = "ACK"
    CLOSING_ACK = "ACK of a FIN"
    FIN = "FIN"
    RST = "RST"
    OTHER = "other"


def kind_of(dissection: Dissection, segment: Segment | None) -> Kind:
    """The kind of a frame; FIN on data counts as FIN only where there is no data."""
    if arp := dissection.header("ARP"):
        return {1: Kind.ARP_REQUEST, 2: Kind.ARP_REPLY}.get(arp.number("arp.opcode"), Kind.OTHER)
    tcp = dissection.header("TCP")
    if tcp is None or segment is None:
        return Kind.OTHER
    flags = tcp.number("tcp.flags")
    if flags & RST:
        return Kind.RST
    if flags & SYN:
        return Kind.SYN_ACK if flags & ACK else Kind.SYN
    if dissection.payload:
        return _data_kind(dissection)
    if flags & FIN:
        return Kind.FIN
    return _ACKS[segment.acknowledges]


_ACKS = {None: Kind.ACK, Acknowledged.SYN: Kind.HANDSHAKE_ACK, Acknowledged.FIN: Kind.CLOSING_ACK}


def _data_kind(dissection: Dissection) -> Kind:
    http = dissection.header("HTTP")
    if http is None:
        return Kind.DATA
    return Kind.REQUEST if http.field("http.request.line") else Kind.ANSWER
