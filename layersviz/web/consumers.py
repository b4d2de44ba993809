"""The websockets: one viewer each, between the browser and the hub. They carry text and decide nothing of the lesson.

A message that is no message of ours ends its own connection, with a code and a reason, and nothing else.
"""

import asyncio
import re
from typing import Any, ClassVar, Protocol
from urllib.parse import parse_qs

import msgspec
from channels.consumer import get_handler_name
from channels.db import database_sync_to_async
from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer
from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError

from layersviz.core import measures
from layersviz.rooms.clock import server_ms
from layersviz.rooms.hub import Hub
from layersviz.rooms.messages.from_browser import BrowserMessage, LookerMessage, OpenRecording, Start
from layersviz.rooms.messages.from_server import CloseCode, Refused
from layersviz.rooms.solo import SoloHub
from layersviz.rooms.viewer import Role, Viewer
from layersviz.web.access import may_present, may_see_recording, person_of
from layersviz.web.allowance import Allowance
from layersviz.web.codes import read_code
from layersviz.web.courier import Courier
from layersviz.web.embedded import Embedded
from layersviz.web.entering import Entry, enter_by_websocket
from layersviz.web.recorded_room import OpenedRoom, open_conversation, open_recording

MESSAGE_LIMIT_OCTETS = 16 * 1024
MESSAGES, IN_SECONDS = 100, 5.0
ASKED_AGAIN_AFTER_S = 60.0
"""So often an open presenter's page has to show anew that it may present."""

TOO_LARGE = "A message may have 16 KiB."
_TOO_MANY = "Too many messages in a short time."
_NOT_TEXT = "Messages are text, not binary."
_NOT_JSON = "This message is not JSON."
_UNKNOWN = "This is not a message that the server knows."

_CLOSED = "There is no open class of this code."
_GUESSED = "Too many wrong codes were tried from this network: wait a minute."
_NO_LONGER = "You may have signed out meanwhile: this page asks again."
_NOT_PRESENTER = "Only this class's presenter may open this."
_GONE = "There is no such recording; perhaps it was deleted."
_FILE_GONE = "The file of this recording can't be read any more."

_WINDOW = re.compile(r"[0-9a-zA-Z-]{1,40}", re.ASCII)


class Place(Protocol):
    """What a viewer has joined."""

    def leave(self, viewer: Viewer) -> None: ...

    async def answer(self, viewer: Viewer, message: Any) -> None: ...


class ViewerConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]
    """One connection of a room; the address says as what: it has `code`, and the query `window` and `language`."""

    channel_layer_alias = "none: the hub alone listens to the layer"
    decoder: ClassVar[msgspec.json.Decoder[Any]] = msgspec.json.Decoder(BrowserMessage)

    def __init__(self, *, embedded: Embedded, role: Role) -> None:
        super().__init__()
        self.embedded = embedded
        self._role = role
        self._allowance = Allowance(burst=MESSAGES, seconds=IN_SECONDS)
        self._hub: Place | None = None
        self._viewer: Viewer | None = None
        self._courier: Courier | None = None
        self._code = ""
        self._watch: asyncio.Task[None] | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """However the connection ends, by the browser or by our own shutdown, nothing of it is left.

        Channels' own loop would make two tasks for every message, to listen to a channel that we don't have.
        """
        self.scope, self.base_send = scope, send
        try:
            while True:
                await self.dispatch(await receive())
        except StopConsumer:
            pass
        finally:
            if self._courier is not None:
                self._courier.stop()
            if self._watch is not None:
                self._watch.cancel()
            if self._viewer is not None and self._hub is not None:
                self._hub.leave(self._viewer)
                measures.viewers.add(-1, of=self._role.value)

    async def dispatch(self, message: dict[str, Any]) -> None:
        """Channels closes old database connections before each message, in a thread; there are none here."""
        await getattr(self, get_handler_name(message))(message)

    async def websocket_disconnect(self, message: dict[str, Any]) -> None:
        """Channels looks after database connections here, too; whoever uses one of ours gives it back."""
        raise StopConsumer

    async def _is_let_in(self) -> bool:
        """Whether the code is an open room's; else the connection has been closed with the reason."""
        await self.accept()
        self._code = read_code(self.scope["url_route"]["kwargs"]["code"])
        entry = await enter_by_websocket(self.scope, self._code)
        if entry is Entry.TOO_MANY_GUESSES:
            await self.close(code=int(CloseCode.TOO_MANY), reason=_GUESSED)
        elif entry is not Entry.OPEN:
            await self.close(code=int(CloseCode.GONE), reason=_CLOSED)
        return entry is Entry.OPEN

    async def connect(self) -> None:
        if not await self._is_let_in():
            return
        if self._role is Role.PRESENTER and not await may_present(self.scope, self._code):
            await self.close(code=int(CloseCode.NOT_ALLOWED), reason=_NOT_PRESENTER)
        else:
            self._join(self.embedded.hub(self._code))
            if self._role is Role.PRESENTER and self._viewer is not None:
                self._watch = asyncio.create_task(self._watch_rights(self._viewer))

    async def _watch_rights(self, viewer: Viewer) -> None:
        while viewer.dismissal is None:
            await asyncio.sleep(ASKED_AGAIN_AFTER_S)
            await self._still_presents(viewer)

    async def _still_presents(self, viewer: Viewer) -> bool:
        """Who has signed out meanwhile is let go. The page comes back at once, with the cookies of now: who has just
        signed in anew goes on, and who may present no more is refused for good."""
        try:
            may = await may_present(self.scope, self._code)
        except DatabaseError:  # it says nothing of the presenter
            return True
        if not may:
            viewer.dismiss(CloseCode.FAILED, _NO_LONGER)
        return may

    def _join(self, hub: Hub | SoloHub, *, remark: str = "") -> None:
        """`remark` is said to this viewer, behind the snapshot."""
        person = person_of(self.scope, self._code) if self._role is Role.STUDENT else ""
        window, language = self._asked("window"), self._asked("language")
        viewer = hub.join(self._role, window=window, language=language, person=person)
        if remark:
            viewer.offer(self.embedded.tongue(viewer.language).encode(Refused(sentence=remark)).decode())
        self._begin(hub, viewer)

    def _begin(self, hub: Place, viewer: Viewer) -> None:
        """Send what is there for the viewer, and what comes."""
        self._hub, self._viewer = hub, viewer
        measures.viewers.add(of=self._role.value)
        self._courier = Courier(viewer, self.base_send, self._dismiss)  # Channels' own send is two calls more
        self._courier.begin()

    def _asked(self, name: str) -> str:
        """What the address's query says; empty where that is nothing that a page of ours would say."""
        value = parse_qs(self.scope["query_string"].decode("latin1")).get(name, [""])[0]
        return value if _WINDOW.fullmatch(value) else ""

    async def close(self, code: int | None = None, reason: str | None = None) -> None:
        measures.closings.add(of=str(code))
        await super().close(code=code, reason=reason)

    async def _dismiss(self) -> None:
        if self._viewer is not None and self._viewer.dismissal is not None:
            await self.close(code=int(self._viewer.dismissal.code), reason=self._viewer.dismissal.reason)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        viewer, hub = self._viewer, self._hub
        if viewer is None or hub is None or viewer.dismissal is not None:
            return
        if not self._allowance.spend(asyncio.get_running_loop().time()):
            viewer.dismiss(CloseCode.TOO_MANY, _TOO_MANY)
        elif text_data is None:
            viewer.dismiss(CloseCode.BAD_MESSAGE, _NOT_TEXT)
        elif len(text_data.encode()) > MESSAGE_LIMIT_OCTETS:
            viewer.dismiss(CloseCode.TOO_LARGE, TOO_LARGE)
        else:
            await self._read(hub, viewer, text_data)

    async def _read(self, hub: Place, viewer: Viewer, text: str) -> None:
        try:
            message = self.decoder.decode(text)
        except msgspec.ValidationError:
            viewer.dismiss(CloseCode.BAD_MESSAGE, _UNKNOWN)
        except (msgspec.DecodeError, RecursionError):
            viewer.dismiss(CloseCode.BAD_MESSAGE, _NOT_JSON)
        else:
            is_grave = self._watch is not None and isinstance(message, Start | OpenRecording)
            if not is_grave or await self._still_presents(viewer):
                await hub.answer(viewer, message)


class LookerConsumer(ViewerConsumer):
    """Somebody who looks at the sockets of a class's lab; who presents the class may try ports as well."""

    decoder: ClassVar[msgspec.json.Decoder[Any]] = msgspec.json.Decoder(LookerMessage)

    async def connect(self) -> None:
        if not await self._is_let_in():
            return
        role = Role.PRESENTER if await may_present(self.scope, self._code) else Role.LOOKER
        lookout = self.embedded.lookout(self._code)
        self._begin(lookout, lookout.join(role, language=self._asked("language")))


class RecordingConsumer(ViewerConsumer):
    """Somebody who looks at a recording: a room of one's own, at the frame and step that the address names."""

    async def connect(self) -> None:
        await self.accept()
        number = self.scope["url_route"]["kwargs"]["number"]
        try:
            if not await may_see_recording(self.scope, number):
                await self.close(code=int(CloseCode.GONE), reason=_GONE)
                return
            opened = await self._open(**self.scope["url_route"]["kwargs"])
        except (ObjectDoesNotExist, OverflowError):
            await self.close(code=int(CloseCode.GONE), reason=_GONE)
            return
        except OSError:
            await self.close(code=int(CloseCode.GONE), reason=_FILE_GONE)
            return
        self._join(SoloHub(opened.room, self.embedded.tongue(self._asked("language"))), remark=opened.remark)

    async def _open(self, number: int, conversation: int | None = None) -> OpenedRoom:
        """A run's frames, or those of one conversation of a file."""
        query, now_ms = self.scope["query_string"], server_ms()
        if conversation is None:
            opened: OpenedRoom = await database_sync_to_async(open_recording)(number, query, now_ms)
        else:
            opened = await database_sync_to_async(open_conversation)(number, conversation, query, now_ms)
        return opened
