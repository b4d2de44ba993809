"""Small pieces of wording that several parts of a story share."""

from layersviz.core.host import Side
from layersviz.core.journey import Line, Mark
from layersviz.core.story.kind import Kind
from layersviz.core.story.scenery import Scenery
from layersviz.core.tcp_state import TcpState

SERVER_PROCESS = "the Hello World server"


_BITS_ON_WIRE = tuple(f"{octet:08b}"[::-1] for octet in range(256))


def bits_on_wire(octets: bytes) -> str:
    """Each octet as it is sent, least significant bit first (IEEE 802.3 clause 3.3), in groups of eight."""
    return " ".join([_BITS_ON_WIRE[octet] for octet in octets])


def state_change(scenery: Scenery, side: Side) -> Line | None:
    """A line for a change of that end's state by this frame; None where it keeps its state.

    A sender's state changes before the frame is on the wire, a receiver's when it has arrived.
    """
    sends = side is scenery.sender
    old = scenery.before.at(side) if sends else scenery.taken.at(side)
    new = scenery.taken.at(side) if sends else scenery.delivered.at(side)
    if old is new:
        return None
    return Line(label="State", text=f"{old} \u2192 {new} ({_witness(scenery, side)})", mark=_agreement(scenery, side))


def state_kept_since_connect(scenery: Scenery) -> Line | None:
    """A SYN that had to wait for ARP: its end has been in SYN-SENT since connect()."""
    if scenery.kind is not Kind.SYN or scenery.taken.at(scenery.sender) is not TcpState.SYN_SENT:
        return None
    return Line(
        label="State",
        text=f"{TcpState.SYN_SENT} since connect() ({_witness(scenery, scenery.sender)})",
        mark=_agreement(scenery, scenery.sender),
    )


def _witness(scenery: Scenery, side: Side) -> str:
    if not scenery.from_kernel:
        return "by RFC 9293"
    if _agrees(scenery, side):
        return "read from the kernel"
    return f"read from the kernel; RFC 9293 gives {_computed(scenery, side)}"


def _agreement(scenery: Scenery, side: Side) -> Mark:
    if not scenery.from_kernel:
        return Mark.COMPUTED
    return Mark.GOOD if _agrees(scenery, side) else Mark.BAD


def _agrees(scenery: Scenery, side: Side) -> bool:
    shown = scenery.taken if side is scenery.sender else scenery.delivered
    return shown.at(side) is _computed(scenery, side)


def _computed(scenery: Scenery, side: Side) -> str:
    if scenery.segment is None:
        return scenery.taken.at(side)
    computed = scenery.segment.taken if side is scenery.sender else scenery.segment.delivered
    return computed.at(side)
