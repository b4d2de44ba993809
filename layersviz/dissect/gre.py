"""GRE (RFC 2784, RFC 2890), and the variant that PPTP uses (RFC 2637)."""

from layersviz.core.layer import Layer
from layersviz.core.said import said
from layersviz.dissect.names import ethertype
from layersviz.dissect.reader import Next, Reader, Space
from layersviz.dissect.table import Naming, Table, hexadecimal

PPP = 0x880B
_CHECKSUM, _KEY, _SEQUENCE, _ACKNOWLEDGMENT = 0x8000, 0x2000, 0x1000, 0x0080
_VERSION = 0x7


def _protocol(value: int) -> str:
    return f"0x{value:04x} (PPP)" if value == PPP else ethertype(value)


_HEAD = [
    (
        Naming(
            name="gre.flags_and_version",
            label=said("Flags and version"),
            text=hexadecimal(4),
            meaning=said("what follows"),
        ),
        16,
    ),
    (Naming(name="gre.proto", label=said("Protocol"), text=_protocol, meaning=said("what the tunnel carries")), 16),
]
_OPTIONAL = [
    (
        _CHECKSUM,
        [
            (
                Naming(
                    name="gre.checksum", label=said("Checksum"), text=hexadecimal(4), meaning=said("over all behind")
                ),
                16,
            )
        ],
    ),
    (_CHECKSUM, [(Naming(name="gre.offset", label=said("Offset"), meaning=said("reserved")), 16)]),
    (
        _KEY,
        [(Naming(name="gre.key", label=said("Key"), text=hexadecimal(8), meaning=said("which tunnel this is")), 32)],
    ),
    (
        _SEQUENCE,
        [(Naming(name="gre.sequence_number", label=said("Sequence number"), meaning=said("counts packets")), 32)],
    ),
]
_PPTP_ACKNOWLEDGMENT = [
    (Naming(name="gre.ack_number", label=said("Acknowledgment"), meaning=said("the last packet that has come")), 32)
]


def dissect_gre(reader: Reader, at: int) -> Next:
    """A packet in a tunnel: which fields there are, its flags say."""
    flags = int.from_bytes(reader.octets[at : min(at + 2, reader.end)])
    rows = list(_HEAD)
    for bit, row in _OPTIONAL:
        if flags & bit:
            rows += row
    if flags & _VERSION == 1 and flags & _ACKNOWLEDGMENT:
        rows += _PPTP_ACKNOWLEDGMENT
    table = Table(rows)
    if not reader.read(table, Layer.NETWORK, "GRE", at):
        return None
    protocol = reader.headers[-1].number("gre.proto")
    end = at + table.octets
    return (Space.PPP, 0, end) if protocol == PPP else (Space.ETHERTYPE, protocol, end)
