"""TCP's options, each split into kind, length and value (RFC 9293 section 3.1).

Knows MSS (RFC 9293), window scale and timestamps (RFC 7323), SACK (RFC 2018), fast open (RFC 7413).
"""

from functools import cache

from layersviz.core.header import Field
from layersviz.core.said import said
from layersviz.dissect.option_words import option_words

END, NO_OPERATION, MSS, WINDOW_SCALE, SACK_PERMITTED, SACK, TIMESTAMPS, FAST_OPEN = 0, 1, 2, 3, 4, 5, 8, 34
FAST_OPEN_MARK = b"\xf9\x89"
MOST_SHIFT = 14
_LABELS = {
    END: said("End of options"),
    NO_OPERATION: said("No operation"),
    MSS: said("Maximum segment size"),
    WINDOW_SCALE: said("Window scale"),
    SACK_PERMITTED: said("SACK permitted"),
    SACK: "SACK",
    TIMESTAMPS: said("Timestamps"),
    FAST_OPEN: said("Fast open"),
    253: said("Experiment"),
    254: said("Experiment"),
}
_MEANINGS = {
    END: said("nothing behind it counts"),
    NO_OPERATION: said("fills up to words of 4 bytes"),
    MSS: said("the most data that I take in one segment"),
    WINDOW_SCALE: said("multiply my later windows by a power of two"),
    SACK_PERMITTED: said("you may tell me of gaps (RFC 2018)"),
    SACK: said("blocks that have arrived behind a gap"),
    TIMESTAMPS: said("my clock, and yours as I last saw it (RFC 7323)"),
    FAST_OPEN: said("data may come with the SYN (RFC 7413)"),
}


_words = option_words(_LABELS)
_PADDING, _VALUE, _SHIFT, _REST = said("Padding"), said("Value"), said("Shift"), said("Rest of a block")
_CUT_SHORT, _MALFORMED_LABEL, _COOKIE = said("Cut short"), said("Malformed option"), said("Fast open cookie")
_LENGTH_LABEL, _LENGTH = said("Length"), said("bytes of this option, kind and length among them")
_WRONG_LENGTH = said("a length that is too small, or more than there is")
_LEFT, _FIRST_BYTE = said("Left edge"), said("first byte of a block that has arrived")
_RIGHT, _BYTE_BEHIND = said("Right edge"), said("the byte behind that block")
_TIMESTAMP, _MY_CLOCK = said("Timestamp value"), said("my clock")
_ECHO, _YOUR_CLOCK = said("Timestamp echo reply"), said("your clock as I last saw it")
_MARK, _MARK_TEXT = said("Experiment's mark"), said("0xf989 (fast open)")
_COOKIE_MEANING = said("what the server gave this client, so that data may come with the SYN")


def read_options(octets: bytes, at: int, end: int, captured: int) -> list[Field]:
    """The fields of all options between `at` and `end`, where the header says that it ends.

    From an option whose length is wrong on all is one field, and so is what is there of one that is cut short because
    the octets end at `captured`.
    """
    fields: list[Field] = []
    captured = min(captured, end)
    while at < captured:
        kind = octets[at]
        if kind <= NO_OPERATION:
            fields.append(_kind(kind, at))
            at += 1
            if kind == END and at < captured and octets[at] != END:
                fields.append(_field("tcp.options.padding", _PADDING, octets[at:captured].hex(), at, captured - at))
                break
            continue
        length = octets[at + 1] if at + 1 < captured else 0
        if length < 2 or at + length > end:
            fields.append(_malformed(at, captured, kind, length))
            break
        fields.append(_kind(kind, at))
        fields.append(_field("tcp.option_len", _LENGTH_LABEL, str(length), at + 1, 1, length, _LENGTH))
        if length > 2:
            fields += _value(kind, octets[at + 2 : min(at + length, captured)].ljust(length - 2, b"\0"), at + 2)
        at += length
        if fields[-1].name == UNPAIRED:
            break
    return fields if at <= captured else _torn(fields, octets, captured)


