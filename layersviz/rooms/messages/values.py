"""What messages between server and browser carry: the run, a question, a person, and what may be one of a few."""

from enum import StrEnum

import msgspec

from layersviz.capture.events import HeldFrame, Replayed
from layersviz.core.ending import Ending, KernelLook
from layersviz.core.host import Hosts
from layersviz.core.journey import Journey
from layersviz.core.order import PLAIN, Order
from layersviz.core.played_run import Source
from layersviz.core.predict import QuestionKind
from layersviz.core.socket_row import SocketRow
from layersviz.core.timers import Clocks


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One run as it is known so far; `number` is 0 and there are no journeys before the first press.

    `problem` is one sentence where it broke off. `replay`: it was played before, and is shown again. `recording` is its
    number where it is kept, `not_kept` one sentence why it is not. `order` is what was asked for, `clocks` the hosts'
    settings of waiting where they are known, `held` are frames that faults hold on the wire. `ending` is how it ended
    where kernels and programs could be asked, `look` what its kernels said last, None where nobody can ask them now.
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
    ending: Ending | None = None
    look: KernelLook | None = None


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


class LabSocket(msgspec.Struct, frozen=True, kw_only=True):
    """A socket of the lab's hosts. `run` is the run that it talks in, 0 where that is not known; `frame` is the run's
    first with ports, 0 before there is one; `recording` is the run's number where it is kept, None while it is on the
    stage only."""

    row: SocketRow
    run: int = 0
    frame: int = 0
    recording: int | None = None
