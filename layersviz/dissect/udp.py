"""UDP (RFC 768)."""

from scapy.layers.inet import UDP

from layersviz.core.header import Checksum, ChecksumStatus
from layersviz.core.layer import Layer
from layersviz.core.said import said
from layersviz.dissect.reader import Next, Reader, Space, unchecked
from layersviz.dissect.table import Naming, Table, hexadecimal

PROTOCOL = 17
FIELDS = Table.of(
    UDP,
    {
        "sport": Naming(name="udp.srcport", label=said("Source port"), meaning=said("the sending application's door")),
        "dport": Naming(
            name="udp.dstport",
            label=said("Destination port"),
            meaning=said("the door of the application that is meant"),
        ),
        "len": Naming(name="udp.length", label=said("Length"), meaning=said("bytes of this header and the data")),
        "chksum": Naming(
            name="udp.checksum",
            label=said("Checksum"),
            text=hexadecimal(4),
            meaning=said("over a pseudo-header of the IP addresses, this header and the data; 0 is none"),
        ),
    },
)
_IPV4_ADDRESSES_OCTETS = 8
_NONE = said("Zero says that the sender computed none, as UDP over IPv4 may (RFC 768).")
_TOO_LONG = said("The UDP length says more than the packet holds.")


def dissect_udp(reader: Reader, at: int) -> Next:
    """The datagram behind an IP header."""
    if reader.end < at + FIELDS.octets:
        reader.read(FIELDS, Layer.TRANSPORT, "UDP", at)
        return None
    length = int.from_bytes(reader.octets[at + 4 : at + 6])
    fields = FIELDS.read(reader.octets, at, reader.end)
    available = reader.wire_end - at
    is_too_small = length < FIELDS.octets and (length > 0 or len(reader.addresses) <= _IPV4_ADDRESSES_OCTETS)
    checksum = None if is_too_small else _checksum(reader, at, length)
    if not reader.quoted and FIELDS.octets <= length <= available:
        reader.narrow(at, length)
    reader.add(Layer.TRANSPORT, "UDP", at, FIELDS.octets, fields, checksum)
    if is_too_small:
        reader.doubt(
            "UDP",
            said("The {protocol} header says that it is {octets} bytes long: too few.", protocol="UDP", octets=length),
        )
        return None
    if length > available and not reader.quoted and not reader.fragment:
        sentence = said(
            "The UDP header says {length} bytes, but the packet holds only {available} for it.",
            length=length,
            available=available,
        )
        reader.doubt("UDP", sentence)
    return Space.APPLICATION, PROTOCOL, at + FIELDS.octets


def _checksum(reader: Reader, at: int, length: int) -> Checksum:
    found = int.from_bytes(reader.octets[at + 6 : at + 8])
    if found == 0 and len(reader.addresses) <= _IPV4_ADDRESSES_OCTETS:
        return Checksum(status=ChecksumStatus.NOT_PRESENT, found=found, reason=_NONE)
    if FIELDS.octets <= length and at + length > reader.wire_end:
        return unchecked(found, _TOO_LONG)
    return reader.transport_checksum(PROTOCOL, at, at + 6)
