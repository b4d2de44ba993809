"""The page of a capture file: its conversations as a list, of which the reader may choose; and the file itself."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

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
from layersviz.recordings.export import PCAPNG, PCAPNG_BEGINS
from layersviz.recordings.keeping import file_name
from layersviz.recordings.models import RecordedConversation, Recording
from layersviz.recordings.reading import Facts
from layersviz.survey.words import course_words
from layersviz.web.capture_words import (
    conversations_text,
    difference,
    ends_of,
    facts_of,
    has_times,
    links_text,
    moment,
    span_text,
    zero_of,
)
from layersviz.web.conversations import address_of
from layersviz.web.reader import for_reader, number
from layersviz.web.recalled import recording_words
from layersviz.web.recorded_room import read_place
from layersviz.web.static import stage_modules

ON_A_PAGE = 50
CAPTURE = "application/vnd.tcpdump.pcap"


def capture(request: HttpRequest, kept: Recording) -> HttpResponse:
    """The list of its conversations; an address that names a frame leads to the conversation that has it."""
    asked = read_place(request.GET)
    holder = holding(kept, asked.frame) if asked.frame is not None else None
    if holder is not None:
        return HttpResponseRedirect(f"{address_of(kept, holder)}?{request.GET.urlencode()}")
    choice = read_choice(request.GET.dict())
    facts = facts_of(kept)
    found = chosen(kept, choice)
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    values = {
        "recording": kept,
        "words": recording_words(kept),
        "asked_frame": asked.frame,
        "choice": choice,
        "facts": facts,
        "links": links_text(facts),
        "frames": number(kept.frame_count),
        "octets": number(facts.octets),
        "earliest": moment(facts.first_ns) if has_times(facts) else None,
        "zero": None if zero_of(facts) == facts.first_ns else moment(zero_of(facts)),
        "lasted": span_text(difference(facts.first_ns, facts.last_ns)) if has_times(facts) else "",
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


def _filters(choice: Choice) -> dict[str, str]:
    given = {"address": choice.address, "port": choice.port, "protocol": choice.protocol, "flag": choice.flag}
    return {name: value for name, value in given.items() if value}


def _row(row: RecordedConversation, facts: Facts) -> dict[str, Any]:
    """One conversation as the list shows it."""
    is_timed = has_times(facts)
    summary = row.summary
    return {
        "number": row.place + 1,
        "address": address_of(row.recording, row.place),
        "protocol": row.protocol,
        "application": row.application,
        "ends": ends_of(row),
        "frames": number(row.frame_count),
        "octets": number(row.octets),
        "began": span_text(difference(zero_of(facts), row.began_ns)) if is_timed else "",
        "lasted": span_text(row.lasted_ns) if is_timed else "",
        "opened": course_words(summary.get("opened") or ""),
        "closed": course_words(summary.get("closed") or ""),
        "flags": summary.get("flags") or [],
        "findings": [
            {"name": plain_words(name), "count": count, "sentence": SENTENCES.get(name, "")}
            for name, count in (summary.get("findings") or {}).items()
        ],
    }


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
