"""Copies a capture file in plain form, so that its packets can be read again from where they lie.

Knows gzip, not captures.
"""

from typing import BinaryIO

from layersviz.core.said import said
from layersviz.files.damage import DamagedCaptureError
from layersviz.files.octets import PIECE, Octets, plain


def plain_copy(source: BinaryIO, target: BinaryIO, most_octets: int) -> str:
    """Copy what `source` holds, or what it unpacks to where it is gzipped: at most so many octets.

    Gives one sentence where that is not all of it, else nothing; what came before the damage or the limit is in
    `target`. Neither file is closed. Raises OSError where a disk fails or is full.
    """
    left = most_octets
    try:
        octets = plain(Octets(source.read))
        while piece := octets.read(PIECE):
            target.write(piece[:left])
            left -= len(piece)
            if left < 0:
                return said(
                    "The file has more than {most:,} octets, unpacked: those behind them were left out.",
                    most=most_octets,
                )
    except DamagedCaptureError as damage:
        return damage.sentence
    return ""
