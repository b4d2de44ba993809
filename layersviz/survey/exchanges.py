"""HTTP requests beside their answers, bodies unpacked, everything bounded.

Knows messages that are complete with a packet, not how they were put together.
"""

import re
from collections.abc import Iterable

import msgspec

from layersviz.core.header import Field, Header
from layersviz.core.http_body import Body, decode_body
from layersviz.core.layer import Layer
from layersviz.core.said import in_a_row, said
from layersviz.survey.http_messages import HttpMessage
from layersviz.survey.survey import Surveyed

MOST_EXCHANGES = 100
MOST_BODY_OCTETS = 6_000
MOST_LINES, MOST_LINE = 60, 400
_INTERIM = range(100, 200)
_HEAD_END = re.compile(rb"\n\r?\n")
_NOT_WHOLE = said("The capture does not hold all of this message.")
_UNPRINTABLE = re.compile(r"[^\t\n\r -~\u00a0-\ufffd]")


class Line(msgspec.Struct, frozen=True):
    """One header line."""

    name: str
    value: str


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """A request or an answer: complete with `frame`. `body` is text, as it reads; `note` is one sentence about it."""

    frame: int
    time_ns: int | None
    first_line: str
    lines: tuple[Line, ...]
    body: str
    note: str


class Exchange(msgspec.Struct, frozen=True, kw_only=True):
    """A request and its answer; either may be missing from the capture. `wait_ms` is from one to the other."""

    request: Message | None
    answer: Message | None
    wait_ms: float | None


def exchanges(surveyed: Iterable[Surveyed]) -> tuple[list[Exchange], int]:
    """Of each stream the n-th final answer belongs to the n-th request (RFC 9112 section 9.3.2).

    Gives the first MOST_EXCHANGES of them, and how many there are.
    """
    pairs: list[_Pair] = []
    waiting: dict[int, list[_Pair]] = {}
    for packet in surveyed:
        for message in packet.messages:
            queue = waiting.setdefault(packet.stream.number if packet.stream else -1, [])
            if message.method:
                queue.append(_Pair(request=(packet, message)))
                pairs.append(queue[-1])
            elif message.code in _INTERIM or not message.code:
                continue
            elif queue:
                queue.pop(0).answer = packet, message
            else:
                pairs.append(_Pair(answer=(packet, message)))
    return [_exchange(pair) for pair in pairs[:MOST_EXCHANGES]], len(pairs)


class _Pair(msgspec.Struct):
    request: tuple[Surveyed, HttpMessage] | None = None
    answer: tuple[Surveyed, HttpMessage] | None = None


def _exchange(pair: _Pair) -> Exchange:
    request = None if pair.request is None else _message(*pair.request)
    answer = None if pair.answer is None else _message(*pair.answer)
    return Exchange(request=request, answer=answer, wait_ms=_wait_ms(request, answer))


def _wait_ms(request: Message | None, answer: Message | None) -> float | None:
    if request is None or answer is None or request.time_ns is None or answer.time_ns is None:
        return None
    return (answer.time_ns - request.time_ns) / 1e6


def _message(packet: Surveyed, message: HttpMessage) -> Message:
    head, *behind = _HEAD_END.split(message.octets, maxsplit=1)
    first, *rest = head.decode("latin-1").split("\n")
    lines = tuple(_line(line) for line in rest[:MOST_LINES])
    text, note = _body(lines, behind[0] if behind else b"")
    if not message.whole:
        note = in_a_row(note, _NOT_WHOLE)
    return Message(
        frame=packet.packet.number,
        time_ns=packet.packet.time_ns,
        first_line=_shown(first.strip()),
        lines=lines,
        body=text,
        note=note,
    )


def _line(line: str) -> Line:
    name, _, value = line.partition(":")
    return Line(_shown(name.strip()), _shown(value.strip()))


def _shown(text: str) -> str:
    """Printable, and not too long."""
    text = _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text)
    return text if len(text) <= MOST_LINE else text[:MOST_LINE] + "…"


def _body(lines: tuple[Line, ...], carried: bytes) -> tuple[str, str]:
    """The body as text, and one sentence about it; both are empty where there is none."""
    if not carried:
        return "", ""
    body = decode_body(_header(lines), carried, MOST_BODY_OCTETS)
    text = _text(body)
    if body.is_compressed and not body.problem:
        size = said("{sent:,} bytes as sent, {unpacked:,} bytes unpacked.", sent=len(carried), unpacked=len(body.plain))
    else:
        size = said("{sent:,} bytes as sent.", sent=len(carried))
    return text, in_a_row(size, body.problem, "" if text else said("It is not text."))


def _text(body: Body) -> str:
    """What reads as text; empty where it does not."""
    text = body.plain.decode("utf-8", "replace")
    odd = len(_UNPRINTABLE.findall(text)) + text.count("\N{REPLACEMENT CHARACTER}")
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text) if odd * 10 <= len(text) else ""


def _header(lines: tuple[Line, ...]) -> Header:
    """The lines as the header that bodies are decoded by."""
    named = tuple(
        Field(
            name=f"http.{line.name.lower().replace('-', '_')}",
            label=line.name,
            text=line.value,
            bit_offset=0,
            bit_length=0,
        )
        for line in lines
    )
    return Header(layer=Layer.APPLICATION, protocol="HTTP", octet_offset=0, octet_length=0, fields=named)
