"""Which of a capture's conversations somebody wants to see, and in which order.

Knows nothing of pages: what is asked for are words.
"""

import re
from bisect import bisect_left
from collections.abc import Mapping

import msgspec
from django.db.models import BinaryField, F, Q, QuerySet
from django.db.models.functions import Substr

from layersviz.core.said import said
from layersviz.core.tcp_findings import NAMES
from layersviz.recordings.models import RecordedConversation, Recording
from layersviz.survey.conversations import Conversation
from layersviz.survey.frame_list import RECORD_OCTETS, Remembered, read
from layersviz.survey.words import course_words

ORDERS = {
    "began": said("First frame"),
    "-frames": said("Most frames"),
    "-bytes": said("Most bytes"),
    "-duration": said("Longest"),
}
_COLUMNS = {"began": "place", "frames": "frame_count", "bytes": "octets", "duration": "lasted_ns"}
_PORT = re.compile(r"[0-9]{1,5}", re.ASCII)
_MOST_PORT = 65_535
BAD_PORT = said("A port is a whole number from 0 to 65535.")


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """What a conversation must have: all that is not empty. `order` is one of ORDERS, `problem` one sentence."""

    address: str = ""
    port: str = ""
    protocol: str = ""
    flag: str = ""
    order: str = "began"
    problem: str = ""

    @property
    def is_filtered(self) -> bool:
        return bool(self.address or self.port or self.protocol or self.flag)


class Flag(msgspec.Struct, frozen=True, kw_only=True):
    """A word that a conversation may have: how it is stored, what kind it is, how it is shown."""

    word: str
    group: str
    label: str


def words_of(summary: Conversation) -> str:
    """All words by which a conversation can be found, each between two spaces; none has a space in it."""
    words = [
        *summary.flags,
        *summary.findings,
        *([f"opened:{_joined(summary.opened)}"] if summary.opened else []),
        *([f"closed:{_joined(summary.closed)}"] if summary.closed else []),
        *sorted({f"state:{end.state}" for end in (summary.first, summary.second) if end.state}),
    ]
    return f" {' '.join(words)} " if words else ""


def read_choice(query: Mapping[str, str]) -> Choice:
    """What an address asks for; what can't be meant is said in `problem`."""
    port, order = query.get("port", "").strip(), query.get("sort", "")
    bad_port = bool(port) and not (_PORT.fullmatch(port) and int(port) <= _MOST_PORT)
    return Choice(
        address=query.get("address", "").strip(),
        port=port,
        protocol=query.get("protocol", "").strip(),
        flag=query.get("flag", "").strip(),
        order=order if order.removeprefix("-") in _COLUMNS else "began",
        problem=BAD_PORT if bad_port else "",
    )


def chosen(recording: Recording, choice: Choice) -> QuerySet[RecordedConversation]:
    """The conversations that have all of it, without the lists of their frames."""
    rows = RecordedConversation.objects.filter(recording=recording).defer("frames")
    if choice.problem:
        return rows.none()
    if choice.address:
        rows = rows.filter(Q(first_address__icontains=choice.address) | Q(second_address__icontains=choice.address))
    if choice.port:
        rows = rows.filter(Q(first_port=int(choice.port)) | Q(second_port=int(choice.port)))
    if choice.protocol:
        rows = rows.filter(Q(protocol__iexact=choice.protocol) | Q(application__iexact=choice.protocol))
    if choice.flag:
        rows = rows.filter(flags__contains=f" {choice.flag} ")
    column = F(_COLUMNS[choice.order.removeprefix("-")])
    ordered = column.desc(nulls_last=True) if choice.order.startswith("-") else column.asc(nulls_last=True)
    return rows.order_by(ordered, "place")


def holding(recording: Recording, number: int) -> int | None:
    """The place of the conversation that has the frame of this number."""
    rows = RecordedConversation.objects.filter(recording=recording).values_list("place", "frames")
    return next((place for place, frames in rows.iterator(200) if _has_frame(bytes(frames), number)), None)


def first_frames(recording: Recording, most: int) -> list[Remembered]:
    """The first so many frames of the first conversation; only their part of its list is read."""
    some = Substr("frames", 1, most * RECORD_OCTETS, output_field=BinaryField())
    (listed,) = RecordedConversation.objects.filter(recording=recording, place=0).values_list(some, flat=True) or (b"",)
    return read(bytes(listed))


def protocols_in(recording: Recording) -> list[str]:
    """The protocols and applications that there are in it."""
    pairs = RecordedConversation.objects.filter(recording=recording).order_by().values_list("protocol", "application")
    return sorted({name for pair in pairs.distinct() for name in pair if name}, key=str.lower)


def flags_in(recording: Recording) -> list[Flag]:
    """The flags, findings, openings, closings and states that there are in it, group by group."""
    texts = RecordedConversation.objects.filter(recording=recording).order_by().values_list("flags", flat=True)
    words = {word for text in texts.distinct() for word in text.split()}
    return sorted((_flag(word) for word in words), key=lambda flag: (_GROUPS.index(flag.group), flag.label))


_TCP_FLAGS, _NOTEWORTHY, _STATE = said("TCP flags"), said("Noteworthy"), said("State of an end")
_COURSE = {"opened": said("Opened"), "closed": said("Closed")}
_GROUPS = (_TCP_FLAGS, _NOTEWORTHY, *_COURSE.values(), _STATE)


def _flag(word: str) -> Flag:
    kind, colon, value = word.partition(":")
    if not colon:
        group = _NOTEWORTHY if word in NAMES.values() else _TCP_FLAGS
        return Flag(word=word, group=group, label=plain_words(word))
    group = _COURSE.get(kind, _STATE)
    return Flag(word=word, group=group, label=value if kind == "state" else course_words(plain_words(value)))


def plain_words(word: str) -> str:
    return word.replace("_", " ")


def _joined(text: str) -> str:
    return text.replace(" ", "_")


def _has_frame(frames: bytes, number: int) -> bool:
    numbers = range(0, len(frames), RECORD_OCTETS)
    place = bisect_left(numbers, number, key=lambda at: int.from_bytes(frames[at : at + 4], "little"))
    return place < len(numbers) and int.from_bytes(frames[numbers[place] :][:4], "little") == number
