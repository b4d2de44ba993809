"""Whoever reads nothing is cut off before what waits for them fills the memory."""

import pytest
from daphne.ws_protocol import WebSocketProtocol

from layersviz.web.server import MOST_WAITING_OCTETS, FramingFactory, ReasonedWebSocketProtocol


class Stuck:
    """A socket of which the system takes nothing, as Twisted has it."""

    connected = True
    disconnecting = False
    offset = 0
    dataBuffer = b""  # noqa: N815 - Twisted's names, as those below

    def __init__(self) -> None:
        self._tempDataBuffer: list[bytes] = []
        self._tempDataLen = 0

    def writeSomeData(self, _octets: bytes) -> int:  # noqa: N802
        return 0

    def write(self, octets: bytes) -> None:
        self._tempDataBuffer.append(octets)
        self._tempDataLen += len(octets)

    def abortConnection(self) -> None:  # noqa: N802
        self.disconnecting = True


@pytest.fixture
def line() -> ReasonedWebSocketProtocol:
    protocol = ReasonedWebSocketProtocol()
    protocol.transport = Stuck()
    protocol.state = WebSocketProtocol.STATE_OPEN
    protocol.send_queue = []
    protocol.factory = FramingFactory.__new__(FramingFactory)
    protocol.factory.framed = str.encode
    return protocol


def test_a_line_that_is_not_read_is_cut_off_past_four_mebibytes(line: ReasonedWebSocketProtocol) -> None:
    for _ in range(100):
        line.serverSend("x" * 1024 * 1024)
    assert line.transport.disconnecting
    assert line.transport._tempDataLen <= MOST_WAITING_OCTETS + 1024 * 1024


def test_one_large_text_may_wait(line: ReasonedWebSocketProtocol) -> None:
    line.serverSend("x" * 2 * MOST_WAITING_OCTETS)
    assert not line.transport.disconnecting
