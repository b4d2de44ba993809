"""A conversation of a capture file, a window of its frames at a time: who its hosts are, and its story told from there.

Knows nothing of rooms and of pages.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from typing import BinaryIO, cast

import msgspec

from layersviz.core.frame import Frame
from layersviz.core.header import Dissection
from layersviz.core.host import Host, Hosts, Side
from layersviz.core.journey import Journey
from layersviz.core.packet import Packet
from layersviz.core.played_run import Source
from layersviz.core.story import Story
from layersviz.core.tcp_ends import Closing, Opening
from layersviz.core.tcp_segment import ACK, SYN
from layersviz.dissect import dissect
from layersviz.recordings.models import RecordedConversation
from layersviz.survey.conversations import Conversation, ConversationEnd
from layersviz.survey.frame_list import Remembered, packets, read

WINDOW = 40
"""So many frames are told at once: more than a lesson has, few enough to be there at once."""

FOLLOWED_AT_START, FOLLOWED_BEFORE = 50, 200
"""Of the frames before a window so many are followed: the conversation's first, and those just before the window."""

MOST_TOLD = 2_000
"""So many frames of a conversation that is taken along have our sentences with them."""

_LOOKED_AT_FOR_MAC = 20
_GROUP_BIT = 1
_PPPOE_ANSWERS = (0x07, 0x65)
"""Offer and confirmation: the access concentrator sends them (RFC 2516 section 5)."""


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """Frames of a conversation that are told at once; `place` counts from 0 to the first of them, `of` is all."""

    place: int
    frames: Sequence[Remembered]
    of: int

    @property
    def first(self) -> int:
        """Counted from 1 among the conversation's frames."""
        return self.place + 1

    @property
    def last(self) -> int:
        return self.place + len(self.frames)

    @property
    def is_whole(self) -> bool:
        return len(self.frames) == self.of


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """A window, ready to be told: `before` are frames that are only followed, to know how things stand.

    `opening` and `closing` are how the connection began and ended, None where there is none.
    """

    hosts: Hosts
    opening: Opening | None
    closing: Closing | None
    window: Window
    before: list[Frame]
    frames: list[Frame]


def frames_of(conversation: RecordedConversation) -> list[Remembered]:
    return read(bytes(conversation.frames))


def holds(frames: Sequence[Remembered], number: int) -> bool:
    place = bisect_left(frames, number, key=lambda frame: frame.number)
    return place < len(frames) and frames[place].number == number


def window_at(frames: Sequence[Remembered], number: int) -> Window:
    """The window that holds the frame of that number, or else the nearest before it."""
    nearest = max(0, bisect_right(frames, number, key=lambda frame: frame.number) - 1)
    place = nearest // WINDOW * WINDOW
    return Window(place=place, frames=frames[place : place + WINDOW], of=len(frames))


def open_at(conversation: RecordedConversation, number: int) -> Opened:
    """The window with that frame. Raises OSError where the recording's file is gone."""
    frames = frames_of(conversation)
    window = window_at(frames, number)
    before = _followed(frames[: window.place])
    summary = msgspec.convert(conversation.summary, Conversation)
    with closing(conversation.recording.file.open("rb")) as opened:
        file = cast("BinaryIO", opened)
        hosts, first_side = _hosts(summary, frames, packets(file, frames[:_LOOKED_AT_FOR_MAC]))
        return Opened(
            hosts=hosts,
            opening=_opening(summary),
            closing=_closing(summary),
            window=window,
            before=_frames(before, packets(file, before), first_side),
            frames=_frames(window.frames, packets(file, window.frames), first_side),
        )


def packets_of(conversation: RecordedConversation, most: int | None = None) -> list[Packet]:
    """All frames of the conversation with their octets, or the first so many. Raises OSError as above."""
    with closing(conversation.recording.file.open("rb")) as opened:
        return list(packets(cast("BinaryIO", opened), frames_of(conversation)[:most]))


def tell(opened: Opened) -> tuple[Journey, ...]:
    """The journeys of the window's frames."""
    story = Story(hosts=opened.hosts, source=Source.FILE, opening=opened.opening, closing=opened.closing)
    for frame in opened.before:
        story.skip(frame, _dissected(frame))
    return tuple(story.tell(frame, _dissected(frame)) for frame in opened.frames)


