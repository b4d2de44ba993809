"""What was asked to go wrong in a run, in words: the wire's deeds, frame by frame.

What came of it is not known here: a frame that was named need never have been sent.
"""

from layersviz.core.host import Side
from layersviz.core.order import Deed, Fault, FrameKind, Order, Place
from layersviz.core.said import Said, joined, said

_KINDS = {
    FrameKind.ARP: (said("ARP packet"), said("ARP packets")),
    FrameKind.SYN: (said("SYN"), said("SYNs")),
    FrameKind.SYN_ACK: (said("SYN/ACK"), said("SYN/ACKs")),
    FrameKind.ACK: (said("bare ACK"), said("bare ACKs")),
    FrameKind.DATA: (said("data segment"), said("data segments")),
    FrameKind.FIN: (said("FIN"), said("FINs")),
    FrameKind.RST: (said("RST"), said("RSTs")),
    FrameKind.DATAGRAM: (said("UDP datagram"), said("UDP datagrams")),
    FrameKind.ICMP: (said("ICMP packet"), said("ICMP packets")),
    FrameKind.OTHER: (said("other frame"), said("other frames")),
}
"""One of them, and several."""
_DISCOVERY = said("ARP or neighbour discovery packet"), said("ARP or neighbour discovery packets")
_PLACES = {
    Place.ETHERNET: said("Ethernet header"),
    Place.IP: said("IP header"),
    Place.TRANSPORT: said("transport layer's header"),
    Place.DATA: said("data"),
}


def words_of(order: Order) -> str:
    """What the wire was asked to do, "lose the client's 1st SYN, hold the server's 1st FIN"; empty where nothing."""
    asked = [*(fault_words(each, ipv6=order.ipv6) for each in order.faults), *_delays(order)]
    return joined(", ", asked) if asked else ""


def fault_words(fault: Fault, *, ipv6: bool = False) -> Said:
    """One fault as the order that it is."""
    which = _which(fault, _DISCOVERY if ipv6 and fault.frame is FrameKind.ARP else _KINDS[fault.frame])
    match fault.deed:
        case Deed.LOSE:
            return said("lose {which}", which=which)
        case Deed.DUPLICATE:
            return said("deliver {which} twice", which=which)
        case Deed.CORRUPT:
            return _damage(fault, which)
        case Deed.SWAP:
            return said("put {which} behind the next frame", which=which)
        case Deed.DELAY:
            return said("delay {which} by {ms} ms", which=which, ms=fault.delay_ms)
        case Deed.HOLD:
            return said("hold {which}", which=which)


def _damage(fault: Fault, which: Said) -> Said:
    place = "" if fault.place is None else _PLACES[fault.place]
    if fault.bit < 0:
        return said("flip a bit of {which} ({place})", which=which, place=place)
    return said("flip bit {bit} of {which} ({place})", which=which, place=place, bit=fault.bit)


def _which(fault: Fault, kind: tuple[Said, Said]) -> Said:
    """ "the client's 1st SYN", "the client's SYNs 1 to 3"."""
    is_client = fault.sender is Side.CLIENT
    if fault.count == 1:
        one = {"nth": _ordinal(fault.nth), "kind": kind[0]}
        return said("the client's {nth} {kind}", **one) if is_client else said("the server's {nth} {kind}", **one)
    many = {"kind": kind[1], "first": fault.nth, "last": fault.nth + fault.count - 1}
    if is_client:
        return said("the client's {kind} {first} to {last}", **many)
    return said("the server's {kind} {first} to {last}", **many)


def _ordinal(number: int) -> Said:
    if number % 10 == 1 and number % 100 != 11:
        return said("{number}st", number=number)
    if number % 10 == 2 and number % 100 != 12:
        return said("{number}nd", number=number)
    if number % 10 == 3 and number % 100 != 13:
        return said("{number}rd", number=number)
    return said("{number}th", number=number)


def _delays(order: Order) -> list[Said]:
    asked = []
    if order.client_delay_ms:
        asked.append(said("delay all frames of the client by {ms} ms", ms=order.client_delay_ms))
    if order.server_delay_ms:
        asked.append(said("delay all frames of the server by {ms} ms", ms=order.server_delay_ms))
    return asked
