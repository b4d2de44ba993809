"""What an acknowledgment says with SACK (RFC 2018) and D-SACK (RFC 2883): what is missing, here already, here twice.

Knows relative numbers and their words.
"""

from layersviz.core.said import joined, said
from layersviz.core.story.connection import Segment
from layersviz.core.tcp_segment import HALF

Block = tuple[int, int]
"""Relative numbers: the first, and the one behind the last."""


def twice(segment: Segment) -> Block | None:
    """What D-SACK says: the first block, where it lies at or below the acknowledgment (RFC 2883 section 4)."""
    if not segment.sacks or segment.acknowledgment is None:
        return None
    left, right = segment.sacks[0]
    is_old = right <= segment.acknowledgment or left > HALF
    return (left, right) if is_old else None


def beyond(segment: Segment) -> list[Block]:
    """The blocks above the acknowledgment, the lowest first."""
    number = segment.acknowledgment
    return [] if number is None else sorted({each for each in segment.sacks if number < each[0] < each[1] <= HALF})


def missing(segment: Segment) -> list[Block]:
    """What lies between the acknowledgment and the blocks."""
    gaps, number = [], segment.acknowledgment or 0
    for left, right in beyond(segment):
        if left > number:
            gaps.append((number, left))
        number = max(number, right)
    return gaps


def selected(segment: Segment) -> str:
    """Which bytes are missing, and which are here already."""
    return said(
        "ack {acknowledgment}: still missing: {missing}. SACK says what is here already: {here}.",
        acknowledgment=segment.acknowledgment,
        missing=_listed(missing(segment), segment.other_fin),
        here=_listed(beyond(segment), segment.other_fin),
    )


def came_twice(segment: Segment, block: Block) -> str:
    """What has come a second time."""
    return said(
        "ack {acknowledgment}: what is before it is there. D-SACK says what came a second time: {block}.",
        acknowledgment=segment.acknowledgment,
        block=_listed([block], segment.other_fin),
    )


def _listed(blocks: list[Block], fin: int | None) -> str:
    return joined(", ", [part for block in blocks for part in _parts(block, fin)])


def _parts(block: Block, fin: int | None) -> list[str]:
    """SYN and FIN use a number each, and are no bytes."""
    left, right = block
    parts: list[str] = []
    if left == 0:
        parts.append(said("the SYN (0)"))
        left = 1
    has_fin = fin is not None and left <= fin == right - 1
    behind = right - 1 if has_fin else right
    if behind - left == 1:
        parts.append(said("byte {first}", first=left))
    elif behind > left:
        parts.append(said("bytes {first} to {last}", first=left, last=behind - 1))
    if has_fin:
        parts.append(said("the FIN ({number})", number=fin))
    return parts
