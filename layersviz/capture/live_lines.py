"""What the capturing child says, line by line, as values. `layersviz.live.watch` writes the same.

Knows nothing of processes.
"""

import msgspec

from layersviz.capture.child_lines import ChildLine, with_said
from layersviz.core.host import Side


class End(msgspec.Struct, frozen=True, kw_only=True):
    """One end of a connection; `mac` is empty where the link has none or a router is between."""

    ip: str
    port: int
    mac: str


class Ready(ChildLine, frozen=True, kw_only=True, tag="ready"):
    """The interface is up. `link_type` says by pcap's numbers what its frames begin with."""

    link_type: int


class Down(ChildLine, frozen=True, kw_only=True, tag="down"):
    """The interface is down; the child waits until it is up again."""

    sentence: str
    remedy: str


class Impossible(ChildLine, frozen=True, kw_only=True, tag="impossible"):
    """The child's last line."""

    sentence: str
    remedy: str


class Missed(ChildLine, frozen=True, kw_only=True, tag="missed"):
    """So many visits were not followed since the child began, and so many frames were lost, because they were many."""

    visits: int
    frames: int


class Began(ChildLine, frozen=True, kw_only=True, tag="began"):
    visit: int
    client: End
    server: End


class FrameShown(ChildLine, frozen=True, kw_only=True, tag="frame"):
    """`octets` is hexadecimal, `length` what was on the link, `data_octets` what TCP carries of it."""

    visit: int
    time_ns: int
    sender: Side
    octets: str
    length: int
    data_octets: int


class Ended(ChildLine, frozen=True, kw_only=True, tag="ended"):
    visit: int
    problem: str


LiveLine = Ready | Down | Impossible | Missed | Began | FrameShown | Ended


_decoder: msgspec.json.Decoder[LiveLine] = msgspec.json.Decoder(LiveLine)


def read_line(line: bytes) -> LiveLine:
    """Raises msgspec.DecodeError; then the child and we are not of the same version."""
    return with_said(_decoder.decode(line))
