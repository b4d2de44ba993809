"""Every message between server and browser, defined once. static/js/core/messages.js is generated from here.

Deltas to a browser carry the room's `seq`, which grows by one with each: a gap means "ask for the snapshot". What
answers one viewer alone (refused, pong) carries none.
"""

from enum import IntEnum
from typing import Annotated, Literal

import msgspec

from layersviz.capture.events import JourneyJson, LabStatus
from layersviz.core.host import Hosts
from layersviz.core.played_run import Source
from layersviz.core.playhead import FASTEST, SLOWEST, Playhead


class CloseCode(IntEnum):
    """Why the server ended a websocket; each time with a reason in words."""

    BAD_MESSAGE = 4400
    NOT_ALLOWED = 4403
    GONE = 4404
    TOO_SLOW = 4408
    TOO_LARGE = 4413
    TOO_MANY = 4429


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One run as it is known so far; `number` is 0 and there are no journeys before the first press.

    `problem` is one sentence where it broke off. `recording` is its number where it is kept, `not_kept` one
    sentence why it is not.
    """

    number: int
    source: Source
    hosts: Hosts
    journeys: tuple[JourneyJson, ...] = ()
    ended: bool = True
    problem: str = ""
    recording: int | None = None
    not_kept: str = ""


# --- from the server ------------------------------------------------------------------------------------------------


class _FromServer(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind"):
    pass


class Snapshot(_FromServer, frozen=True, kw_only=True, tag="snapshot"):
    """All there is to know; the first message on every connection. `now_ms` is the server's clock."""

    seq: int
    now_ms: float
    lab: LabStatus
    run: Run
    playhead: Playhead


class LabMoved(_FromServer, frozen=True, kw_only=True, tag="lab_moved"):
    seq: int
    lab: LabStatus


class RunOpened(_FromServer, frozen=True, kw_only=True, tag="run_opened"):
    """A new run has begun; its frames follow. It replaces the one shown."""

    seq: int
    run: Run
    playhead: Playhead


class FrameAdded(_FromServer, frozen=True, kw_only=True, tag="frame_added"):
    """`playhead` is where it is from now on: one that plays to the story's end goes on to the new end."""

    seq: int
    run: int
    journey: JourneyJson
    playhead: Playhead


class RunClosed(_FromServer, frozen=True, kw_only=True, tag="run_closed"):
    seq: int
    run: int
    problem: str


class RunKept(_FromServer, frozen=True, kw_only=True, tag="run_kept"):
    """Where the run can be opened again, or why it can't."""

    seq: int
    run: int
    recording: int | None
    not_kept: str


class PlayheadMoved(_FromServer, frozen=True, kw_only=True, tag="playhead_moved"):
    seq: int
    playhead: Playhead


class Refused(_FromServer, frozen=True, kw_only=True, tag="refused"):
    """To the one viewer who asked: why it is not done, in one sentence."""

    sentence: str


class Pong(_FromServer, frozen=True, kw_only=True, tag="pong"):
    """The answer to a ping: the viewer's clock as it was sent, and the server's."""

    client_ms: float
    now_ms: float


ServerMessage = Snapshot | LabMoved | RunOpened | FrameAdded | RunClosed | RunKept | PlayheadMoved | Refused | Pong

# --- from the browser -----------------------------------------------------------------------------------------------

Milliseconds = Annotated[float, msgspec.Meta(ge=0, le=86_400_000)]
Direction = Literal[-1, 1]


class _FromBrowser(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", forbid_unknown_fields=True):
    pass


class Start(_FromBrowser, frozen=True, kw_only=True, tag="start"):
    """Start a handshake. `cold`: forget the neighbours first, so that ARP is seen."""

    cold: bool = False


class Play(_FromBrowser, frozen=True, kw_only=True, tag="play"):
    pass


class Pause(_FromBrowser, frozen=True, kw_only=True, tag="pause"):
    pass


class MoveStep(_FromBrowser, frozen=True, kw_only=True, tag="move_step"):
    """To the next step (1) or the previous one (-1)."""

    by: Direction


class MoveFrame(_FromBrowser, frozen=True, kw_only=True, tag="move_frame"):
    """To the first step of the next frame (1) or of the previous one (-1)."""

    by: Direction


class Seek(_FromBrowser, frozen=True, kw_only=True, tag="seek"):
    """To an instant on the story's clock; past the end means the end."""

    instant_ms: Milliseconds


class SetRate(_FromBrowser, frozen=True, kw_only=True, tag="set_rate"):
    rate: Annotated[float, msgspec.Meta(ge=SLOWEST, le=FASTEST)]


class Acknowledge(_FromBrowser, frozen=True, kw_only=True, tag="acknowledge"):
    """The highest `seq` that this viewer has applied: it opens the viewer's window again."""

    seq: Annotated[int, msgspec.Meta(ge=0)]


class AskSnapshot(_FromBrowser, frozen=True, kw_only=True, tag="ask_snapshot"):
    """This viewer saw a gap in the numbers."""


class Ping(_FromBrowser, frozen=True, kw_only=True, tag="ping"):
    """`client_ms` is this viewer's clock; the pong carries it back beside the server's."""

    client_ms: float


ViewerMessage = Acknowledge | AskSnapshot | Ping
PresenterMessage = Start | Play | Pause | MoveStep | MoveFrame | Seek | SetRate
BrowserMessage = PresenterMessage | ViewerMessage
