"""One frame's way: down the sender's stack, across the wire, up the receiver's stack, as steps and as table rows.

Values only; `layersviz.core.story` makes them.
"""

from enum import StrEnum

import msgspec

from layersviz.core.frame import States
from layersviz.core.header import Header
from layersviz.core.host import Side
from layersviz.core.layer import Layer


class Half(StrEnum):
    """Which part of the way: down the sender, across the wire, up the receiver."""

    DOWN = "down"
    WIRE = "wire"
    UP = "up"


class Mark(StrEnum):
    """Where a shown value comes from, or how a check ended."""

    CAPTURED = "captured"
    COMPUTED = "computed"
    SIMULATED = "simulated"
    GOOD = "good"
    BAD = "bad"
    PLAIN = "plain"


LINE_KEYS = frozenset(
    {
        *("Ports", "Port", "Flags", "Seq", "Ack", "State", "Window", "Checksum", "Options", "Length"),
        *("From", "To", "Dest IP", "TTL", "Hop limit", "Protocol", "Learned"),
        *("Dest MAC", "FCS", "VLAN", "Preamble", "Bits", "Size", "Taken off"),
        *("Status line", "Content-Encoding", "Data", "Body", "Plain", "Compressed"),
    }
)
PART_KEYS = frozenset({"Preamble+SFD", "padding", "not captured", "data", "body", "gzip body", "quoted packet"})
"""English labels that the page's code knows, whatever language its reader sees them in."""

_KEYS_OF_LINES, _KEYS_OF_PARTS = {key: key for key in LINE_KEYS}, {key: key for key in PART_KEYS}
_set = msgspec.structs.force_setattr


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of the PDU as it is after a step: 'TCP', 20 octets. `computed` pieces are never in a capture.

    `key` follows from the label: it stays English, and is empty where the label is a protocol's.
    """

    layer: Layer
    label: str
    octets: int
    computed: bool = False
    key: str = ""

    def __post_init__(self) -> None:
        if (key := _KEYS_OF_PARTS.get(self.label)) is not None:
            _set(self, "key", key)


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One labelled value that a step shows: a field that was written, or a check with the values that it compared.

    `key` follows from the label: it stays English, and is empty where the page's code need not know it.
    """

    label: str
    text: str
    mark: Mark
    key: str = ""

    def __post_init__(self) -> None:
        if (key := _KEYS_OF_LINES.get(self.label)) is not None:
            _set(self, "key", key)


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """Something noteworthy about a segment: Wireshark's name behind `tcp.analysis.`, and one plain sentence.

    `told` where the frame's arrow says it already, so that the ladder need not say it twice.
    """

    name: str
    sentence: str
    told: bool = False


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One stop of a journey.

    `number` counts from 1 within the frame. `side` is the host, None on the wire. `parts` are outermost first. `lines`
    are the step's real values. `call` is what the application of that host is doing ('connect()'), where it matters.
    `states` are None where the conversation has none: only TCP's has. `row` is the index of the table row that this
    step stands on, None where it has none. Milliseconds are on the story's clock: the picture moves from `start_ms` to
    `rest_ms` and can be read from then to `end_ms`.
    """

    number: int
    half: Half
    side: Side | None
    layer: Layer
    title: str
    sentence: str
    pdu: str
    parts: tuple[Part, ...]
    lines: tuple[Line, ...]
    states: States | None
    client_call: str
    server_call: str
    start_ms: int
    rest_ms: int
    end_ms: int
    row: int | None = None


class Wait(msgspec.Struct, frozen=True, kw_only=True):
    """What a host waits for from this frame on: `what` in words. Milliseconds, None where it is not known.

    `predicted_ms` follows from the host's own settings, `textbook_ms` from RFC 6298, `kernel_ms` is what the kernel's
    timer said, `was_ms` how long it was, on the frame that ended the waiting.
    """

    side: Side
    what: str
    predicted_ms: float | None = None
    textbook_ms: float | None = None
    kernel_ms: float | None = None
    was_ms: float | None = None


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the table; `half` is DOWN or UP, `side` the host. A cell's lines are parted by a newline."""

    half: Half
    side: Side
    layer: Layer
    protocol: str
    pdu: str
    info: str
    ports: str
    ips: str
    macs: str


class Journey(msgspec.Struct, frozen=True, kw_only=True):
    """A frame with all that the stage shows of it.

    `kind` is what the frame does in the story, a `core.story.kind.Kind`: the same in every language. `name` is short
    ('SYN/ACK'), `title` a clause ('the server answers with SYN/ACK'), `arrow` what the ladder writes. `time_us` is
    microseconds since the run's first frame. `octets` is hexadecimal. `fcs` is the CRC-32 as the four octets that would
    follow on a real wire, hexadecimal, computed; empty where no bits of a wire are known, because the link is no
    Ethernet or the frame no whole one: then there is no preamble and no physical stop of a host either. The wire's step
    is always there. `link_type` is pcap's number of what the octets begin with, `wire_octets` the frame's length on the
    wire, more than `octets` where the capture cut it short. A `lost` frame never arrived: its last step
    is on the wire.

    What the wire did to it, where it did something: `deed` in one word; `flipped_bit` from the frame's first bit in
    network order, `arrived` the octets that came (hexadecimal, empty where they are those that were sent) and
    `arrived_fcs` the check sequence that came with them, `refused_at` the receiver's layer that found it; `copy_of` the
    frame that this is the wire's second copy of; `held_ms` how long it was kept; `arrived_us` when it came,
    microseconds since the run's first frame, None where that is not known. `repeats` is the number of the frame that
    the sender sends again here, 0 where it is new, and `repeats_how` what is the same and what is new. `waits` are what
    the hosts wait for.
    """

    number: int
    sender: Side
    kind: str = ""
    name: str
    title: str
    arrow: str
    time_ns: int
    time_us: float
    octets: str
    fcs: str
    link_type: int = 1
    wire_octets: int = 0
    lost: bool = False
    findings: tuple[Finding, ...] = ()
    headers: tuple[Header, ...]
    payload_offset: int
    payload_octets: int
    steps: tuple[Step, ...]
    rows: tuple[Row, ...]
    down_heading: str
    up_heading: str
    problem: str = ""
    deed: str = ""
    flipped_bit: int | None = None
    arrived: str = ""
    arrived_fcs: str = ""
    refused_at: Layer | None = None
    copy_of: int = 0
    held_ms: float = 0.0
    arrived_us: float | None = None
    repeats: int = 0
    repeats_how: tuple[Line, ...] = ()
    waits: tuple[Wait, ...] = ()

    @property
    def end_ms(self) -> int:
        return self.steps[-1].end_ms
