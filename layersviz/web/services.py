"""The services that ports are registered for: what the operating system's database names, and words of our own beside.

The database is a file of lines such as `http 80/tcp www # WorldWideWeb HTTP` (man 5 services). Where a system has none,
what `services_words` knows is all that there is, and `Services.database` is empty: the page says so.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from layersviz.web.services_words import KNOWN, Known

DATABASES = (Path("/etc/services"), Path("C:/Windows/System32/drivers/etc/services"))
_LINE = re.compile(
    r"(?P<name>\S+)\s+(?P<number>[0-9]{1,5})/(?P<protocol>[a-z]+)\s*(?P<aliases>[^#]*)(?:#\s*(?P<remark>.*))?"
)
_SHOWN_PROTOCOLS = ("tcp", "udp", "sctp", "dccp")
LAST_PORT = 65_535


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One name of one port; `remark` is the database's own, `known` our words where there are any."""

    number: int
    name: str
    protocols: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    remark: str = ""
    known: Known | None = None
    is_ours: bool = False
    """Not from the database: it has none of this port."""

    @property
    def called(self) -> str:
        """'TCP, UDP'."""
        return ", ".join(each.upper() for each in self.protocols)


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """`database` is the file's name, empty where the system has none."""

    database: str
    all: tuple[Service, ...]

    @property
    def explained(self) -> int:
        return sum(each.known is not None for each in self.all)


@cache
def services() -> Services:
    """Read once; a file that can't be read counts as none."""
    for path in DATABASES:
        try:
            text = path.read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        return Services(database=str(path), all=explained(read(text)))
    return Services(database="", all=explained(()))


def read(text: str) -> tuple[Service, ...]:
    """The lines of a services database, the protocols of one name and port together. What is no such line is left
    out."""
    found: dict[tuple[int, str], Service] = {}
    for each in _lines(text):
        key = each.number, each.name
        before = found.get(key)
        found[key] = each if before is None else _together(before, each)
    return tuple(sorted(found.values(), key=lambda each: each.number))


def _lines(text: str) -> Iterator[Service]:
    for line in text.splitlines():
        match = _LINE.match(line)
        if match is None or match["protocol"] not in _SHOWN_PROTOCOLS or int(match["number"]) > LAST_PORT:
            continue
        yield Service(
            number=int(match["number"]),
            name=match["name"],
            protocols=(match["protocol"],),
            aliases=tuple(match["aliases"].split()),
            remark=(match["remark"] or "").strip(),
        )


def _together(one: Service, other: Service) -> Service:
    protocols = dict.fromkeys([*one.protocols, *other.protocols])
    return replace(
        one,
        protocols=tuple(each for each in _SHOWN_PROTOCOLS if each in protocols),
        aliases=tuple(dict.fromkeys([*one.aliases, *other.aliases])),
        remark=one.remark or other.remark,
    )


def explained(found: Iterable[Service]) -> tuple[Service, ...]:
    """The services with our words; what the database lacks comes in as ours."""
    all_of_them = list(found)
    for each in KNOWN:
        at = _place_of(each, all_of_them)
        if at is None:
            all_of_them.append(
                Service(number=each.number, name=each.name, protocols=each.protocols, known=each, is_ours=True)
            )
        else:
            all_of_them[at] = replace(all_of_them[at], known=each)
    return tuple(sorted(all_of_them, key=lambda each: each.number))


def _place_of(known: Known, found: list[Service]) -> int | None:
    """The row of that port and protocol: the one of that name, else the first."""
    rows = [
        at
        for at, each in enumerate(found)
        if each.number == known.number and each.known is None and set(each.protocols) & set(known.protocols)
    ]
    named = [at for at in rows if known.name in (found[at].name, *found[at].aliases)]
    return next(iter(named or rows), None)
