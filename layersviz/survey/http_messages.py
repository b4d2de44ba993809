"""HTTP/1.x messages over the segments of TCP streams (RFC 9112): where each begins, and which segment completes it.

Knows which segments Wireshark gives to HTTP, and how much it waits for. Memory is bounded for each direction.
"""

import re

import msgspec

from layersviz.core.tcp_findings import OUT_OF_ORDER, RETRANSMISSION, SPURIOUS_RETRANSMISSION
from layersviz.core.tcp_segment import FIN, HALF, MASK, RST, SYN, TcpSegment
from layersviz.survey.http_ports import is_http

MOST_OCTETS = 4_000_000
_METHODS = frozenset(
    (
        b"GET HEAD POST PUT DELETE OPTIONS TRACE CONNECT PATCH LINK UNLINK PROPFIND PROPPATCH MKCOL COPY MOVE LOCK "
        b"UNLOCK POLL SEARCH BCOPY BMOVE BDELETE BPROPFIND BPROPPATCH NOTIFY SUBSCRIBE UNSUBSCRIBE M-SEARCH REPORT "
        b"CHECKOUT CHECKIN UNCHECKOUT MKACTIVITY MERGE LABEL UPDATE MKWORKSPACE BASELINE-CONTROL VERSION-CONTROL ACL "
        b"ICY SOURCE RPC_CONNECT RPC_IN_DATA RPC_OUT_DATA BITS_POST CCM_POST"
    ).split()
)
_BODILESS = frozenset({204, 304})


class HttpMessage(msgspec.Struct, frozen=True):
    """A complete message: a request with `method` and `uri`, or an answer with its `code`.

    `octets` are all of it; where the capture left some out it is not `whole`, and they are what it holds of a segment.
    """

    method: str = ""
    uri: str = ""
    code: int = 0
    octets: bytes = b""
    whole: bool = True


class _Direction(msgspec.Struct):
    """What one end sent and nobody has read yet; `expected` is the sequence number behind it, -1 where none is."""

    buffer: bytearray = msgspec.field(default_factory=bytearray)
    expected: int = -1
    wanted: int = 0
    until_end: bool = False
    pieces: dict[int, bytes] = {}

    def append(self, data: bytes) -> None:
        self.buffer += data
        self.expected = (self.expected + len(data)) & MASK

    def forget(self) -> None:
        self.buffer.clear()
        self.pieces.clear()
        self.wanted, self.until_end = 0, False


class _Stream(msgspec.Struct):
    is_http: bool | None = None
    directions: tuple[_Direction, _Direction] = msgspec.field(default_factory=lambda: (_Direction(), _Direction()))
    methods: list[str] = msgspec.field(default_factory=list)


class HttpStreams:
    """All TCP streams of one capture, as far as they carry HTTP."""

    def __init__(self) -> None:
        self._streams: dict[int, _Stream] = {}

    def feed(
        self, number: int, direction: int, ports: tuple[int, int], segment: TcpSegment, findings: int, data: bytes
    ) -> tuple[HttpMessage, ...]:
        """The messages that this segment completes; `data` is what the capture kept of what it carries."""
        if segment.flags & RST or not (segment.length or segment.flags & FIN):
            return ()
        stream = self._streams.get(number)
        if stream is None:
            stream = self._streams[number] = _Stream(is_http=is_http(ports))
        if stream.is_http is False:
            return ()
        if findings & RETRANSMISSION and not _fills_gap(stream.directions[direction], segment, findings):
            return ()
        is_news = not findings & OUT_OF_ORDER
        if stream.is_http is None:
            if not is_news or not looks_like_http(data):
                return ()
            stream.is_http = True
        return _read(stream, direction, segment, data, is_news=is_news)


def looks_like_http(data: bytes) -> bool:
    """Whether the first line ends in a version, or begins with one."""
    line = bytes(data).split(b"\r\n", 1)[0]
    return line.startswith(b"HTTP/1.") or b" HTTP/1." in line[-10:]


def _fills_gap(waiting: _Direction, segment: TcpSegment, findings: int) -> bool:
    """Whether just these octets are missing, and others behind them have come. Spurious ones Wireshark doesn't read."""
    return bool(waiting.pieces) and segment.sequence == waiting.expected and not findings & SPURIOUS_RETRANSMISSION


def _read(
    stream: _Stream, direction: int, segment: TcpSegment, data: bytes, *, is_news: bool
) -> tuple[HttpMessage, ...]:
    """What is complete now. A segment that did not come in order only fills a gap: Wireshark reads nothing at it."""
    waiting = stream.directions[direction]
    sequence = (segment.sequence + (1 if segment.flags & SYN else 0)) & MASK
    if len(data) < segment.length or len(waiting.buffer) + len(waiting.pieces) * 1_000 > MOST_OCTETS:
        waiting.forget()
        waiting.expected = (sequence + segment.length) & MASK
        message = _first_line(data.split(b"\n", 1)[0].rstrip(b"\r")) if is_news else None
        return () if message is None else (msgspec.structs.replace(message, octets=data, whole=False),)
    _place(waiting, sequence, data, is_news=is_news)
    if is_news:
        return tuple(_complete(stream, waiting, ended=bool(segment.flags & FIN)))
    if waiting.wanted and len(waiting.buffer) >= waiting.wanted:
        del waiting.buffer[: waiting.wanted]
        waiting.wanted = 0
    return ()


