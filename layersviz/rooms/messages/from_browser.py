"""What browsers ask of the server: wishes, in the imperative. Each field has its bounds; what is beyond them, or has a
field that is not named here, is a bad message.
"""

from typing import Annotated, Literal

import msgspec

from layersviz.core.order import HANDSHAKE, Fault, Order
from layersviz.core.playhead import FASTEST, SLOWEST
from layersviz.core.predict import QuestionKind
from layersviz.rooms.messages.values import Cover, Mode, Permission

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
LeadingMessage = Start | LetGo | StopRun | Move | SetRate | ShowCover | OpenRecording | TakeOver | Allow | Questioning
"""What moves the class, or something that it sees."""
PresenterMessage = LeadingMessage | WhichQuestions
StudentPress = Start | LetGo
"""What a student may ask for too, where the presenter allows it."""
BrowserMessage = PresenterMessage | Reply | ViewerMessage
