"""TCP (RFC 9293): the fixed header; its options have a module of their own."""

from functools import cache

from scapy.layers.inet import TCP

from layersviz.core.header import Field
from layersviz.core.layer import Layer
from layersviz.core.said import joined, said
from layersviz.dissect.reader import Next, Reader, Space
from layersviz.dissect.table import Naming, Table, hexadecimal
from layersviz.dissect.tcp_options import MALFORMED, TORN, UNPAIRED, read_options

PROTOCOL = 6
LEAST_OCTETS = 20
KIND_BITS = 8
FLAGS = ("FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR", "AE")
_SHOWN_ORDER = ("SYN", "FIN", "RST", "PSH", "ACK", "URG", "ECE", "CWR", "AE")
_MEANINGS = {
    "SYN": said("here my numbers begin"),
    "FIN": said("I have nothing more to send"),
    "RST": said("this connection is void"),
    "PSH": said("give it to the application now"),
    "ACK": said("the acknowledgment number counts"),
    "URG": said("the urgent pointer counts"),
    "ECE": said("I was told of congestion"),
    "CWR": said("I have slowed down"),
    "AE": said("more exact congestion notice"),
}


def flag_names(flags: int) -> tuple[str, ...]:
    """The names of the bits that are set, in the order in which people say them: SYN before ACK."""
    present = {name for bit, name in enumerate(FLAGS) if flags >> bit & 1}
    return tuple(name for name in _SHOWN_ORDER if name in present)


# There are 512 combinations, and a frame's flags are looked up more often than any other text is made.
_FLAG_TEXTS = (
    said("none (0x000)"),
    *(f"{'/'.join(flag_names(value))} (0x{value:03x})" for value in range(1, 1 << len(FLAGS))),
)
_LENGTHS = tuple(said("{words} ({bytes} bytes)", words=words, bytes=words * 4) for words in range(16))


@cache
def _flag_meaning(flags: int) -> str:
    meanings: list[str] = [said("{flag}: {meaning}", flag=name, meaning=_MEANINGS[name]) for name in flag_names(flags)]
    return joined("; ", meanings) if meanings else said("no flag is set")


FIELDS = Table.of(
    TCP,
    {
        "sport": Naming(name="tcp.srcport", label=said("Source port"), meaning=said("the sending application's door")),
        "dport": Naming(
            name="tcp.dstport",
            label=said("Destination port"),
            meaning=said("the door of the application that is meant"),
        ),
        "seq": Naming(
            name="tcp.seq_raw", label=said("Sequence number"), meaning=said("number of the first byte carried here")
        ),
        "ack": Naming(
            name="tcp.ack_raw", label=said("Acknowledgment number"), meaning=said("the byte that is expected next")
        ),
        "dataofs": Naming(
            name="tcp.hdr_len",
            label=said("Data offset"),
            text=_LENGTHS.__getitem__,
            meaning=said("length of this header in words of 4 bytes"),
        ),
        "reserved": Naming(name="tcp.flags.res", label=said("Reserved"), meaning=said("zero")),
        "flags": Naming(name="tcp.flags", label=said("Flags"), text=_FLAG_TEXTS.__getitem__, meaning=_flag_meaning),
        "window": Naming(
            name="tcp.window_size_value",
            label=said("Window"),
            meaning=said("how much more the sender of this can take, before scaling"),
        ),
        "chksum": Naming(
            name="tcp.checksum",
            label=said("Checksum"),
            text=hexadecimal(4),
            meaning=said("over a pseudo-header of the IP addresses, this header and the data"),
        ),
        "urgptr": Naming(name="tcp.urgent_pointer", label=said("Urgent pointer"), meaning=said("in use only with URG")),
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
        reader.doubt(
            "TCP",
            said("The {protocol} header says that it is {octets} bytes long: too few.", protocol="TCP", octets=octets),
        )
        return None
    if octets > LEAST_OCTETS and fields[-1].name == UNPAIRED:
        reader.doubt("TCP segment", said("A SACK option holds an edge without its other edge."))
        reader.malformed("TCP", said("The TCP options can't be read on."))
        return None
    if reader.end < end:
        _say_short(reader, fields[-1], end)
        return None
    return Space.APPLICATION, PROTOCOL, end


def _say_short(reader: Reader, last: Field, end: int) -> None:
    """The octets end before the data offset says: inside an option, between two, or behind one that can't be read."""
    is_readable = last.name != MALFORMED or last.bit_length <= KIND_BITS
    if not is_readable and reader.wire_end < end:
        reader.doubt("TCP segment", said("The TCP header says that it is longer than the segment."))
    elif is_readable:
        reader.ends_inside("TCP option" if last.name == TORN else "TCP", said("the TCP options"), reader.end + 1)
