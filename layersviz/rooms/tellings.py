"""What a room's owner tells the web processes, and what these ask it.

A layer between them may lose messages: what is told is numbered, and `Alive` says the last number. Knows nothing of
what the texts mean.
"""

import msgspec

from layersviz.rooms.messages.from_browser import PresenterMessage, Reply
from layersviz.rooms.messages.values import Person
from layersviz.rooms.tongues import Texts
from layersviz.rooms.viewer import Role

# --- what the owner tells -------------------------------------------------------------------------------------------


class _Telling(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind"):
    pass


class Moved(_Telling, frozen=True, kw_only=True, tag="moved"):
    """A delta with the room's number."""

    seq: int
    texts: Texts


class Whole(_Telling, frozen=True, kw_only=True, tag="whole"):
    """The snapshot of that number: an owner has just begun, or somebody missed something."""

    seq: int
    texts: Texts


class Alive(_Telling, frozen=True, kw_only=True, tag="alive"):
    """Every second."""

    seq: int


class Answered(_Telling, frozen=True, kw_only=True, tag="answered"):
    """To one window, by the name that it has pressed under."""

    window: str
    texts: Texts


class Attended(_Telling, frozen=True, kw_only=True, tag="attended"):
    """To the presenter's windows."""

    text: str


class Counted(_Telling, frozen=True, kw_only=True, tag="counted"):
    """To the presenter's windows: who has answered the question that is open, and what."""

    text: str


class Shown(_Telling, frozen=True, kw_only=True, tag="shown"):
    """To whoever looks at the lab's sockets: what they are now. What is not new is for those who have nothing yet."""

    texts: Texts
    is_new: bool


class Closed(_Telling, frozen=True, kw_only=True, tag="closed"):
    """The class is over."""


Telling = Moved | Whole | Alive | Answered | Attended | Counted | Closed
Showing = Shown | Closed

# --- what a web process asks ----------------------------------------------------------------------------------------


class _Asking(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind"):
    pass


class Pressed(_Asking, frozen=True, kw_only=True, tag="pressed"):
    """A window of the presenter's asks for that, or a student's, whose name is then of the web process's making."""

    window: str
    request: PresenterMessage
    role: Role = Role.PRESENTER


class HandedIn(_Asking, frozen=True, kw_only=True, tag="handed_in"):
    """A student's answer: `window` is as of what is pressed, `person` what tells the students apart, also after a
    reload, `name` what the student wrote."""

    window: str
    person: str
    name: str
    reply: Reply


class WholeWanted(_Asking, frozen=True, kw_only=True, tag="whole_wanted"):
    """This process has just begun to show the room, or missed something."""


class LookWanted(_Asking, frozen=True, kw_only=True, tag="look_wanted"):
    """Somebody looks at the lab's sockets. `anew`: tell them also where nothing has changed."""

    anew: bool


class PortWanted(_Asking, frozen=True, kw_only=True, tag="port_wanted"):
    """A presenter tries whether the lab's server gets that port, with the right to privileged ones or without."""

    port: int
    right: bool


class Here(_Asking, frozen=True, kw_only=True, tag="here"):
    """Who looks at the room by this web process: said again every second or two, and gone when it is not."""

    process: str
    windows: frozenset[str]
    languages: frozenset[str]
    following: int
    roaming: int
    projectors: int
    people: tuple[Person, ...]


Asking = Pressed | HandedIn | WholeWanted | LookWanted | PortWanted | Here
