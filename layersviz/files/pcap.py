"""Reads pcap: draft-ietf-opsawg-pcap, and its cousins with a longer record header.

Knows nothing of gzip, nor of what the packets mean.
"""

from collections.abc import Iterator
from struct import Struct

import msgspec

from layersviz.core.packet import Packet
from layersviz.core.said import said
from layersviz.files.damage import DamagedCaptureError
from layersviz.files.octets import Octets

LONGEST = 262_144
"""No packet has more octets in a capture: a longer one is damage (libpcap's MAXIMUM_SNAPLEN, Wireshark's limit)."""

ORDINARY = 16
COUSINS = (ORDINARY, 24, 20)
"""Sizes of a record's header under pcap's first magic number: pcap, a patch of 1999 that Red Hat shipped, and Nokia."""
PATCHED = (24, 28)
"""Later versions of that patch have a magic number of their own and, again, headers of two sizes."""

MAGIC = {
    b"\xd4\xc3\xb2\xa1": ("<", 1000, COUSINS),
    b"\xa1\xb2\xc3\xd4": (">", 1000, COUSINS),
    b"\x34\xcd\xb2\xa1": ("<", 1000, PATCHED),
    b"\xa1\xb2\xcd\x34": (">", 1000, PATCHED),
    b"\x4d\x3c\xb2\xa1": ("<", 1, (ORDINARY,)),
    b"\xa1\xb2\x3c\x4d": (">", 1, (ORDINARY,)),
}
"""What a file begins with: its order of octets, nanoseconds in a unit of time, the sizes a record's header may have."""

MAJOR = 2
LENGTHS_IN_ORDER = 4
"""Before minor version 3 a record's two lengths stood the other way round; in 3 some programs had them so."""
LINK_TYPE = 0xFFFF
"""Above these bits stand flags, such as the length of the frame check sequence."""

RECORDS_TRIED = 3
MICROSECONDS = 1_000_000
UNLIKELY_LENGTH = 128 * 1024 * 1024


class _Form(msgspec.Struct, frozen=True, kw_only=True):
    """How this file is written; `size` is of a record's header, of which we need the first 16 octets."""

    record: Struct
    size: int
    unit_ns: int
    minor: int
    snap_length: int
    link_type: int


def read_pcap(octets: Octets) -> Iterator[Packet]:
    """The packets, as long as they are sound. Raises DamagedCaptureError where the file is not."""
    form = _form(octets)
    unpack, size, unit_ns, minor, link_type = (
        form.record.unpack_from,
        form.size,
        form.unit_ns,
        form.minor,
        form.link_type,
    )
    number = 0
    needed = size
    while octets.have(needed):
        buffer, at, end, before = octets.buffer, octets.at, len(octets.buffer), octets.before
        needed = size
        while at + size <= end:
            seconds, fraction, captured, length = unpack(buffer, at)
            if minor < LENGTHS_IN_ORDER:
                captured, length = _in_order(minor, captured, length)
            last = at + size + captured
            if captured > LONGEST:
                raise DamagedCaptureError(too_long(number + 1, captured))
            if last > end:
                needed = size + captured
                break
            number += 1
            yield Packet(
                number=number,
                octets=buffer[at + size : last],
                length=length,
                time_ns=seconds * 1_000_000_000 + fraction * unit_ns,
                link_type=link_type,
                position=before + at + size,
            )
            at = last
        octets.at = at
    if octets.left:
        raise DamagedCaptureError(
            said("The file is cut short: it ends in the middle of frame {number}.", number=number + 1)
        )


def too_long(number: int, captured: int) -> str:
    return said(
        "Frame {number} is damaged: it claims {captured:,} octets, and none has more than {most:,}.",
        number=number,
        captured=captured,
        most=LONGEST,
    )


def _form(octets: Octets) -> _Form:
    order, unit_ns, sizes = MAGIC[octets.buffer[octets.at : octets.at + 4]]
    header = Struct(order + "4xHH8xII")
    if not octets.have(header.size):
        raise DamagedCaptureError(said("The file is cut short: it ends in the middle of pcap's file header."))
    major, minor, snap_length, link_type = header.unpack_from(octets.buffer, octets.at)
    if major != MAJOR:
        raise DamagedCaptureError(
            said("This is version {major}.{minor} of pcap; only version 2 can be read.", major=major, minor=minor)
        )
    octets.at += header.size
    forms = [
        _Form(
            record=Struct(order + "IIII"),
            size=size,
            unit_ns=unit_ns,
            minor=minor,
            snap_length=snap_length,
            link_type=link_type & LINK_TYPE,
        )
        for size in sizes
    ]
    return min(forms, key=lambda form: _oddities(octets, form))


def _oddities(octets: Octets, form: _Form) -> int:
    """How much speaks against this form, judged as Wireshark does: by the first odd record among the first three.

    Nothing in the file says which cousin it is; read as another, the records soon make no sense.
    """
    ahead = 0
    for _each in range(RECORDS_TRIED):
        if not _lie_ahead(octets, ahead + form.size):
            return int(octets.left > ahead)
        _seconds, fraction, captured, length = form.record.unpack_from(octets.buffer, octets.at + ahead)
        captured, length = _in_order(form.minor, captured, length)
        odd: int = sum(
            (
                fraction >= MICROSECONDS,
                captured > LONGEST,
                captured > form.snap_length,
                captured > length,
                length > UNLIKELY_LENGTH,
            )
        )
        if odd:
            return odd
        ahead += form.size + captured
        if not _lie_ahead(octets, ahead):
            return 1
    return 0


def _lie_ahead(octets: Octets, count: int) -> bool:
    """Damage that lies ahead is told when the packets before it have been given."""
    try:
        return octets.have(count)
    except DamagedCaptureError:
        return False


def _in_order(minor: int, captured: int, length: int) -> tuple[int, int]:
    swapped = minor < LENGTHS_IN_ORDER - 1 or (minor < LENGTHS_IN_ORDER and captured > length)
    return (length, captured) if swapped else (captured, length)
