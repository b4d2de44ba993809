"""What the server tells browsers: facts, in the past tense.

Deltas carry the room's `seq`, which grows by one with each: a gap means "ask for the snapshot". What answers one viewer
alone (refused, pong) carries none.
"""

from enum import IntEnum

import msgspec

from layersviz.capture.events import HeldFrame, LabStatus, PortTried
from layersviz.core.ending import Ending, KernelLook
from layersviz.core.journey import Journey
from layersviz.core.playhead import Playhead
from layersviz.rooms.messages.values import (
    Cover,
    GivenReply,
    LabSocket,
    Permission,
    Person,
    Question,
    QuestionOffer,
    Run,
)


class CloseCode(IntEnum):
    """Why the server ended a websocket; each time with a reason in words."""

    BAD_MESSAGE = 4400
    NOT_ALLOWED = 4403
    GONE = 4404
    CLOSED = 4410
    TOO_SLOW = 4408
    TOO_LARGE = 4413
    TOO_MANY = 4429
    FAILED = 4500
    """Not for good: the page comes back."""


class _FromServer(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind"):
    pass


class Snapshot(_FromServer, frozen=True, kw_only=True, tag="snapshot"):
    """All there is to know; the first message on every connection. `now_ms` is the server's clock.

    `leader` is the presenter's window that moves the class, empty before there was one; `presenter_online` is whether
    any window of a presenter is connected. `allowed` is what a student may press.
    """

    seq: int
    now_ms: float
    lab: LabStatus
    run: Run
    playhead: Playhead
    cover: Cover
    leader: str
    presenter_online: bool
    allowed: tuple[Permission, ...] = ()
    question: Question | None = None


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
    journey: Journey
    playhead: Playhead


class HeldMoved(_FromServer, frozen=True, kw_only=True, tag="held_moved"):
    """All frames of the run that faults hold on the wire now."""

    seq: int
    run: int
    held: tuple[HeldFrame, ...]


class RunClosed(_FromServer, frozen=True, kw_only=True, tag="run_closed"):
    """As of `Run`."""

    seq: int
    run: int
    problem: str
    ending: Ending | None = None
    look: KernelLook | None = None


class WaitMoved(_FromServer, frozen=True, kw_only=True, tag="wait_moved"):
    """What the kernels of a run that is over say of it now; None where nobody can ask them any more."""

    seq: int
    run: int
    look: KernelLook | None


class RunKept(_FromServer, frozen=True, kw_only=True, tag="run_kept"):
    """Where the run can be opened again, or why it can't."""

    seq: int
    run: int
    recording: int | None
    not_kept: str


class PlayheadMoved(_FromServer, frozen=True, kw_only=True, tag="playhead_moved"):
    seq: int
    playhead: Playhead


class CoverMoved(_FromServer, frozen=True, kw_only=True, tag="cover_moved"):
    seq: int
    cover: Cover


class LeaderMoved(_FromServer, frozen=True, kw_only=True, tag="leader_moved"):
    """Another window leads, or the presenter has come or gone."""

    seq: int
    leader: str
    presenter_online: bool


class AllowedMoved(_FromServer, frozen=True, kw_only=True, tag="allowed_moved"):
    """All that a student may press from now on."""

    seq: int
    allowed: tuple[Permission, ...]


class QuestionMoved(_FromServer, frozen=True, kw_only=True, tag="question_moved"):
    """The class is asked, more have answered, the answer is shown, or it is over (None). It is also over where another
    run opens."""

    seq: int
    question: Question | None


class Attendance(_FromServer, frozen=True, kw_only=True, tag="attendance"):
    """To the presenter's windows: who is here. `people` are the students, the first few hundred of them."""

    following: int
    roaming: int
    projectors: int
    presenters: int
    people: tuple[Person, ...]


class Replies(_FromServer, frozen=True, kw_only=True, tag="replies"):
    """To the presenter's windows: who has answered what, the last few hundred of them."""

    question: int
    replies: tuple[GivenReply, ...]


class Offered(_FromServer, frozen=True, kw_only=True, tag="offered"):
    """To the presenter's window that wanted to know: what may be asked at that step."""

    frame: int
    step: int
    offers: tuple[QuestionOffer, ...]


class Replied(_FromServer, frozen=True, kw_only=True, tag="replied"):
    """To one student: the answer that counts."""

    question: int
    choice: int


class Interrupted(_FromServer, frozen=True, kw_only=True, tag="interrupted"):
    """To all: the room cannot go on for now, in one sentence. The next snapshot ends it."""

    sentence: str


class Refused(_FromServer, frozen=True, kw_only=True, tag="refused"):
    """To the one viewer who asked: why it is not done, in one sentence."""

    sentence: str


class Pong(_FromServer, frozen=True, kw_only=True, tag="pong"):
    """The answer to a ping: the viewer's clock as it was sent, and the server's."""

    client_ms: float
    now_ms: float


Delta = (
    LabMoved
    | RunOpened
    | FrameAdded
    | HeldMoved
    | RunClosed
    | WaitMoved
    | RunKept
    | PlayheadMoved
    | CoverMoved
    | LeaderMoved
    | AllowedMoved
    | QuestionMoved
)
"""What all viewers get, each with the room's next `seq`."""

ServerMessage = Snapshot | Delta | Attendance | Replies | Offered | Replied | Interrupted | Refused | Pong

# --- to those who look at the lab's sockets ---------------------------------------------------------------------------


class LabSockets(_FromServer, frozen=True, kw_only=True, tag="lab_sockets"):
    """All sockets of the lab's hosts now, as `capture.events.SocketsSeen`. `left_out` counts further ones, `tries` are
    the last tries to bind a port of the server, the latest first."""

    rows: tuple[LabSocket, ...]
    left_out: int
    untold: tuple[str, ...]
    unprivileged_from: int | None
    pid: int
    client_namespace: int
    server_namespace: int
    problem: str
    tries: tuple[PortTried, ...]


LookoutMessage = LabSockets | Interrupted | Refused
