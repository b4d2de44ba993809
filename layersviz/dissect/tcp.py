"""TCP (RFC 9293): the fixed header; its options have a module of their own."""

from scapy.layers.inet import TCP

from layersviz.core.header import Field
from layersviz.core.layer import Layer
from layersviz.dissect.reader import Next, Reader, Space
from layersviz.dissect.table import Naming, Table, hexadecimal
from layersviz.dissect.tcp_options import MALFORMED, TORN, UNPAIRED, read_options

PROTOCOL = 6
LEAST_OCTETS = 20
KIND_BITS = 8
FLAGS = ("FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR", "AE")
_SHOWN_ORDER = ("SYN", "FIN", "RST", "PSH", "ACK", "URG", "ECE", "CWR", "AE")
_MEANINGS = {
    "SYN": "here my numbers begin",
    "FIN": "I have nothing more to send",
    "RST": "this connection is void",
    "PSH": "give it to the application now",
    "ACK": "the acknowledgment number counts",
    "URG": "the urgent pointer counts",
    "ECE": "I was told of congestion",
    "CWR": "I have slowed down",
    "AE": "more exact congestion notice",
}


def flag_names(flags: int) -> tuple[str, ...]:
    """The names of the bits that are set, in the order in which people say them: SYN before ACK."""
    present = {name for bit, name in enumerate(FLAGS) if flags >> bit & 1}
    return tuple(name for name in _SHOWN_ORDER if name in present)


# There are 512 combinations, and a frame's flags are looked up more often than any other text is made.
_FLAG_TEXTS = tuple(f"{'/'.join(flag_names(value)) or 'none'} (0x{value:03x})" for value in range(1 << len(FLAGS)))
_FLAG_MEANINGS = tuple(
    "; ".join(f"{name}: {_MEANINGS[name]}" for name in flag_names(value)) or "no flag is set"
    for value in range(1 << len(FLAGS))
)
FIELDS = Table.of(
    TCP,
    {
        "sport": Naming(name="tcp.srcport", label="Source port", meaning="the sending application's door"),
        "dport": Naming(
            name="tcp.dstport", label="Destination port", meaning="the door of the application that is meant"
        ),
        "seq": Naming(name="tcp.seq_raw", label="Sequence number", meaning="number of the first byte carried here"),
        "ack": Naming(name="tcp.ack_raw", label="Acknowledgment number", meaning="the byte that is expected next"),
        "dataofs": Naming(
            name="tcp.hdr_len",
            label="Data offset",
            text=lambda words: f"{words} ({words * 4} bytes)",
            meaning="length of this header in words of 4 bytes",
        ),
        "reserved": Naming(name="tcp.flags.res", label="Reserved", meaning="zero"),
        "flags": Naming(
            name="tcp.flags", label="Flags", text=_FLAG_TEXTS.__getitem__, meaning=_FLAG_MEANINGS.__getitem__
        ),
        "window": Naming(
            name="tcp.window_size_value",
            label="Window",
            meaning="how much more the sender of this can take, before scaling",
        ),
        "chksum": Naming(
            name="tcp.checksum",
            label="Checksum",
            text=hexadecimal(4),
            meaning="over a pseudo-header of the IP addresses, this header and the data",
        ),
        "urgptr": Naming(name="tcp.urgent_pointer", label="Urgent pointer", meaning="in use only with URG"),
    },
)


def dissect_tcp(reader: Reader, at: int) -> Next:
    """The segment behind an IP header."""
    if reader.end < at + LEAST_OCTETS:
        checksum = reader.transport_checksum(PROTOCOL, at, at + 16) if reader.end >= at + 18 else None
        reader.read(FIELDS, Layer.TRANSPORT, "TCP", at, checksum)
        return None
    octets = (reader.octets[at + 12] >> 4) * 4
    fields = FIELDS.read(reader.octets, at, reader.end)
    end = at + octets
    if octets > LEAST_OCTETS:
        fields += tuple(read_options(reader.octets, at + LEAST_OCTETS, end, reader.end))
    checksum = reader.transport_checksum(PROTOCOL, at, at + 16)
    reader.add(Layer.TRANSPORT, "TCP", at, max(octets, LEAST_OCTETS), fields, checksum)
    if octets < LEAST_OCTETS:
        reader.doubt("TCP", f"The TCP header says that it is {octets} bytes long: too few.")
        return None
    if octets > LEAST_OCTETS and fields[-1].name == UNPAIRED:
        reader.doubt("TCP segment", "A SACK option holds an edge without its other edge.")
        reader.malformed("TCP", "The TCP options can't be read on.")
        return None
    if reader.end < end:
        _say_short(reader, fields[-1], end)
        return None
    return Space.APPLICATION, PROTOCOL, end


def _say_short(reader: Reader, last: Field, end: int) -> None:
    """The octets end before the data offset says: inside an option, between two, or behind one that can't be read."""
    is_readable = last.name != MALFORMED or last.bit_length <= KIND_BITS
    if not is_readable and reader.wire_end < end:
        reader.doubt("TCP segment", "The TCP header says that it is longer than the segment.")
    elif is_readable:
        reader.ends_inside("TCP option" if last.name == TORN else "TCP", "the TCP options", reader.end + 1)
