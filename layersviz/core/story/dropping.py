"""Which layer throws a damaged frame away, by the checksums that do not come out."""

from layersviz.core.header import Checksum, ChecksumStatus, Dissection
from layersviz.core.layer import Layer
from layersviz.core.played_run import Source


def dropping_layer(dissection: Dissection, source: Source) -> Layer | None:
    """Where a damaged frame of our own lab ends: there all checksums are true, so a wrong one is damage on the wire.

    In a capture by others a wrong checksum may be one that the sender's card was still to compute.
    """
    if source not in (Source.LAB, Source.SIMULATED):
        return None
    for header in dissection.headers:
        if not header.quoted and is_bad(header.checksum):
            return header.layer
    return None


def is_bad(checksum: Checksum | None) -> bool:
    return checksum is not None and checksum.status is ChecksumStatus.BAD
