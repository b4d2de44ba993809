"""The pages of a capture file: its conversations as a list, one of them on the stage, in facts, and as a file."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import msgspec
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from layersviz.core.packet import LinkType
from layersviz.core.said import filled, joined, said, said_many
from layersviz.core.tcp_findings import SENTENCES
from layersviz.recordings.choosing import (
    ORDERS,
    Choice,
    chosen,
    flags_in,
    holding,
    plain_words,
    protocols_in,
    read_choice,
)
from layersviz.recordings.export import PCAPNG, PCAPNG_BEGINS, file_of_conversation
from layersviz.recordings.keeping import file_name
from layersviz.recordings.models import RecordedConversation, Recording
from layersviz.recordings.playing import (
    FOLLOWED_AT_START,
    FOLLOWED_BEFORE,
    WINDOW,
    Window,
    frames_of,
    holds,
    packets_of,
    window_at,
)
from layersviz.recordings.reading import Facts
from layersviz.survey.frame_list import Remembered
from layersviz.survey.report import MOST_FRAMES, report
from layersviz.survey.words import course_words
from layersviz.web.found import of_a_conversation
from layersviz.web.reader import for_reader, number
from layersviz.web.recalled import recording_words
from layersviz.web.recorded_room import read_place
from layersviz.web.showing import own_rooms, ways_to_show
from layersviz.web.state_diagram import draw
from layersviz.web.static import stage_modules

ON_A_PAGE = 50
CAPTURE = "application/vnd.tcpdump.pcap"
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
NO_TIMES = said("The capture has no times for these frames: the clock of the capture stands at 0.")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def capture(request: HttpRequest, kept: Recording) -> HttpResponse:
    """The list of its conversations; an address that names a frame leads to the conversation that has it."""
    asked = read_place(request.GET)
    holder = holding(kept, asked.frame) if asked.frame is not None else None
    if holder is not None:
        return HttpResponseRedirect(f"{_address(kept, holder)}?{request.GET.urlencode()}")
    choice = read_choice(request.GET.dict())
    facts = _read_facts(kept)
    found = chosen(kept, choice)
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    values = {
        "recording": kept,
        "words": recording_words(kept),
        "asked_frame": asked.frame,
        "choice": choice,
        "facts": facts,
        "links": _links(facts),
        "frames": number(kept.frame_count),
        "octets": number(facts.octets),
        "earliest": _moment(facts.first_ns) if _has_times(facts) else None,
        "zero": None if _zero(facts) == facts.first_ns else _moment(_zero(facts)),
        "lasted": span_text(_difference(facts.first_ns, facts.last_ns)) if _has_times(facts) else "",
        "page": page,
        "all": conversations_text(kept.conversations.count()),
        "found": page.paginator.count,
        "rows": [_row(row, facts) for row in page],
        "protocols": protocols_in(kept),
        "flags": flags_in(kept),
        "orders": ORDERS,
        "ahead": stage_modules(),
        "filters": urlencode({**_filters(choice), "sort": choice.order}),
    }
    return render(request, "capture.html", for_reader(values))


def download(kept: Recording) -> FileResponse:
    """The file as it was uploaded, unpacked."""
    file = kept.file.open("rb")
    ending = "pcapng" if file.read(len(PCAPNG_BEGINS)) == PCAPNG_BEGINS else "pcap"
    file.seek(0)
    stem = file_name(kept.name)
    for known in (".gz", ".pcapng", ".pcap", ".cap"):
        stem = stem.removesuffix(known)
    content_type = PCAPNG if ending == "pcapng" else CAPTURE
    return FileResponse(file, as_attachment=True, filename=f"{stem}.{ending}", content_type=content_type)


@require_safe
@cache_control(no_store=True)
@of_a_conversation
def conversation(request: HttpRequest, kept: RecordedConversation) -> HttpResponse:
    """One conversation on a stage of its own, at the frame and step that the address names."""
    asked, frames = read_place(request.GET).frame, frames_of(kept)
    window, stage = window_at(frames, asked or 0), _address(kept.recording, kept.place)
    elsewhere = None
    if asked is not None and not holds(frames, asked):
        elsewhere = holding(kept.recording, asked)
    values = {
        "recording": kept.recording,
        "words": recording_words(kept.recording),
        "conversation": kept,
        "number": kept.place + 1,
        "ends": _ends(kept),
        "stage": stage,
        "facts": reverse("conversation_facts", args=[kept.recording.pk, kept.place + 1]),
        "part": part_of(window),
        "remarks": remarks_of(kept, window),
        "windows": windows_of(frames, window, stage),
        "asked": asked,
        "elsewhere": None if elsewhere is None else f"{_address(kept.recording, elsewhere)}?frame={asked}",
        "diagram": draw(),
        "ways": ways_to_show(own_rooms(request), kept.recording, kept.place + 1),
    }
    return render(request, "conversation.html", for_reader(values))


@require_safe
@cache_control(no_store=True)
@of_a_conversation
def facts(request: HttpRequest, kept: RecordedConversation) -> HttpResponse:
    """What there is to say of it, on a page that needs no script; the stage shows the same below."""
    values = {
        "recording": kept.recording,
        "title": said(
            "Conversation {number} of {recording}",
            number=kept.place + 1,
            recording=recording_words(kept.recording)["name"],
        ),
        "stage": _address(kept.recording, kept.place),
        "conversation": report(packets_of(kept, MOST_FRAMES + 1)),
    }
    return render(request, "conversation_facts.html", for_reader(values))


@require_safe
@cache_control(no_store=True)
@of_a_conversation
def download_conversation(_request: HttpRequest, kept: RecordedConversation) -> FileResponse:
    """It alone as pcapng, with our sentences."""
    name = f"{file_name(kept.recording.name)} ({kept.recording.pk}-{kept.place + 1}).pcapng"
    return FileResponse(file_of_conversation(kept), as_attachment=True, filename=name, content_type=PCAPNG)


def _address(kept: Recording, place: int) -> str:
    return reverse("conversation", args=[kept.pk, place + 1])


def _filters(choice: Choice) -> dict[str, str]:
    given = {"address": choice.address, "port": choice.port, "protocol": choice.protocol, "flag": choice.flag}
    return {name: value for name, value in given.items() if value}


def _row(row: RecordedConversation, facts: Facts) -> dict[str, Any]:
    """One conversation as the list shows it."""
    has_times = _has_times(facts)
    summary = row.summary
    return {
        "number": row.place + 1,
        "address": _address(row.recording, row.place),
        "protocol": row.protocol,
        "application": row.application,
        "ends": _ends(row),
        "frames": number(row.frame_count),
        "octets": number(row.octets),
        "began": span_text(_difference(_zero(facts), row.began_ns)) if has_times else "",
        "lasted": span_text(row.lasted_ns) if has_times else "",
        "opened": course_words(summary.get("opened") or ""),
        "closed": course_words(summary.get("closed") or ""),
        "flags": summary.get("flags") or [],
        "findings": [
            {"name": plain_words(name), "count": count, "sentence": SENTENCES.get(name, "")}
            for name, count in (summary.get("findings") or {}).items()
        ],
    }


def _ends(row: RecordedConversation) -> list[dict[str, str]]:
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


def remarks_of(kept: RecordedConversation, window: Window) -> list[str]:
    """What is to be said of a part that is told without all that was before it, and of frames without times."""
    return list(filter(None, (_remark(window), _timeless(kept))))


def _timeless(kept: RecordedConversation) -> str:
    return "" if kept.began_ns is not None and _has_times(_read_facts(kept.recording)) else NO_TIMES


def part_of(window: Window) -> str:
    return said("Its frames {first:,} to {last:,} of {count:,}", first=window.first, last=window.last, count=window.of)


def _remark(window: Window) -> str:
    """Where the frames before are too many, that not all of them were followed."""
    if window.place <= FOLLOWED_AT_START + FOLLOWED_BEFORE:
        return ""
    return said(
        "Of the {count:,} frames before this part the first {first} and the last {last} were followed:"
        " its states and sums rest on those.",
        count=window.place,
        first=FOLLOWED_AT_START,
        last=FOLLOWED_BEFORE,
    )


def windows_of(frames: list[Remembered], window: Window, stage: str) -> list[dict[str, Any]]:
    """The first, previous, next and last window, where there are such."""
    places = range(0, len(frames), WINDOW)
    now = window.place
    wanted = [
        (said("First"), places[0]),
        (said("Previous"), now - WINDOW),
        (said("Next"), now + WINDOW),
        (said("Last"), places[-1]),
    ]
    return [
        {"name": name, "address": f"{stage}?frame={frames[place].number}"}
        for name, place in wanted
        if place in places and place != now
    ]


def frames_text(count: int) -> str:
    """'1 frame', '4,512 frames'."""
    return said_many("{count:,} frame", "{count:,} frames", count)


def conversations_text(count: int) -> str:
    return said_many("{count:,} conversation", "{count:,} conversations", count)


def _links(facts: Facts) -> str:
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


def _read_facts(kept: Recording) -> Facts:
    return msgspec.convert(kept.facts or {}, Facts, strict=False)


def _has_times(facts: Facts) -> bool:
    """A clock that stood at 0 for every frame has told no time."""
    return facts.first_ns is not None and (facts.first_ns, facts.last_ns) != (0, 0)


def _zero(facts: Facts) -> int | None:
    """What times are counted from, as in Wireshark: the first frame, be it the earliest or not."""
    return facts.first_ns if facts.zero_ns is None else facts.zero_ns


def _difference(first: int | None, last: int | None) -> int | None:
    return None if first is None or last is None else last - first


def _moment(time_ns: int | None) -> datetime | None:
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
