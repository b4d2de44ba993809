"""TCP (RFC 9293) with every option as a field of its own, and the HTTP message that it carries."""

from collections.abc import Iterator

from scapy.layers.inet import TCP

from layersviz.core.header import Dissection, Field, Header
from layersviz.core.layer import Layer
from layersviz.dissect.http import dissect_http
from layersviz.dissect.walk import CutShortError, Naming, hexadecimal, name_fields, unread

LEAST_OCTETS = 20
FLAGS = ("FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR", "AE")
_SHOWN_ORDER = ("SYN", "FIN", "RST", "PSH", "ACK", "URG", "ECE", "CWR", "AE")


def flag_names(flags: int) -> tuple[str, ...]:
    """The names of the bits that are set, in the order in which people say them: SYN before ACK."""
    present = {name for bit, name in enumerate(FLAGS) if flags >> bit & 1}
    return tuple(name for name in _SHOWN_ORDER if name in present)


TCP_FIELDS = {
    "sport": Naming(name="tcp.srcport", label="Source port", meaning="the sending application's door"),
    "dport": Naming(name="tcp.dstport", label="Destination port", meaning="the door of the application that is meant"),
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
        name="tcp.flags",
        label="Flags",
        text=lambda value: f"{'/'.join(flag_names(int(value))) or 'none'} (0x{int(value):03x})",
        meaning="what this segment does",
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
}


def dissect_tcp(packet: bytes, outer: tuple[Header, ...], padding: int) -> Dissection:
    """The segment behind an IPv4 header; `packet` ends where the IP total length says."""
    start = outer[-1].octet_offset + outer[-1].octet_length
    header_octets = (packet[start + 12] >> 4) * 4 if len(packet) > start + 12 else LEAST_OCTETS
    if header_octets < LEAST_OCTETS:
        return unread(packet, outer, start, f"The TCP header says that it is {header_octets} bytes long: too few.")
    try:
        fixed = name_fields(TCP, TCP_FIELDS, packet, start, start + LEAST_OCTETS)
    except CutShortError as cut:
        return unread(packet, outer, start, f"The packet ends inside the TCP header ({cut}).")
    end = start + header_octets
    options = tuple(_options(packet[:end], start + LEAST_OCTETS))
    tcp = Header(
        layer=Layer.TRANSPORT,
        protocol="TCP",
        octet_offset=start,
        octet_length=min(header_octets, len(packet) - start),
        fields=fixed + options,
    )
    problem = "The packet ends inside the TCP options." if len(packet) < end else ""
    payload = packet[end:]
    http = dissect_http(packet, end) if payload else None
    return Dissection(
        headers=(*outer, tcp) if http is None else (*outer, tcp, http),
        payload_offset=end,
        payload=payload,
        padding=padding,
        problem=problem,
    )


def _options(octets: bytes, start: int) -> Iterator[Field]:
    """Each option between `start` and the end of `octets`: kind, length, value (RFC 9293 section 3.1)."""
    at = start
    while at < len(octets):
        kind = octets[at]
        if kind in (0, 1):
            name = "End of options" if kind == 0 else "No operation"
            yield _option(name, "NOP" if kind else "end", kind, at, 1, "fills up to words of 4 bytes")
            at += 1
            if kind == 0:
                return
            continue
        length = octets[at + 1] if at + 1 < len(octets) else 0
        if length < 2 or at + length > len(octets):
            yield _option("Malformed option", f"kind {kind}, length {length}", kind, at, len(octets) - at, "")
            return
        yield _valued(kind, octets[at + 2 : at + length], at, length)
        at += length


def _valued(kind: int, value: bytes, at: int, length: int) -> Field:
    number = int.from_bytes(value)
    match kind, len(value):
        case 2, 2:
            return _option(
                "Maximum segment size",
                f"MSS {number}",
                kind,
                at,
                length,
                "the most data that I take in one segment",
                number,
            )
        case 3, 1:
            text = f"scale \u00d7{1 << min(number, 14)}"
            return _option("Window scale", text, kind, at, length, "multiply my later windows by this", number)
        case 4, 0:
            return _option("SACK permitted", "SACK permitted", kind, at, length, "you may tell me of gaps (RFC 2018)")
        case 5, _:
            return _option("SACK", f"SACK {value.hex()}", kind, at, length, "blocks that have arrived behind a gap")
        case 8, 8:
            mine, echoed = int.from_bytes(value[:4]), int.from_bytes(value[4:])
            text = f"timestamps {mine}/{echoed}"
            return _option(
                "Timestamps", text, kind, at, length, "my clock, and yours as I last saw it (RFC 7323)", mine
            )
    return _option(f"Option {kind}", f"kind {kind}: {value.hex() or 'empty'}", kind, at, length, "")


_OPTION_NAMES = {
    0: "tcp.options.eol",
    1: "tcp.options.nop",
    2: "tcp.options.mss_val",
    3: "tcp.options.wscale.shift",
    4: "tcp.options.sack_perm",
    5: "tcp.options.sack",
    8: "tcp.options.timestamp.tsval",
}


def _option(label: str, text: str, kind: int, at: int, length: int, meaning: str, number: int | None = None) -> Field:
    return Field(
        name=_OPTION_NAMES.get(kind, f"tcp.options.kind{kind}"),
        label=label,
        text=text,
        bit_offset=at * 8,
        bit_length=length * 8,
        number=kind if number is None else number,
        meaning=meaning,
    )
