"""A frame as the wire saw it, with the TCP state that each end's kernel was in.

Knows nothing of what the octets mean.
"""

from dataclasses import dataclass

from layersviz.core.host import Side
from layersviz.core.order import Deed
from layersviz.core.tcp_state import TcpState


@dataclass(frozen=True, slots=True, kw_only=True)
class States:
    """The TCP state of both ends of one connection at one moment, by RFC 9293's names."""

    client: TcpState
    server: TcpState

    def at(self, side: Side) -> TcpState:
        return self.client if side is Side.CLIENT else self.server


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """What a kernel waits for of a connection: "retransmission", "keepalive", "time-wait" or "probe".

    `left_ms` is how long still, `tries` how often it has sent again already.
    """

    what: str
    left_ms: int
    tries: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Timers:
    """Both kernels' timers of one connection at one moment; None where none runs."""

    client: Timer | None = None
    server: Timer | None = None

    def at(self, side: Side) -> Timer | None:
        return self.client if side is Side.CLIENT else self.server


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The octets seen on a link, without preamble and frame check sequence.

    `number` counts from 1, or is the frame's own in the capture that it is from: it grows, with gaps. `time_ns` is
    nanoseconds since 1970 (UTC), when the wire took the frame. `link_type` says what the octets begin with, by pcap's
    numbers (1 is Ethernet). `length` is what was on the wire, more than `octets` where the capture cut it short.
    `taken` are both kernels' states when the wire took it, `delivered` when it had handed it on; None where no kernel
    could be asked. A `lost` one never arrived.

    `octets` are what was sent. Where a fault was asked for this frame, `deed` says which. `flipped_bit` counts from the
    frame's first bit in network order; `at_card`: the receiver's card found it by the frame check sequence, so that no
    kernel has seen the frame. `copy_of` is the number of the frame that this is a second copy of, made by the wire.
    `arrived_ns` is when the wire handed it on, 0 where that is not known; `held_ns` how long a fault kept it there.
    `timers` are both kernels' when it had been handed on.
    """

    number: int
    time_ns: int
    sender: Side
    octets: bytes
    link_type: int = 1
    length: int = 0
    lost: bool = False
    taken: States | None = None
    delivered: States | None = None
    deed: Deed | None = None
    flipped_bit: int | None = None
    at_card: bool = False
    copy_of: int = 0
    arrived_ns: int = 0
    held_ns: int = 0
    timers: Timers | None = None

    @property
    def arrived(self) -> bytes:
        """What came at the other end: the octets, with the one bit wrong where there is one."""
        if self.flipped_bit is None or not 0 <= self.flipped_bit < 8 * len(self.octets):
            return self.octets
        octet, bit = divmod(self.flipped_bit, 8)
        octets = bytearray(self.octets)
        octets[octet] ^= 0x80 >> bit
        return bytes(octets)

    @property
    def wire_octets(self) -> int:
        """How long it was on the wire."""
        return max(self.length, len(self.octets))
