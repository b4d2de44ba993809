"""What the kernel lets through to us: TCP with one port of this machine's addresses, as a classic BPF program.

See linux/Documentation/networking/filter.rst. Untagged frames only, of fragments the first, no IPv6 extension header.
What does not pass never leaves the kernel.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address

MOST_ADDRESSES = 8

_LOAD_WORD, _LOAD_HALF, _LOAD_OCTET, _LOAD_HALF_AT_X, _LOAD_IPV4_LENGTH = 0x20, 0x28, 0x30, 0x48, 0xB1
_IF_EQUAL, _IF_ANY_BIT, _RETURN = 0x15, 0x45, 0x06
_ANCILLARY, _NETWORK = -0x1000, -0x10_0000
"""Beginnings of what the kernel knows of a frame, and of its network header, on any kind of link."""
_PROTOCOL, _VLAN_TAG_PRESENT = _ANCILLARY, _ANCILLARY + 48
_ETHERTYPE_IPV4, _ETHERTYPE_IPV6, _TCP = 0x0800, 0x86DD, 6
_FRAGMENT_OFFSET = 0x1FFF
_WHOLE = 0x4_0000

NEXT, ACCEPT, DROP = "next", "accept", "drop"


@dataclass(frozen=True, slots=True)
class _Line:
    """One instruction; where it compares, the labels to go on at. A `label` names it."""

    code: int
    value: int
    if_true: str = NEXT
    if_false: str = NEXT
    label: str = ""


def port_filter(port: int, addresses: Sequence[str]) -> bytes:
    """The instructions (struct sock_filter) that accept segments to and from that port of those addresses alone."""
    known = [ip_address(text) for text in addresses[:MOST_ADDRESSES]]
    ipv4 = [(int(each),) for each in known if isinstance(each, IPv4Address)]
    ipv6 = [struct.unpack("!4I", each.packed) for each in known if isinstance(each, IPv6Address)]
    return _assemble(
        [
            _Line(_LOAD_WORD, _VLAN_TAG_PRESENT),
            _Line(_IF_EQUAL, 0, NEXT, DROP),
            _Line(_LOAD_HALF, _PROTOCOL),
            _Line(_IF_EQUAL, _ETHERTYPE_IPV4, "ipv4"),
            _Line(_IF_EQUAL, _ETHERTYPE_IPV6, "ipv6", DROP),
            _Line(_LOAD_OCTET, _NETWORK + 9, label="ipv4"),
            _Line(_IF_EQUAL, _TCP, NEXT, DROP),
            _Line(_LOAD_HALF, _NETWORK + 6),
            _Line(_IF_ANY_BIT, _FRAGMENT_OFFSET, DROP),
            _Line(_LOAD_IPV4_LENGTH, _NETWORK),
            *_end("ipv4 to", port, _Line(_LOAD_HALF_AT_X, _NETWORK + 2), _NETWORK + 16, ipv4, "ipv4 from"),
            *_end("ipv4 from", port, _Line(_LOAD_HALF_AT_X, _NETWORK), _NETWORK + 12, ipv4, DROP),
            _Line(_LOAD_OCTET, _NETWORK + 6, label="ipv6"),
            _Line(_IF_EQUAL, _TCP, NEXT, DROP),
            *_end("ipv6 to", port, _Line(_LOAD_HALF, _NETWORK + 42), _NETWORK + 24, ipv6, "ipv6 from"),
            *_end("ipv6 from", port, _Line(_LOAD_HALF, _NETWORK + 40), _NETWORK + 8, ipv6, DROP),
            _Line(_RETURN, 0, label=DROP),
            _Line(_RETURN, _WHOLE, label=ACCEPT),
        ]
    )


def _end(
    name: str, port: int, load_port: _Line, address_at: int, addresses: Sequence[tuple[int, ...]], otherwise: str
) -> Iterator[_Line]:
    """Accept where one end of the segment, receiver or sender, is that port of one of the addresses."""
    yield _Line(load_port.code, load_port.value, label=name)
    yield _Line(_IF_EQUAL, port, NEXT, otherwise)
    for place, words in enumerate(addresses):
        following = f"{name} {place + 1}"
        for index, word in enumerate(words):
            is_last = index == len(words) - 1
            yield _Line(_LOAD_WORD, address_at + 4 * index, label=f"{name} {place}" if place and not index else "")
            yield _Line(_IF_EQUAL, word, ACCEPT if is_last else NEXT, following)
    yield _Line(_IF_ANY_BIT, 0, otherwise, otherwise, label=f"{name} {len(addresses)}" if addresses else "")


def _assemble(lines: Sequence[_Line]) -> bytes:
    """Put distances in the place of labels: they count from the next instruction and only forward."""
    places = {line.label: place for place, line in enumerate(lines) if line.label}
    return b"".join(
        struct.pack(
            "=HBBI",
            line.code,
            places.get(line.if_true, place + 1) - place - 1,
            places.get(line.if_false, place + 1) - place - 1,
            line.value & 0xFFFF_FFFF,
        )
        for place, line in enumerate(lines)
    )
