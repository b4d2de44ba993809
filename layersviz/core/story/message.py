"""What an application hands to its kernel, and what one reads from it: the HTTP message, compressed and plain."""

from collections.abc import Iterator

from layersviz.core.http_body import Body
from layersviz.core.journey import Line, Mark
from layersviz.core.story.scenery import Scenery


def sent_message(scenery: Scenery) -> Iterator[Line]:
    """What the sending application hands to its kernel."""
    if (http := scenery.http) is not None:
        for field in http.fields:
            yield Line(label=field.label, text=field.text, mark=scenery.origin)
        if (body := scenery.body) is not None:
            yield from _body(body, scenery.origin, ("Plain", "Compressed"))
    elif scenery.data_octets:
        yield Line(label="Data", text=f"{scenery.data_octets} bytes", mark=scenery.origin)
    else:
        yield Line(label="Data", text="none: 0 bytes", mark=Mark.PLAIN)


def received_message(scenery: Scenery) -> Iterator[Line]:
    """What the receiving application reads."""
    if (http := scenery.http) is not None:
        yield Line(label=http.fields[0].label, text=http.fields[0].text, mark=scenery.origin)
        if (body := scenery.body) is not None:
            yield from _body(body, scenery.origin, ("Compressed", "Plain"))
        return
    text = f"{scenery.data_octets} bytes" if scenery.data_octets else "none: 0 bytes"
    yield Line(label="Data", text=text, mark=scenery.origin if scenery.data_octets else Mark.PLAIN)


def _body(body: Body, origin: Mark, order: tuple[str, str]) -> Iterator[Line]:
    if not body.is_compressed:
        yield Line(label="Body", text=f"{len(body.carried)} bytes: {_readable(body.plain)}", mark=origin)
        return
    shown = {
        "Compressed": Line(label="Compressed", text=f"{len(body.carried)} bytes: {body.carried.hex(' ')}", mark=origin),
        "Plain": Line(label="Plain", text=f"{len(body.plain)} bytes: {_readable(body.plain)}", mark=Mark.COMPUTED),
    }
    for name in order:
        yield shown[name]
    yield Line(label="Was gzip worth it?", text=_verdict(len(body.plain), len(body.carried)), mark=Mark.PLAIN)


def _verdict(plain: int, carried: int) -> str:
    if carried > plain:
        return (
            f"No: {plain} bytes became {carried}. For a body as small as this one, gzip's own header and trailer "
            "(18 bytes) weigh more than it saves."
        )
    return f"Yes: {plain} bytes became {carried}."


def _readable(octets: bytes) -> str:
    return octets.decode("utf-8", errors="replace")
