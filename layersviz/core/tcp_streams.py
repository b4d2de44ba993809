"""Finds a TCP segment's stream by its addresses and ports, and numbers the streams as Wireshark does.

Knows nothing of what addresses look like: a key is the source's octets, then the destination's, then the two ports.
"""

from layersviz.core.tcp_analysis import TcpStream
from layersviz.core.tcp_findings import REUSED_PORTS
from layersviz.core.tcp_segment import TcpSegment


def reverse(key: bytes) -> bytes:
    """The key of what comes back."""
    half = len(key) // 2 - 2
    return key[half : 2 * half] + key[:half] + key[-2:] + key[-4:-2]


class TcpStreams:
    """All streams of one capture."""

    def __init__(self) -> None:
        self._by_key: dict[bytes, tuple[TcpStream, int]] = {}
        self._count = 0

    def find(self, key: bytes, segment: TcpSegment) -> tuple[TcpStream, int, int]:
        """The segment's stream, its direction there (0 as the stream's first), REUSED_PORTS where it begins anew."""
        found = self._by_key.get(key)
        if found is None:
            return self._begin(key), 0, 0
        stream, direction = found
        if segment.flags & 0x12 == 0x02 and stream.is_reused_by(direction, segment):
            return self._begin(key, reuses_ports=True), 0, REUSED_PORTS
        return stream, direction, 0

    def _begin(self, key: bytes, *, reuses_ports: bool = False) -> TcpStream:
        stream = TcpStream(self._count, reuses_ports=reuses_ports)
        self._count += 1
        self._by_key[reverse(key)] = stream, 1
        self._by_key[key] = stream, 0
        return stream
