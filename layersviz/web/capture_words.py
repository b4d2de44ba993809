"""What a capture file and its conversations are told in: counts, spans of time, ends, link types.

Knows nothing of pages.
"""

from datetime import UTC, datetime, timedelta

import msgspec
from django.utils import timezone

from layersviz.core.packet import LinkType
from layersviz.core.said import filled, joined, said, said_many
from layersviz.recordings.models import RecordedConversation, Recording
from layersviz.recordings.reading import Facts

LINK_NAMES = {
    LinkType.NULL: "BSD loopback",
    LinkType.ETHERNET: "Ethernet",
    LinkType.RAW: said("raw IP"),
    LinkType.LOOP: "OpenBSD loopback",
    LinkType.LINUX_SLL: "Linux cooked",
    LinkType.IPV4: said("raw IPv4"),
    LinkType.IPV6: said("raw IPv6"),
    LinkType.LINUX_SLL2: "Linux cooked 2",
}
"""The link types whose frames we can take apart; of others all is payload."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


# --- counts and kinds -------------------------------------------------------------------------------------------------


def frames_text(count: int) -> str:
    """'1 frame', '4,512 frames'."""
    return said_many("{count:,} frame", "{count:,} frames", count)


def conversations_text(count: int) -> str:
    return said_many("{count:,} conversation", "{count:,} conversations", count)


def links_text(facts: Facts) -> str:
    """'Ethernet'; with how many frames where there are several."""
    counts = sorted(facts.link_types.items())
    if len(counts) == 1:
        return _link_name(counts[0][0])
    return joined(
        "; ", [said("{link} ({frames})", link=_link_name(kind), frames=frames_text(count)) for kind, count in counts]
    )


def _link_name(kind: int) -> str:
    known = {int(each): name for each, name in LINK_NAMES.items()}
    return known.get(kind) or said("link type {kind}, not known here: its frames are payload", kind=kind)


# --- ends -------------------------------------------------------------------------------------------------------------


def ends_of(row: RecordedConversation) -> list[dict[str, str]]:
    """Both ends, first who spoke first: address and port, and TCP's state at the end of the capture."""
    both = (
        (row.first_address, row.first_port, row.summary["first"]),
        (row.second_address, row.second_port, row.summary["second"]),
    )
    return [
        {
            "address": with_port(address, port),
            "host": host_text(address, port),
            "port": "" if port is None else f":{port}",
            "state": end.get("state") or "",
        }
        for address, port, end in both
    ]


def with_port(address: str, port: int | None) -> str:
    return host_text(address, port) + ("" if port is None else f":{port}")


def host_text(address: str, port: int | None) -> str:
    """The address as it stands before a colon and the port, if there is one."""
    if port is None:
        return address or said("no address")
    return f"[{address}]" if ":" in address else address


# --- times ------------------------------------------------------------------------------------------------------------


def facts_of(kept: Recording) -> Facts:
    """Of a whole capture file, as they were found when it was read."""
    return msgspec.convert(kept.facts or {}, Facts, strict=False)


def has_times(facts: Facts) -> bool:
    """A clock that stood at 0 for every frame has told no time."""
    return facts.first_ns is not None and (facts.first_ns, facts.last_ns) != (0, 0)


def zero_of(facts: Facts) -> int | None:
    """What times are counted from, as in Wireshark: the first frame, be it the earliest or not."""
    return facts.first_ns if facts.zero_ns is None else facts.zero_ns


def difference(first: int | None, last: int | None) -> int | None:
    return None if first is None or last is None else last - first


def moment(time_ns: int | None) -> datetime | None:
    return None if time_ns is None else timezone.localtime(_EPOCH + timedelta(microseconds=time_ns // 1_000))


_SMALL_UNITS = (
    (said("{span:.3g} ns"), 1_000_000_000),
    (said("{span:.3g} µs"), 1_000_000),
    (said("{span:.3g} ms"), 1_000),
)


def span_text(span_ns: int | None) -> str:
    """In the unit that suits it: '40 ns', '435 \u00b5s', '12.3 ms', '4.200 s', '3 min 5 s'."""
    if span_ns is None:
        return ""
    if not span_ns:
        return "0 s"
    seconds = span_ns / 1_000_000_000
    for text, in_a_second in _SMALL_UNITS:
        if abs(seconds) * in_a_second < 999.5:
            return filled(text, span=seconds * in_a_second)
    if abs(seconds) < 60:
        return said("{span:.3f} s", span=seconds)
    minutes, rest = divmod(round(abs(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    sign = "-" if span_ns < 0 else ""
    if hours:
        return said("{sign}{hours:,} h {minutes} min", sign=sign, hours=hours, minutes=minutes)
    return said("{sign}{minutes} min {rest} s", sign=sign, minutes=minutes, rest=rest)