def told_packets(conversation: RecordedConversation) -> Iterator[tuple[Packet, Journey | None]]:
    """All frames of the conversation, the first MOST_TOLD with their journeys. Raises OSError as above."""
    frames = frames_of(conversation)
    summary = msgspec.convert(conversation.summary, Conversation)
    with closing(conversation.recording.file.open("rb")) as opened:
        file = cast("BinaryIO", opened)
        hosts, first_side = _hosts(summary, frames, packets(file, frames[:_LOOKED_AT_FOR_MAC]))
        story = Story(hosts=hosts, source=Source.FILE, opening=_opening(summary), closing=_closing(summary))
        for place, (listed, packet) in enumerate(zip(frames, packets(file, frames), strict=True)):
            (frame,) = _frames([listed], [packet], first_side)
            yield packet, story.tell(frame, _dissected(frame)) if place < MOST_TOLD else None


def _opening(summary: Conversation) -> Opening | None:
    return Opening(summary.opened) if summary.opened else None


def _closing(summary: Conversation) -> Closing | None:
    return Closing(summary.closed) if summary.closed else None


def _followed(before: Sequence[Remembered]) -> Sequence[Remembered]:
    if len(before) <= FOLLOWED_AT_START + FOLLOWED_BEFORE:
        return before
    return (*before[:FOLLOWED_AT_START], *before[-FOLLOWED_BEFORE:])


def _dissected(frame: Frame) -> Dissection:
    return dissect(frame.octets, frame.link_type, frame.wire_octets)


def _frames(listed: Sequence[Remembered], read_packets: Iterable[Packet], first_side: Side) -> list[Frame]:
    """The frames as the story wants them. One without a time counts as of 1970."""
    return [
        Frame(
            number=packet.number,
            time_ns=packet.time_ns or 0,
            sender=first_side.other if frame.back else first_side,
            octets=packet.octets,
            link_type=packet.link_type,
            length=packet.length,
        )
        for frame, packet in zip(listed, read_packets, strict=True)
    ]


def _hosts(summary: Conversation, frames: Sequence[Remembered], first: Iterable[Packet]) -> tuple[Hosts, Side]:
    """Both hosts, and the side of the end that was seen first.

    The client is who opened the connection, or spoke first: a SYN/ACK that comes first answers a SYN not seen, and
    PPPoE's offer answers a question that went to everyone.
    """
    macs, first_side = ["", ""], Side.CLIENT
    for place, (frame, packet) in enumerate(zip(frames, first, strict=False)):
        dissection = dissect(packet.octets, packet.link_type, packet.length)
        sender, receiver = _macs(dissection)
        macs[frame.back], macs[not frame.back] = sender or macs[frame.back], macs[not frame.back] or receiver
        if place == 0 and _is_answer(dissection):
            first_side = Side.SERVER
        if all(macs):
            break
    there, back = _host(first_side, summary.first, macs[0]), _host(first_side.other, summary.second, macs[1])
    is_client = first_side is Side.CLIENT
    return Hosts(client=there if is_client else back, server=back if is_client else there), first_side


def _is_answer(dissection: Dissection) -> bool:
    discovery = dissection.header("PPPoE discovery")
    if discovery is not None:
        return discovery.number("pppoe.code") in _PPPOE_ANSWERS
    tcp = dissection.header("TCP")
    return tcp is not None and tcp.number("tcp.flags") & (SYN | ACK) == SYN | ACK


def _macs(dissection: Dissection) -> tuple[str, str]:
    """Sender's and receiver's MAC address: empty where the link has none, and where the frame is for a group."""
    outermost = dissection.headers[0] if dissection.headers else None
    if outermost is None or outermost.field("eth.src") is None:
        return "", ""
    receiver = outermost.text("eth.dst")
    return outermost.text("eth.src"), "" if int(receiver[:2], 16) & _GROUP_BIT else receiver


def _host(side: Side, end: ConversationEnd, mac: str) -> Host:
    return Host(side=side, ip=end.address, mac=mac, port=end.port or 0)
