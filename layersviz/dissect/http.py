"""The head of an HTTP/1.x message (RFC 9112) that begins a segment: its first line and header lines as fields."""

import re

from layersviz.core.header import Field
from layersviz.core.layer import Layer
from layersviz.core.said import said
from layersviz.dissect.reader import Reader

_REQUEST = re.compile(rb"[A-Z]{3,16} [^ \r\n]+ HTTP/1\.[01]$")
_ANSWER = re.compile(rb"HTTP/1\.[01] [0-9]{3}( |$)")
_REQUEST_LINE, _STATUS_LINE = said("Request line"), said("Status line")
_ASKED, _HOW_IT_WENT = said("what is asked for"), said("how it went")


def dissect_http(reader: Reader, start: int) -> None:
    """The message head from octet `start`, if there is one and it ends in this segment."""
    is_cut = start < reader.end < reader.wire_end
    first_line = reader.octets[start : reader.octets.find(b"\r\n", start, reader.end)]
    request = _REQUEST.match(first_line) is not None
    if not request and _ANSWER.match(first_line) is None:
        return
    if is_cut:
        reader.ends_inside("HTTP", said("the {protocol} message", protocol="HTTP"), reader.wire_end)
    end = reader.octets.find(b"\r\n\r\n", start, reader.end)
    if end < 0:
        return
    lines = reader.octets[start:end].split(b"\r\n")
    fields, at = [], start
    for index, line in enumerate(lines):
        fields.append(_first(line, at, request) if index == 0 else _header_line(line, at))
        at += len(line) + 2
    reader.add(Layer.APPLICATION, "HTTP", start, end + 4 - start, tuple(fields))


def _first(line: bytes, at: int, request: bool) -> Field:
    return Field(
        name="http.request.line" if request else "http.response.line",
        label=_REQUEST_LINE if request else _STATUS_LINE,
        text=line.decode("latin-1"),
        bit_offset=at * 8,
        bit_length=(len(line) + 2) * 8,
        meaning=_ASKED if request else _HOW_IT_WENT,
    )


def _header_line(line: bytes, at: int) -> Field:
    name, _, value = line.partition(b":")
    return Field(
        name=f"http.{name.decode('latin-1').strip().lower().replace('-', '_')}",
        label=name.decode("latin-1").strip(),
        text=value.decode("latin-1").strip(),
        bit_offset=at * 8,
        bit_length=(len(line) + 2) * 8,
    )
