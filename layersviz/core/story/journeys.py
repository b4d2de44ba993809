"""A told frame as the value that everyone gets: what came off the wire, what the wire did to it, its steps and rows."""

from collections.abc import Callable
from typing import Any

from layersviz.core.checksum import frame_check_sequence
from layersviz.core.journey import Journey, Row, Step
from layersviz.core.story.findings import findings_of
from layersviz.core.story.received import check_sequence_behind
from layersviz.core.story.rows import headings
from layersviz.core.story.scenery import Scenery
from layersviz.core.story.titles import Titles


def journey_of(
    scenery: Scenery,
    named: Titles,
    steps: tuple[Step, ...],
    rows: tuple[Row, ...],
    since_first_us: Callable[[int], float],
) -> Journey:
    """`since_first_us` gives microseconds since the run's first frame for nanoseconds since 1970."""
    frame, dissection = scenery.frame, scenery.dissection
    down, up = headings(scenery, named.name)
    return Journey(
        number=frame.number,
        sender=frame.sender,
        kind=scenery.kind.value,
        name=named.name,
        title=named.clause,
        arrow=named.arrow,
        time_ns=frame.time_ns,
        time_us=since_first_us(frame.time_ns),
        octets=frame.octets.hex(),
        fcs=frame_check_sequence(frame.octets).hex() if scenery.has_bits else "",
        link_type=frame.link_type,
        wire_octets=frame.wire_octets,
        lost=frame.lost,
        findings=findings_of(scenery.judged, named.arrow, repeats=scenery.past.is_known_repeat),
        headers=dissection.headers,
        payload_offset=dissection.payload_offset,
        payload_octets=len(dissection.payload),
        steps=steps,
        rows=rows,
        down_heading=down,
        up_heading=up,
        problem=dissection.problem,
        refused_at=None if frame.lost else scenery.dropped_at,
        arrived_us=since_first_us(frame.arrived_ns) if frame.arrived_ns and not frame.lost else None,
        waits=scenery.past.waits,
        **(_deeds(scenery) if scenery.past.repeat is not None or not scenery.is_plain else {}),
    )


def _deeds(scenery: Scenery) -> dict[str, Any]:
    """What the wire did to the frame, and what it sends again."""
    frame, repeat = scenery.frame, scenery.past.repeat
    return {
        "deed": "" if frame.deed is None else frame.deed.value,
        "flipped_bit": None if scenery.damage is None else frame.flipped_bit,
        "arrived": "" if scenery.came is None else scenery.came.frame.octets.hex(),
        "arrived_fcs": check_sequence_behind(scenery),
        "copy_of": frame.copy_of,
        "held_ms": frame.held_ns / 1e6,
        "repeats": 0 if repeat is None else repeat.before.number,
        "repeats_how": () if repeat is None else tuple(repeat.lines()),
    }
