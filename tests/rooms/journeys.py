"""Journeys as a room sees them: a number, and steps with times."""

from layersviz.core.host import Side
from layersviz.core.journey import Half, Journey, Step
from layersviz.core.layer import Layer

STEP_MS = 1000
REST_MS = 600
STEPS = 3
FRAME_MS = STEPS * STEP_MS


def journey(number: int) -> Journey:
    """The frame with that number: three steps of a second each, which move for 600 ms and then rest."""
    first_ms = (number - 1) * FRAME_MS
    return Journey(
        number=number,
        sender=Side.CLIENT,
        name=f"frame {number}",
        title="a frame",
        arrow="",
        time_ns=0,
        time_us=0.0,
        octets="",
        fcs="",
        headers=(),
        payload_offset=0,
        payload_octets=0,
        steps=tuple(step(index + 1, first_ms + index * STEP_MS) for index in range(STEPS)),
        rows=(),
        down_heading="",
        up_heading="",
    )


def step(number: int, start_ms: int) -> Step:
    return Step(
        number=number,
        half=Half.DOWN,
        side=Side.CLIENT,
        layer=Layer.TRANSPORT,
        title="a step",
        sentence="",
        pdu="",
        parts=(),
        lines=(),
        states=None,
        client_call="",
        server_call="",
        start_ms=start_ms,
        rest_ms=start_ms + REST_MS,
        end_ms=start_ms + STEP_MS,
    )