def _place(waiting: _Direction, sequence: int, data: bytes, *, is_news: bool) -> None:
    """Put data where it belongs: behind what waits, or apart from it while a gap is between."""
    start = (waiting.expected - len(waiting.buffer)) & MASK
    distance = (sequence - waiting.expected) & MASK
    if waiting.expected < 0 or (distance and not _belongs(waiting, (sequence - start) & MASK)):
        if not is_news:
            return
        waiting.forget()
        waiting.expected = sequence
    elif 0 < distance < HALF:
        waiting.pieces[sequence] = data
        return
    overlap = (waiting.expected - sequence) & MASK
    waiting.append(data[overlap:])
    while waiting.pieces and (piece := waiting.pieces.pop(waiting.expected, None)) is not None:
        waiting.append(piece)


def _belongs(waiting: _Direction, offset: int) -> bool:
    """Whether an offset lies in the message that is awaited, where its length is known."""
    return offset < waiting.wanted


def _complete(stream: _Stream, waiting: _Direction, *, ended: bool) -> list[HttpMessage]:
    found: list[HttpMessage] = []
    while waiting.buffer and len(waiting.buffer) >= waiting.wanted:
        while waiting.buffer[:2] == b"\r\n":
            del waiting.buffer[:2]
        head = _head(waiting.buffer)
        if head is None:
            waiting.buffer.clear()
            break
        if head.octets == 0:
            break
        end = head.octets + _body_octets(head, waiting, stream)
        if end > len(waiting.buffer) and not (ended and waiting.until_end):
            break
        found.append(msgspec.structs.replace(head.message, octets=bytes(waiting.buffer[:end])))
        if head.message.method:
            stream.methods.append(head.message.method)
        elif stream.methods and head.message.code >= 200:
            stream.methods.pop(0)
        del waiting.buffer[:end]
        waiting.wanted, waiting.until_end = 0, False
    return found


class _Head(msgspec.Struct):
    """A message's first line and headers; no octets where they have not all come."""

    message: HttpMessage
    octets: int
    headers: dict[bytes, bytes]


def _head(buffer: bytearray) -> _Head | None:
    """The head that the buffer begins with; None where it begins with none."""
    first_end = buffer.find(b"\n")
    line = bytes(buffer[:first_end] if first_end >= 0 else buffer).rstrip(b"\r")
    message = _first_line(line)
    if first_end < 0:
        return _Head(HttpMessage(), 0, {}) if _may_begin(line) else None
    if message is None:
        return None
    end = re.search(rb"\n\r?\n", buffer)
    if end is None:
        return _Head(message, 0, {})
    headers = {}
    for each in bytes(buffer[first_end + 1 : end.start()]).split(b"\n"):
        name, _, value = each.partition(b":")
        headers[name.strip().lower()] = value.strip()
    return _Head(message, end.end(), headers)


def _may_begin(line: bytes) -> bool:
    """Whether this may become the first line of a message: the rest of a message that was missed may not."""
    word, space, _ = line.partition(b" ")
    if word.startswith(b"HTTP/"):
        return True
    return word in _METHODS if space else any(each.startswith(word) for each in (*_METHODS, b"HTTP/"))


def _first_line(line: bytes) -> HttpMessage | None:
    words = line.split(b" ", 2)
    if line[:5] == b"HTTP/":
        code = words[1][:3] if len(words) > 1 else b""
        return HttpMessage(code=int(code) if len(code) == 3 and code.isdigit() else 0)
    if len(words) < 2 or words[0] not in _METHODS:
        return None
    return HttpMessage(method=words[0].decode("latin-1"), uri=words[1].partition(b"\0")[0].decode("ascii", "replace"))


def _body_octets(head: _Head, waiting: _Direction, stream: _Stream) -> int:
    """How long the body is; one octet more than there is where its end has not come."""
    answer = not head.message.method
    if answer and (head.message.code < 200 or head.message.code in _BODILESS or stream.methods[:1] == ["HEAD"]):
        return 0
    available = len(waiting.buffer) - head.octets
    if head.headers.get(b"transfer-encoding", b"").lower().startswith(b"chunked"):
        return _chunked_octets(waiting.buffer, head.octets)
    length = head.headers.get(b"content-length", b"")
    if length.isdigit():
        waiting.wanted = head.octets + int(length)
        return int(length)
    if not answer or stream.methods[:1] == ["CONNECT"]:
        return 0
    waiting.until_end = True
    return available + 1


def _chunked_octets(buffer: bytearray, start: int) -> int:
    """How long a chunked body is (RFC 9112 section 7.1)."""
    at = start
    missing = len(buffer) - start + 1
    while True:
        end = buffer.find(b"\r\n", at)
        if end < 0:
            return missing
        size = bytes(buffer[at:end]).split(b";")[0].strip()
        try:
            octets = int(size, 16)
        except ValueError:
            return len(buffer) - start
        if octets == 0:
            behind = buffer.find(b"\r\n", end + 2)
            return missing if behind < 0 else behind + 2 - start
        at = end + 2 + octets + 2
        if at > len(buffer):
            return missing
