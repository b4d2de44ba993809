"""Journeys as a room sees them: a number, and steps with times."""

import json
from typing import Any

import msgspec

STEP_MS = 1000
REST_MS = 600
STEPS = 3
FRAME_MS = STEPS * STEP_MS


def journey(number: int) -> msgspec.Raw:
    """The frame with that number: three steps of a second each, which move for 600 ms and then rest."""
    first_ms = (number - 1) * FRAME_MS
    steps = [step(first_ms + index * STEP_MS) for index in range(STEPS)]
    return msgspec.Raw(json.dumps({"number": number, "name": f"frame {number}", "steps": steps}).encode())


def step(start_ms: int) -> dict[str, Any]:
    return {"title": "a step", "start_ms": start_ms, "rest_ms": start_ms + REST_MS, "end_ms": start_ms + STEP_MS}
