"""Every message between server and browser, defined once. static/js/core/messages.js is generated from here.

Deltas to a browser carry the room's `seq`, which grows by one with each: a gap means "ask for the snapshot". What
answers one viewer alone (refused, pong) carries none.
"""

from enum import IntEnum, StrEnum
from typing import Annotated, Literal

import msgspec

from layersviz.capture.events import HeldFrame, LabStatus, PortTried, Replayed
from layersviz.core.host import Hosts
from layersviz.core.journey import Journey
from layersviz.core.order import HANDSHAKE, PLAIN, Fault, Order
from layersviz.core.played_run import Source
from layersviz.core.playhead import FASTEST, SLOWEST, Playhead
from layersviz.core.predict import QuestionKind
from layersviz.core.socket_row import SocketRow
from layersviz.core.timers import Clocks


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


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One run as it is known so far; `number` is 0 and there are no journeys before the first press.

    `problem` is one sentence where it broke off. `replay`: it was played before, and is shown again. `recording` is its
    number where it is kept, `not_kept` one sentence why it is not. `order` is what was asked for, `clocks` the hosts'
    settings of waiting where they are known, `held` are frames that faults hold on the wire.
    """

    number: int
    source: Source
    hosts: Hosts
    journeys: tuple[Journey, ...] = ()
    ended: bool = True
    problem: str = ""
    recording: int | None = None
    not_kept: str = ""
    replay: Replayed | None = None
    order: Order = PLAIN
    clocks: Clocks | None = None
    held: tuple[HeldFrame, ...] = ()


class Cover(StrEnum):
    """What hides the picture on all screens that follow: nothing, a blank, or how to join the class."""

    NONE = "none"
    BLANK = "blank"
    INVITATION = "invitation"


class Mode(StrEnum):
    """Whether a student's screen shows the class's step, or one of the student's own choice."""

    FOLLOW = "follow"
    ROAM = "roam"


class Permission(StrEnum):
    """What the presenter may allow the class to press: the run of the stage once more, and a held frame's going on."""

    START = "start"
    LET_GO = "let_go"


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """One student, as the presenter sees it. `number` counts the students of a web process, `name` is what the
    student wrote, perhaps nothing. `frame` and `step` are where a roaming one is, 0 where nowhere. `round_trip_ms` is
    the last ping's, None before the first."""

    number: int
    name: str
    mode: Mode
    frame: int
    step: int
    round_trip_ms: float | None


class Spread(msgspec.Struct, frozen=True, kw_only=True):
    """How a class answered: how many chose each, the index of the right choice, and why it is right."""

    right: int
    counts: tuple[int, ...]
    why: str


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What the class is asked at a step of the run, before what lies behind it is shown. `revealed` is None until then:
    before that no message says which choice is right."""

    number: int
    run: int
    frame: int
    step: int
    kind: QuestionKind
    text: str
    choices: tuple[str, ...]
    answered: int
    revealed: Spread | None


class QuestionOffer(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of question, and it in words."""

    kind: QuestionKind
    words: str


class GivenReply(msgspec.Struct, frozen=True, kw_only=True):
    """What one student chose. `number` counts the answers as they came, `name` is what the student wrote, perhaps
    nothing."""

    number: int
    name: str
    choice: int


# --- from the server ------------------------------------------------------------------------------------------------


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


class LabSocket(msgspec.Struct, frozen=True, kw_only=True):
    """A socket of the lab's hosts. `run` is the run that it talks in, 0 where that is not known; `frame` is the run's
    first with ports, 0 before there is one; `recording` is the run's number where it is kept, None while it is on the
    stage only."""

    row: SocketRow
    run: int = 0
    frame: int = 0
    recording: int | None = None


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

# --- from the browser -----------------------------------------------------------------------------------------------

Milliseconds = Annotated[float, msgspec.Meta(ge=0, le=86_400_000)]
Direction = Literal[-1, 1]
LARGEST = 2**53
"""Whole numbers above it are not exact in a browser."""