def _torn(fields: list[Field], octets: bytes, end: int) -> list[Field]:
    """Those that lie before the end, and what is left of one that does not."""
    kept = [field for field in fields if field.bit_offset + field.bit_length <= end * 8]
    at = (kept[-1].bit_offset + kept[-1].bit_length) // 8
    return [*kept, _field(TORN, _CUT_SHORT, octets[at:end].hex(), at, end - at)]


TORN, MALFORMED, UNPAIRED = "tcp.options.torn", "tcp.options.malformed", "tcp.options.unpaired"


def _kind(kind: int, at: int) -> Field:
    words = _words(kind)
    return Field(
        name="tcp.option_kind",
        label=words.name,
        text=words.kind if kind in _LABELS else str(kind),
        bit_offset=at * 8,
        bit_length=8,
        number=kind,
        meaning=_MEANINGS.get(kind, ""),
    )


def _malformed(at: int, end: int, kind: int, length: int) -> Field:
    text = said("kind {kind}, length {length}", kind=kind, length=length)
    return _field(MALFORMED, _MALFORMED_LABEL, text, at, end - at, kind, _WRONG_LENGTH)


def _value(kind: int, value: bytes, at: int) -> list[Field]:
    number = int.from_bytes(value)
    match kind, len(value):
        case 2, 2:
            return [_field("tcp.options.mss_val", _LABELS[MSS], str(number), at, 2, number, _MEANINGS[MSS])]
        case 3, 1:
            return [_field("tcp.options.wscale.shift", _SHIFT, str(number), at, 1, number, _scaling(number))]
        case 5, _:
            return _sack_blocks(value, at)
        case 8, 8:
            return _timestamps(value, at)
        case 34, _:
            return [_cookie(value, at)]
        case ((253 | 254), octets) if octets >= len(FAST_OPEN_MARK) and value[:2] == FAST_OPEN_MARK:
            mark = _field("tcp.options.experimental.magic_number", _MARK, _MARK_TEXT, at, 2, 0xF989)
            return [mark, _cookie(value[2:], at + 2)] if octets > len(FAST_OPEN_MARK) else [mark]
    return [_field("tcp.options.unknown", _VALUE, value.hex(), at, len(value))]


@cache
def _scaling(shift: int) -> str:
    factor = 1 << min(shift, MOST_SHIFT)
    return said("multiply my later windows by {factor}, this power of two (RFC 7323)", factor=factor)


def _sack_blocks(value: bytes, at: int) -> list[Field]:
    fields = []
    blocks = len(value) // 8 * 8
    for place in range(0, blocks, 8):
        left, right = int.from_bytes(value[place : place + 4]), int.from_bytes(value[place + 4 : place + 8])
        fields.append(_field("tcp.options.sack_le", _LEFT, str(left), at + place, 4, left, _FIRST_BYTE))
        fields.append(_field("tcp.options.sack_re", _RIGHT, str(right), at + place + 4, 4, right, _BYTE_BEHIND))
    if blocks < len(value):
        rest = value[blocks:]
        fields.append(_field(UNPAIRED, _REST, rest.hex(), at + blocks, len(rest)))
    return fields


def _timestamps(value: bytes, at: int) -> list[Field]:
    mine, echoed = int.from_bytes(value[:4]), int.from_bytes(value[4:])
    return [
        _field("tcp.options.timestamp.tsval", _TIMESTAMP, str(mine), at, 4, mine, _MY_CLOCK),
        _field(
            "tcp.options.timestamp.tsecr",
            _ECHO,
            str(echoed),
            at + 4,
            4,
            echoed,
            _YOUR_CLOCK,
        ),
    ]


def _cookie(value: bytes, at: int) -> Field:
    return _field("tcp.options.tfo.cookie", _COOKIE, value.hex(), at, len(value), None, _COOKIE_MEANING)


def _field(
    name: str, label: str, text: str, at: int, octets: int, number: int | None = None, meaning: str = ""
) -> Field:
    return Field(
        name=name,
        label=label,
        text=text,
        bit_offset=at * 8,
        bit_length=octets * 8,
        number=number,
        meaning=meaning,
    )
