"""A damaged frame as its receiver has it."""

from dataclasses import replace

import msgspec

from layersviz.core.frame import Frame
from layersviz.core.header import Dissection
from layersviz.core.story.damage import Damage, damage_of
from layersviz.core.story.kind import kind_of
from layersviz.core.story.medium import medium_of
from layersviz.core.story.scenery import FCS_OCTETS, Scenery
from layersviz.core.tcp_reading import tcp_header


def damage_in(frame: Frame, sent: Dissection, arrived: Dissection | None) -> Damage | None:
    """The wrong bit; None where there is none. Raises ValueError where `arrived` is missing."""
    if frame.flipped_bit is None or frame.arrived == frame.octets:
        return None
    if arrived is None:
        raise ValueError("A damaged frame is told with the dissection of what came.")
    return damage_of(frame, sent, arrived)


def check_sequence_behind(scenery: Scenery) -> str:
    """The check sequence behind what came, where that is not what was sent."""
    if scenery.came is None or not scenery.came.has_bits:
        return ""
    return scenery.came.check_sequence.to_bytes(FCS_OCTETS, "little").hex()


def as_received(sent: Scenery, arrived: Dissection) -> Scenery:
    """The same with what the receiver has of a damaged frame in `came`."""
    frame = replace(sent.frame, octets=sent.frame.arrived)
    segment = sent.segment if tcp_header(arrived) is not None else None
    came = msgspec.structs.replace(
        sent,
        frame=frame,
        dissection=arrived,
        kind=kind_of(arrived, segment),
        medium=medium_of(frame, arrived),
        segment=segment,
        sent_crc=sent.crc if sent.frame.at_card else None,
    )
    return msgspec.structs.replace(sent, came=came)
