"""How a room's owner and the web processes speak across the channel layer, in one place.

Two groups for each room: what the owner tells goes to every web process that shows the room, what these ask goes to the
owner, whichever worker that is. A layer may lose messages: what is told is numbered, and `Alive` says the last number.
Knows nothing of what the texts mean. The layer is Channels' own; only the few calls that are used are named here.
"""

import logging
from collections.abc import AsyncGenerator
from typing import Any, Generic, Protocol, TypeVar

import msgspec

from layersviz.rooms.messages import Person, PresenterMessage, Reply
from layersviz.rooms.viewer import Role

logger = logging.getLogger(__name__)

Texts = dict[str, str]
"""One message to browsers, as JSON in each language that somebody reads."""


class ChannelLayer(Protocol):
    """What is used of a channel layer."""

    async def receive(self, channel: str) -> dict[str, Any]: ...

    async def new_channel(self) -> str: ...

    async def group_add(self, group: str, channel: str) -> None: ...

    async def group_discard(self, group: str, channel: str) -> None: ...

    async def group_send(self, group: str, message: dict[str, Any]) -> None: ...


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

# --- across the layer -----------------------------------------------------------------------------------------------

_LOOK = "rooms.look"
_encoder = msgspec.msgpack.Encoder()
Said = TypeVar("Said")


def told_group(code: str) -> str:
    return f"room.{code}.told"


def asked_group(code: str) -> str:
    return f"room.{code}.asked"


def looked_group(code: str) -> str:
    return f"room.{code}.looked"


async def tell(layer: ChannelLayer, code: str, telling: Telling) -> None:
    await _send(layer, told_group(code), telling)


async def show(layer: ChannelLayer, code: str, showing: Showing) -> None:
    """To those alone who look at the lab's sockets."""
    await _send(layer, looked_group(code), showing)


async def ask(layer: ChannelLayer, code: str, asking: Asking) -> bool:
    """False where it could not be sent."""
    return await _send(layer, asked_group(code), asking)


async def tell_workers_to_look(layer: ChannelLayer) -> None:
    """A room was opened or closed: the workers need not wait until they look by themselves."""
    await _send(layer, _LOOK, None)


async def _send(layer: ChannelLayer, group: str, message: Telling | Showing | Asking | None) -> bool:
    try:
        body = _encoder.encode(message)
    except (OverflowError, TypeError, ValueError):
        logger.exception("A message to %s can't be written", group)
        return False
    try:
        await layer.group_send(group, {"type": "room", "body": body})
    except Exception as error:  # whatever the layer's connection raises: what was lost is noticed by its number
        logger.warning("The channel layer is out of reach: %s", error)
        return False
    return True


class Feed(Generic[Said]):
    """One member of a group: from `join` on it misses nothing that the layer doesn't lose."""

    def __init__(self, layer: ChannelLayer, group: str, kind: Any) -> None:
        self._layer = layer
        self._group = group
        self._decoder = msgspec.msgpack.Decoder(kind)
        self._channel = ""

    async def join(self) -> None:
        """Raises what the layer raises where it is away; it may be tried again."""
        self._channel = self._channel or await self._layer.new_channel()
        await self._layer.group_add(self._group, self._channel)

    async def try_to_join(self) -> bool:
        """False where the layer is away."""
        try:
            await self.join()
        except Exception as error:  # whatever the layer's connection raises
            logger.warning("The channel layer is out of reach: %s", error)
            return False
        return True

    async def read(self) -> AsyncGenerator[Said]:
        while True:
            yield self._decoder.decode((await self._layer.receive(self._channel))["body"])

    async def leave(self) -> None:
        """A layer that is away forgets the member by itself."""
        if not self._channel:
            return
        try:
            await self._layer.group_discard(self._group, self._channel)
        except Exception as error:  # whatever the layer's connection raises
            logger.warning("The channel layer is out of reach: %s", error)


def told_feed(layer: ChannelLayer, code: str) -> Feed[Telling]:
    return Feed(layer, told_group(code), Telling)


def asked_feed(layer: ChannelLayer, code: str) -> Feed[Asking]:
    return Feed(layer, asked_group(code), Asking)


def looked_feed(layer: ChannelLayer, code: str) -> Feed[Showing]:
    return Feed(layer, looked_group(code), Showing)


class Looks(Feed[None]):
    """Wakes a worker when there is something to look for."""

    def __init__(self, layer: ChannelLayer) -> None:
        super().__init__(layer, _LOOK, None)

    async def read(self) -> AsyncGenerator[None]:
        while True:
            await self._layer.receive(self._channel)
            yield None
