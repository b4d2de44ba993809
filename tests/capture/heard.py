"""What a capture tells, read as a page would read it."""

import json
import re
from typing import Any

from layersviz.capture.events import Event
from layersviz.core.said import encoder


def heard(event: Event) -> dict[str, Any]:
    """As JSON, with the event's name as its kind: 'run_started'."""
    kind = re.sub(r"(?<!^)(?=[A-Z])", "_", type(event).__name__).lower()
    return {"kind": kind, **json.loads(encoder().encode(event))}
