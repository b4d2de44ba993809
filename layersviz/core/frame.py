"""A frame as the wire saw it, with the TCP state that each end's kernel was in.

Knows nothing of what the octets mean.
"""

from dataclasses import dataclass

from layersviz.core.host import Side
from layersviz.core.tcp_state import TcpState


@dataclass(frozen=True, slots=True, kw_only=True)
class States:
    """The TCP state of both ends of one connection at one moment, by RFC 9293's names."""

    client: TcpState
    server: TcpState

    def at(self, side: Side) -> TcpState:
        return self.client if side is Side.CLIENT else self.server


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The octets seen on a link, without preamble and frame check sequence.

    `number` counts from 1, or is the frame's own in the capture that it is from: it grows, with gaps. `time_ns` is
    nanoseconds since 1970 (UTC), when the wire took the frame. `link_type` says what the octets begin with, by pcap's
    numbers (1 is Ethernet). `length` is what was on the wire, more than `octets` where the capture cut it short.
    `taken` are both kernels' states when the wire took it, `delivered` when it had handed it on; None where no kernel
    could be asked. A `lost` one never arrived.
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

    @property
    def wire_octets(self) -> int:
        """How long it was on the wire."""
        return max(self.length, len(self.octets))
