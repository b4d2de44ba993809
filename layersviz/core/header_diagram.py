"""A header as the RFCs draw it, 32 bits to a row: which field's box stands where.

Made of the fields' own bit ranges, so it knows no header in particular; of TCP's and IPv4's flags it knows each bit's
name. Knows nothing of how it is drawn; `static/js/core/inspector-diagram.js` has the same rules for the inspector.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

import msgspec

from layersviz.core.header import Field, Header
from layersviz.core.journey import Journey
from layersviz.core.layer import Layer
from layersviz.core.tcp_segment import SYN

ROW_BITS = 32
_MERGED_ROWS = 3
_BITS_WITH_TEXT = 4
_FLAGS = {
    "tcp.flags": ("AE", "CWR", "ECE", "URG", "ACK", "PSH", "RST", "SYN", "FIN"),
    "ip.flags": ("R", "DF", "MF"),
}
"""Each flag of its own (RFC 9293 section 3.1, RFC 3168, RFC 9768; RFC 791 section 3.1), the first bit first."""
_NARROW = {
    "vlan.dei": "DEI",
    "ieee8021ad.dei": "DEI",
    "ipv6.fraghdr.more": "M",
    "ipv6.fraghdr.reserved_bits": "Res",
    "icmpv6.nd.na.flag.r": "R",
    "icmpv6.nd.na.flag.s": "S",
    "icmpv6.nd.na.flag.o": "O",
}
"""What fields of one or two bits are called, where their name has no room."""
_DRAWN_LAYERS = frozenset({Layer.LINK, Layer.NETWORK, Layer.TRANSPORT})


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """One box: `span` columns of 32 wide, `words` rows high.

    `name` is empty for bits of no field. A field that is cut by a row's end has several boxes: `is_rest` are all but
    the one that has its value.
    """

    span: int
    words: int = 1
    name: str = ""
    value: str = ""
    is_rest: bool = False


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """Boxes of `words` rows of 32 bits from that octet of the header on; `free` columns lie behind its end."""

    offset: int
    words: int
    cells: tuple[Cell, ...]

    @property
    def free(self) -> int:
        return ROW_BITS - sum(cell.span for cell in self.cells)


class Drawn(msgspec.Struct, frozen=True, kw_only=True):
    """A header of a frame, ready to be drawn."""

    frame: int
    frame_name: str
    header: Header
    rows: tuple[Row, ...]


class _Piece(msgspec.Struct, frozen=True):
    """Bits of the header that belong to one field, or to none."""

    field: Field | None
    first: int
    end: int


def first_of_each(journeys: Iterable[Journey]) -> tuple[Drawn, ...]:
    """Every kind of header below the application once, outermost first: the first SYN's, else the first of its kind."""
    told = list(journeys)
    opening = [journey for journey in told if _is_syn(journey)][:1]
    found: dict[str, Drawn] = {}
    for journey in [*opening, *told]:
        for header in journey.headers:
            if header.layer in _DRAWN_LAYERS and not header.quoted and header.fields:
                found.setdefault(header.protocol, _drawn(journey, header))
    return tuple(sorted(found.values(), key=lambda each: (_ORDER[each.header.layer], each.frame)))


_ORDER = {Layer.LINK: 0, Layer.NETWORK: 1, Layer.TRANSPORT: 2}


def _is_syn(journey: Journey) -> bool:
    return any(
        header.protocol == "TCP" and not header.quoted and header.number("tcp.flags") & SYN
        for header in journey.headers
    )


def _drawn(journey: Journey, header: Header) -> Drawn:
    return Drawn(frame=journey.number, frame_name=journey.name, header=header, rows=rows_of(header))


def rows_of(header: Header) -> tuple[Row, ...]:
    """The header's boxes, row by row; bits that no field names are boxes without a name."""
    cells = [placed for piece in _pieces(header) for placed in _cells(piece)]
    rows: list[Row] = []
    for column, cell in cells:
        if column == 0:
            offset = rows[-1].offset + 4 * rows[-1].words if rows else 0
            rows.append(Row(offset=offset, words=cell.words, cells=(cell,)))
        else:
            rows[-1] = msgspec.structs.replace(rows[-1], cells=(*rows[-1].cells, cell))
    return tuple(rows)


def _pieces(header: Header) -> Iterator[_Piece]:
    """Stretches of bits of the same field, the shortest field where several hold them."""
    first, bits = header.octet_offset * 8, header.octet_length * 8
    owners: list[Field | None] = [None] * bits
    for field in sorted(header.fields, key=lambda each: -each.bit_length):
        begin = max(0, field.bit_offset - first)
        end = min(bits, max(begin, field.bit_offset - first + field.bit_length))
        owners[begin:end] = [field] * (end - begin)
    at = 0
    for _, group in groupby(owners, key=id):
        owner, *more = group
        end = at + 1 + len(more)
        yield from _flags(owner, at) if owner is not None and _has_flags(owner) else (_Piece(owner, at, end),)
        at = end


def _has_flags(field: Field) -> bool:
    return len(_FLAGS.get(field.name, ())) == field.bit_length and field.number is not None


def _flags(field: Field, first: int) -> Iterator[_Piece]:
    """A piece for each flag, as if it were a field."""
    for place, name in enumerate(_FLAGS[field.name]):
        bit = (field.number or 0) >> (field.bit_length - 1 - place) & 1
        at = field.bit_offset + place
        flag = Field(name=field.name, label=name, text=str(bit), bit_offset=at, bit_length=1, number=bit)
        yield _Piece(flag, first + place, first + place + 1)


def _cells(piece: _Piece) -> Sequence[tuple[int, Cell]]:
    """The boxes of one piece, each with its column; the widest has the value."""
    spans = list(_spans(piece.first, piece.end))
    widest = max(range(len(spans)), key=lambda place: spans[place][1] * spans[place][2])
    return [
        (column, _cell(piece.field, span, words, is_rest=place != widest))
        for place, (column, span, words) in enumerate(spans)
    ]


def _spans(bit: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Column, columns and rows of each box; many whole rows of one field are one box."""
    while bit < end:
        column = bit % ROW_BITS
        whole = (end - bit) // ROW_BITS if column == 0 else 0
        words = whole if whole >= _MERGED_ROWS else 1
        span = ROW_BITS if words > 1 else min(ROW_BITS - column, end - bit)
        yield column, span, words
        bit += span if words == 1 else words * ROW_BITS


def _cell(field: Field | None, span: int, words: int, *, is_rest: bool) -> Cell:
    if field is None:
        return Cell(span=span, words=words)
    is_narrow = span < _BITS_WITH_TEXT
    name = _NARROW.get(field.name, field.label) if is_narrow else field.label
    value = str(field.number) if is_narrow and field.number is not None else field.text
    return Cell(span=span, words=words, name=name, value="" if is_rest else value, is_rest=is_rest)
