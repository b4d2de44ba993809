"""DNS names (RFC 1035 section 4.1.4): labels, and pointers back into the message, which may lead in a circle."""

LABEL, EXTENDED, POINTER = 0, 1, 3
MOST_SHOWN = 255
MOST_LABELS = 20_000
ROOT = "<Root>"
LOOP = "<Name contains a pointer that loops>"
TOO_LONG = "<Name too long>"
UNKNOWN_LABEL = "<Unknown extended label>"
_ESCAPES = {
    7: "\\a",
    8: "\\b",
    9: "\\t",
    10: "\\n",
    11: "\\v",
    12: "\\f",
    13: "\\r",
    ord('"'): '\\"',
}


class EndsInsideError(Exception):
    """The message ends, or a name runs on without end, before the octet at `offset`."""

    def __init__(self, offset: int) -> None:
        super().__init__(offset)
        self.offset = offset


class Names:
    """The names of one message between two octet offsets of a frame.

    All names together may have so many labels: a message whose pointers multiply them is malformed, not slow.
    """

    def __init__(self, octets: bytes, start: int, end: int) -> None:
        self._octets = octets
        self._start = start
        self._end = end
        self._labels = MOST_LABELS

    def read(self, at: int) -> tuple[str, int]:
        """The name at an octet offset as it is shown, and where the octets behind it begin. Raises EndsInsideError."""
        labels: list[bytes] = []
        behind: int | None = None
        passed = 0
        while length := self._octet(at):
            kind = length >> 6
            if kind == POINTER:
                target = self._start + ((length & 0x3F) << 8 | self._octet(at + 1))
                behind = at + 2 if behind is None else behind
                passed += 2
                if target == at or passed >= self._end - self._start:
                    return LOOP, behind
                at = target
                continue
            if kind != LABEL:
                return self._extended(kind, labels), at + 1 if behind is None else behind
            labels.append(self._label(at + 1, length))
            at += 1 + length
            passed += 1 + length
        return _shown(labels), (at + 1 if behind is None else behind)

    def _extended(self, kind: int, labels: list[bytes]) -> str:
        """A label type that was given up (RFC 6891 section 5): nobody can say how long it is."""
        if kind == EXTENDED and labels:
            return UNKNOWN_LABEL
        raise EndsInsideError(self._end + 1)

    def _octet(self, at: int) -> int:
        if at >= self._end:
            raise EndsInsideError(at + 1)
        return self._octets[at]

    def _label(self, at: int, length: int) -> bytes:
        self._labels -= 1
        if at + length > self._end or self._labels < 0:
            raise EndsInsideError(at + length)
        return self._octets[at : at + length]


def _shown(labels: list[bytes]) -> str:
    name = b".".join(labels)
    if not labels:
        return ROOT
    if len(name) >= MOST_SHOWN:
        return TOO_LONG
    text = name.decode("utf-8", "replace")
    if text.isprintable() and '"' not in text:
        return text
    return "".join(_shown_character(character) for character in text)


def _shown_character(character: str) -> str:
    number = ord(character)
    if number in _ESCAPES:
        return _ESCAPES[number]
    if character.isprintable():
        return character
    return f"\\{number:03o}" if number < 0x80 else f"\\u{number:04X}"
