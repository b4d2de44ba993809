"""Opens a capture, whichever of the formats it is in, and gives its packets one by one.

Knows the formats by what a file begins with, never by its name.
"""

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from layersviz.core.packet import Packet
from layersviz.core.said import said
from layersviz.files.block import SECTION_HEADER as PCAPNG
from layersviz.files.damage import DamagedCaptureError
from layersviz.files.octets import Octets, plain
from layersviz.files.pcap import MAGIC as PCAP
from layersviz.files.pcap import read_pcap
from layersviz.files.pcapng import read_pcapng

MAGIC_OCTETS = 4


class Capture:
    """The packets of one capture, in order, once; one piece of the file is in memory at a time.

    `problem` is one sentence about what is wrong with the file, empty where nothing is. It is known when the packets
    have ended: those before the damage have been given by then.
    """

    def __init__(self, file: BinaryIO) -> None:
        self.problem = ""
        self._file = file
        self._packets = self._read()

    def __iter__(self) -> Iterator[Packet]:
        return self._packets

    def __next__(self) -> Packet:
        return next(self._packets)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._file.close()

    def _read(self) -> Iterator[Packet]:
        try:
            yield from _packets(Octets(self._file.read))
        except DamagedCaptureError as damage:
            self.problem = damage.sentence


def open_capture(source: Path | str | BinaryIO) -> Capture:
    """The capture at a path or in an open binary file: pcap or pcapng, gzipped or not.

    Closing the capture closes the file. Raises OSError where the file can't be opened, and while it is read, where
    the disk fails; whatever stands in the file raises nothing (see `Capture.problem`).
    """
    return Capture(Path(source).open("rb") if isinstance(source, Path | str) else source)


def _packets(octets: Octets) -> Iterator[Packet]:
    octets = plain(octets)
    octets.have(MAGIC_OCTETS)
    magic = octets.buffer[octets.at : octets.at + MAGIC_OCTETS]
    if magic in PCAP:
        return read_pcap(octets)
    if magic == PCAPNG:
        return read_pcapng(octets)
    raise DamagedCaptureError(
        said("This is not a capture: it begins neither as pcap nor as pcapng does.")
        if magic
        else said("The file is empty.")
    )
