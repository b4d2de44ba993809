"""What the lines of both child processes have in common: sentences that can be said in other languages.

`layersviz.lab.orders.Reports` writes them.
"""

from typing import Any, TypeVar

import msgspec

from layersviz.core.said import from_parts


class ChildLine(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind"):
    """`said` has what the line's sentences remember, by their names; the sentences themselves are English."""

    said: dict[str, Any] = {}


Line = TypeVar("Line", bound=ChildLine)


def with_said(line: Line) -> Line:
    """The line with sentences that remember. Raises msgspec.DecodeError where what they remember can't be read."""
    if not line.said:
        return line
    try:
        texts = {name: from_parts(parts) for name, parts in line.said.items()}
        return msgspec.structs.replace(line, said={}, **texts)
    except (ValueError, TypeError, KeyError) as error:
        raise msgspec.DecodeError(f"A sentence of the line can't be read: {error}.") from error
