"""A file's octets in their order, read in large pieces, and what is gzipped inside them.

Knows nothing of captures. Holds one piece, or as much more as is asked for at once, however long the file is.
"""

from collections.abc import Callable

from layersviz.files.gunzip import MAGIC, Gunzip

PIECE = 1 << 18

Read = Callable[[int], bytes]


class Octets:
    """What has been read and not been taken yet is `buffer` from `at` on: whoever takes some moves `at`.

    `before` octets of the file came before those of the buffer.
    """

    __slots__ = ("_read", "at", "before", "buffer")

    def __init__(self, read: Read) -> None:
        self._read = read
        self.buffer = b""
        self.at = 0
        self.before = 0

    @property
    def left(self) -> int:
        """How many octets lie in the buffer."""
        return len(self.buffer) - self.at

    def have(self, count: int) -> bool:
        """Read until `count` octets lie in the buffer; False where the file ends before.

        Raises DamagedCaptureError where a gzip can't be read on, each time; what came before is in the buffer.
        """
        missing = count - self.left
        if missing <= 0:
            return True
        pieces = [self.buffer[self.at :]]
        try:
            while missing > 0 and (piece := self._read(PIECE)):
                pieces.append(piece)
                missing -= len(piece)
        finally:
            self.before += self.at
            self.buffer, self.at = b"".join(pieces), 0
        return missing <= 0

    def skip(self, count: int) -> bool:
        """Take `count` octets without holding them; False where the file ends before."""
        while count > self.left:
            count -= self.left
            self.before += len(self.buffer)
            self.buffer, self.at = self._read(PIECE), 0
            if not self.buffer:
                return False
        self.at += count
        return True

    def read(self, count: int) -> bytes:
        """Some of what comes next, as a file gives it: at most `count` octets, none at the end."""
        if not self.have(1):
            return b""
        start = self.at
        self.at = min(len(self.buffer), start + count)
        return self.buffer[start : self.at]


def plain(octets: Octets) -> Octets:
    """The same octets, or what is gzipped in them where they begin as gzip; the name of a file may lie."""
    octets.have(len(MAGIC))
    return Octets(Gunzip(octets.read).read) if octets.buffer.startswith(MAGIC) else octets