class _FromBrowser(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", forbid_unknown_fields=True):
    pass


class Start(_FromBrowser, frozen=True, kw_only=True, tag="start"):
    """Play a run: all as in `core.order.Order`."""

    scene: Annotated[str, msgspec.Meta(max_length=40)] = HANDSHAKE
    ipv6: bool = False
    cold: bool = False
    faults: Annotated[tuple[Fault, ...], msgspec.Meta(max_length=100)] = ()
    client_delay_ms: int = 0
    server_delay_ms: int = 0
    server_port: int = 0
    textbook: bool = False

    @property
    def order(self) -> Order:
        return Order(**msgspec.structs.asdict(self))


class LetGo(_FromBrowser, frozen=True, kw_only=True, tag="let_go"):
    """The frame of that number, which a fault holds on the wire, may go on; 0: all of them."""

    held: Annotated[int, msgspec.Meta(ge=0, le=LARGEST)] = 0


class StopRun(_FromBrowser, frozen=True, kw_only=True, tag="stop_run"):
    """Break the run off that is on."""


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


class ShowCover(_FromBrowser, frozen=True, kw_only=True, tag="show_cover"):
    """Hide the picture on all screens that follow, or show it again."""

    cover: Cover


class OpenRecording(_FromBrowser, frozen=True, kw_only=True, tag="open_recording"):
    """Put a recording on the class's stage; of a capture file one conversation, which counts from 1."""

    recording: Annotated[int, msgspec.Meta(ge=1, le=LARGEST)]
    conversation: Annotated[int, msgspec.Meta(ge=1, le=LARGEST)] | None = None


class TakeOver(_FromBrowser, frozen=True, kw_only=True, tag="take_over"):
    """This window of the presenter's is to lead from now on."""


class Allow(_FromBrowser, frozen=True, kw_only=True, tag="allow"):
    """All that a student may press from now on."""

    allowed: Annotated[tuple[Permission, ...], msgspec.Meta(max_length=len(Permission))]


class WhichQuestions(_FromBrowser, frozen=True, kw_only=True, tag="which_questions"):
    """What may be asked at that step? It moves nothing, whichever window leads."""

    frame: Annotated[int, msgspec.Meta(ge=1, le=LARGEST)]
    step: Annotated[int, msgspec.Meta(ge=1, le=LARGEST)]


class AskQuestion(_FromBrowser, frozen=True, kw_only=True, tag="ask_question"):
    """Ask the class at that step of the run: it stays there until the answer has been shown."""

    frame: Annotated[int, msgspec.Meta(ge=1, le=LARGEST)]
    step: Annotated[int, msgspec.Meta(ge=1, le=LARGEST)]
    question: QuestionKind


class Reveal(_FromBrowser, frozen=True, kw_only=True, tag="reveal"):
    """Show what is right, and how the class has answered."""


class CloseQuestion(_FromBrowser, frozen=True, kw_only=True, tag="close_question"):
    """Take the question away, answered or not."""


class Reply(_FromBrowser, frozen=True, kw_only=True, tag="reply"):
    """A student's answer to that question; of a student's answers the first counts. None: which was mine?"""

    question: Annotated[int, msgspec.Meta(ge=0, le=LARGEST)]
    choice: Annotated[int, msgspec.Meta(ge=0, le=7)] | None


class Acknowledge(_FromBrowser, frozen=True, kw_only=True, tag="acknowledge"):
    """The highest `seq` that this viewer has applied: it opens the viewer's window again."""

    seq: Annotated[int, msgspec.Meta(ge=0, le=LARGEST)]


class AskSnapshot(_FromBrowser, frozen=True, kw_only=True, tag="ask_snapshot"):
    """This viewer saw a gap in the numbers."""


class Ping(_FromBrowser, frozen=True, kw_only=True, tag="ping"):
    """`client_ms` is this viewer's clock; the pong carries it back beside the server's. `round_trip_ms` is the last
    one's, as this viewer measured it."""

    client_ms: float
    round_trip_ms: Milliseconds | None = None


class Stand(_FromBrowser, frozen=True, kw_only=True, tag="stand"):
    """How a student's screen stands: `frame` and `step` where it roams, 0 where it is nowhere."""

    mode: Mode
    name: Annotated[str, msgspec.Meta(max_length=40)] = ""
    frame: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] = 0
    step: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] = 0


class Look(_FromBrowser, frozen=True, kw_only=True, tag="look"):
    """This page looks at the lab's sockets; said every few seconds."""


class TryPort(_FromBrowser, frozen=True, kw_only=True, tag="try_port"):
    """A presenter's: try to bind that port on the lab's server, with the `right` to privileged ports or without it."""

    port: Annotated[int, msgspec.Meta(ge=1, le=65_535)]
    right: bool = False


LookerMessage = Look | TryPort
ViewerMessage = Acknowledge | AskSnapshot | Ping | Stand
Move = Play | Pause | MoveStep | MoveFrame | Seek
Questioning = AskQuestion | Reveal | CloseQuestion
PresenterMessage = (
    Start
    | LetGo
    | StopRun
    | Move
    | SetRate
    | ShowCover
    | OpenRecording
    | TakeOver
    | Allow
    | Questioning
    | WhichQuestions
)
StudentPress = Start | LetGo
"""What a student may ask for too, where the presenter allows it."""
BrowserMessage = PresenterMessage | Reply | ViewerMessage
