"""What a pcapng section says before and between its packets: order of octets, interfaces, and what is only checked.

Knows nothing of packets. draft-ietf-opsawg-pcapng, section 4.
"""

import msgspec

from layersviz.core.said import said
from layersviz.files.block import INTERFACE, NAMES, SECRETS, SECTION, STATISTICS, Body, Numbers
from layersviz.files.damage import DamagedCaptureError
from layersviz.files.options import CUSTOM, padded

VERSIONS = {(1, 0), (1, 2)}
TIME_RESOLUTION, TIME_OFFSET = 9, 14
INTERFACE_OPTIONS = {**CUSTOM, 11: range(1, 1 << 16)}  # the capture's filter
MOST_INTERFACES = 1 << 16
NAME_HEADER = 4
ADDRESS_OCTETS = {1: 4, 2: 16}
"""A record of names begins with its kind and length, then an address of IPv4 or IPv6."""

MICROSECONDS = 1_000_000
NANOSECONDS = 1_000_000_000
TIMES = range(-(1 << 63), 1 << 63)
"""Nanoseconds since 1970 that 64 bits hold: from 1677 to 2262."""


class Interface(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One interface of a section; its times count `units` a second, from `offset_s` seconds after 1970."""

    link_type: int
    snap_length: int
    units: int
    offset_s: int

    def time_ns(self, count: int) -> int | None:
        """None where it is no time that a clock shows: a damaged one must not be too large for others."""
        time_ns = self.offset_s * NANOSECONDS + count * NANOSECONDS // self.units
        return time_ns if time_ns in TIMES else None


class Section:
    """What holds from one section header to the next: how numbers are laid out, and the interfaces so far."""

    def __init__(self, numbers: Numbers) -> None:
        self.numbers = numbers
        self.interfaces: list[Interface] = []


def _take_section(section: Section, body: Body) -> None:
    version = section.numbers.version.unpack_from(body.octets, body.start)
    if version not in VERSIONS:
        major, minor = version
        raise DamagedCaptureError(
            said("This is version {major}.{minor} of pcapng; only version 1.0 can be read.", major=major, minor=minor)
        )
    section.numbers.options.check(body.octets, body.start + 16, body.end)


def _take_interface(section: Section, body: Body) -> None:
    link_type, snap_length = section.numbers.interface.unpack_from(body.octets, body.start)
    first: dict[int, bytes] = {}
    for code, value in section.numbers.options.read(body.octets, body.start + 8, body.end, INTERFACE_OPTIONS):
        first.setdefault(code, value)
    if len(section.interfaces) >= MOST_INTERFACES:
        raise DamagedCaptureError(said("The file describes more than {most:,} interfaces.", most=MOST_INTERFACES))
    resolution = first.get(TIME_RESOLUTION, b"")
    offset, time_offset = first.get(TIME_OFFSET, b""), section.numbers.time_offset
    section.interfaces.append(
        Interface(
            link_type=link_type,
            snap_length=snap_length,
            units=_units(resolution[0]) if len(resolution) == 1 else MICROSECONDS,
            offset_s=time_offset.unpack(offset)[0] if len(offset) == time_offset.size else 0,
        )
    )


def _units(resolution: int) -> int:
    """Units of time in a second: a power of two where the highest bit is set, else of ten."""
    power = resolution & 0x7F
    return 1 << power if resolution & 0x80 else 10**power


def _take_statistics(section: Section, body: Body) -> None:
    section.numbers.options.check(body.octets, body.start + 12, body.end)


def _take_names(section: Section, body: Body) -> None:
    """Names of addresses are not used; what is wrong with them is damage all the same."""
    at = body.start
    for code, value in section.numbers.options.read(body.octets, at, body.end, {}):
        address = ADDRESS_OCTETS.get(code, 0)
        if len(value) < address or (address and value[address:] and value[-1]):
            raise DamagedCaptureError(said("The file is damaged: a name of an address is cut short."))
        at += NAME_HEADER + padded(len(value))
    section.numbers.options.check(body.octets, at + NAME_HEADER, body.end)


def _take_secrets(section: Section, body: Body) -> None:
    (length,) = section.numbers.word.unpack_from(body.octets, body.start + 4)
    if length > body.end - body.start - 8:
        raise DamagedCaptureError(said("The file is damaged: secrets are longer than their block."))


TAKEN_IN = {
    SECTION: _take_section,
    INTERFACE: _take_interface,
    STATISTICS: _take_statistics,
    NAMES: _take_names,
    SECRETS: _take_secrets,
}
