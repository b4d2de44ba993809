"""The websockets as the server below sees them: rooms, hub and worker are real, frames are simulated."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Any

import pytest
from channels.db import database_sync_to_async
from channels.layers import InMemoryChannelLayer
from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.urls import path

from layersviz.capture.stage import Keep, Tell
from layersviz.capture.worker import CaptureWorker
from layersviz.core.host import Hosts
from layersviz.core.said import encoder
from layersviz.recordings.keeping import keep
from layersviz.rooms.models import RegisteredRoom
from layersviz.rooms.service import ALONE, RoomService
from layersviz.rooms.viewer import Role
from layersviz.rooms.workshop import Workshop
from layersviz.web.consumers import MESSAGE_LIMIT_OCTETS, MESSAGES, RecordingConsumer, ViewerConsumer
from layersviz.web.embedded import Embedded
from layersviz.web.entering import is_open
from layersviz.web.origin import only_from_our_pages
from layersviz.web.recorded_room import replay, show
from layersviz.web.registered import AsyncRegister, note_answers, save
from layersviz.web.sources import sources
from tests.recordings.test_keeping import played

CODE = "ABCDEF"
PRESENT, SHOW, JOIN = (f"/ws/{role}/{CODE}/" for role in ("present", "show", "join"))
PATIENCE_S = 60
NOT_ALLOWED = "The presenter has not allowed the class to start a run."

pytestmark = pytest.mark.django_db(transaction=True)


class Browser:
    """One connection, read as JSON."""

    def __init__(self, communicator: WebsocketCommunicator) -> None:
        self._communicator = communicator

    async def open(self) -> bool:
        accepted, _ = await self._communicator.connect(timeout=PATIENCE_S)
        return bool(accepted)

    async def say(self, **message: Any) -> None:
        await self.say_text(json.dumps(message))

    async def say_text(self, text: str) -> None:
        await self._communicator.send_input({"type": "websocket.receive", "text": text})

    async def say_octets(self, octets: bytes) -> None:
        await self._communicator.send_input({"type": "websocket.receive", "bytes": octets})

    async def hear(self) -> dict[str, Any]:
        message: dict[str, Any] = json.loads(await self._communicator.receive_from(timeout=PATIENCE_S))
        return message

    async def hear_until(self, kind: str) -> dict[str, Any]:
        while (message := await self.hear())["kind"] != kind:
            pass
        return message

    async def is_closed_with(self) -> tuple[int, str]:
        while (output := await self._communicator.receive_output(timeout=PATIENCE_S))["type"] == "websocket.send":
            pass
        assert output["type"] == "websocket.close"
        return output["code"], output["reason"]

    async def leave(self) -> None:
        await self._communicator.disconnect()


Opener = Callable[..., Browser]


@pytest.fixture
def room() -> RegisteredRoom:
    return RegisteredRoom.objects.create(code=CODE)


@pytest.fixture
async def embedded(hosts: Hosts, room: RegisteredRoom) -> AsyncIterator[Embedded]:
    layer = InMemoryChannelLayer(capacity=1000)
    tongues = {"en": encoder()}

    def make_worker(tell: Tell, keep_run: Keep) -> CaptureWorker:
        return CaptureWorker(tell=tell, hosts=hosts, offered=sources(with_lab=False, wire_delay_ms=0), keep=keep_run)

    workshop = Workshop(
        layer=layer,
        hosts=hosts,
        tongues=tongues,
        make_worker=make_worker,
        keep=lambda code: database_sync_to_async(partial(keep, room=code)),
        replay=database_sync_to_async(replay),
        show=database_sync_to_async(show),
        save=save,
        note_answers=note_answers,
    )
    made = Embedded(
        layer=lambda: layer,
        tongues=lambda: tongues,
        make_service=lambda _: RoomService(AsyncRegister(), workshop, ALONE),
        is_open=is_open,
    )
    yield made
    await made.stop()


@pytest.fixture
def presenter_cookie(room: RegisteredRoom) -> str:
    """As the browser of this class's presenter sends it."""
    session = SessionStore()
    session["presents"] = [room.pk]
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


@pytest.fixture
def other_presenter_cookie() -> str:
    """As the browser of another class's presenter sends it."""
    session = SessionStore()
    session["presents"] = [RegisteredRoom.objects.create(code="HJKMNP").pk]
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


@pytest.fixture
async def browser(embedded: Embedded, presenter_cookie: str) -> AsyncIterator[Opener]:
    """Makes connections, and ends them after the test."""
    room = {role: ViewerConsumer.as_asgi(embedded=embedded, role=role) for role in Role}
    application = only_from_our_pages(
        URLRouter(
            [
                path("ws/present/<str:code>/", room[Role.PRESENTER]),
                path("ws/show/<str:code>/", room[Role.PROJECTOR]),
                path("ws/join/<str:code>/", room[Role.STUDENT]),
                path(
                    "ws/recordings/<int:number>/",
                    RecordingConsumer.as_asgi(embedded=embedded, role=Role.PRESENTER),
                ),
            ]
        )
    )
    opened = []

    def open_one(
        address: str = PRESENT,
        *,
        host: str = "localhost:8000",
        origin: str | None = "http://localhost:8000",
        cookie: str = presenter_cookie,
    ) -> Browser:
        headers = [(b"host", host.encode()), *([(b"origin", origin.encode())] if origin is not None else [])]
        headers.append((b"cookie", cookie.encode()))
        opened.append(WebsocketCommunicator(application, address, headers=headers))
        return Browser(opened[-1])

    yield open_one
    for communicator in opened:
        communicator.stop(exceptions=False)


async def test_the_first_message_is_the_snapshot(browser: Opener) -> None:
    for address in (PRESENT, SHOW):
        page = browser(address)
        assert await page.open()
        assert (await page.hear())["kind"] == "snapshot"


async def test_one_press_plays_a_run_on_every_screen(browser: Opener) -> None:
    presenter, projector = browser(PRESENT), browser(SHOW)
    for page in (presenter, projector):
        await page.open()
    while (await presenter.hear_until("lab_moved"))["lab"]["state"] != "ready":
        pass
    await presenter.say(kind="start", cold=True)
    names = []
    while (message := await projector.hear())["kind"] != "run_closed":
        if message["kind"] == "frame_added":
            names.append(message["journey"]["name"])
    assert names[2:5] == ["SYN", "SYN/ACK", "ACK"]
    assert message["problem"] == ""


async def test_a_late_joiner_gets_the_run_in_the_snapshot(browser: Opener) -> None:
    presenter = browser(PRESENT)
    await presenter.open()
    while (await presenter.hear_until("lab_moved"))["lab"]["state"] != "ready":
        pass
    await presenter.say(kind="start")
    await presenter.hear_until("run_closed")
    late = browser(SHOW)
    await late.open()
    snapshot = await late.hear()
    assert "SYN" in [journey["name"] for journey in snapshot["run"]["journeys"]]
    assert snapshot["playhead"]["run"] == snapshot["run"]["number"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "null",
        "[]",
        '"start"',
        "{}",
        '{"kind": "format_disk"}',
        '{"kind": "snapshot"}',
        '{"kind": "play", "loudly": true}',
        '{"kind": "move_step"}',
        '{"kind": "move_step", "by": 2}',
        '{"kind": "move_step", "by": 0}',
        '{"kind": "seek", "instant_ms": -1}',
        '{"kind": "seek", "instant_ms": NaN}',
        '{"kind": "seek", "instant_ms": "5"}',
        '{"kind": "set_rate", "rate": 4.01}',
        '{"kind": "acknowledge", "seq": -1}',
        '{"x": ' + "[" * 8000 + "]" * 8000 + ', "kind": "play"}',
    ],
    ids=lambda text: text[:40],
)
async def test_what_is_no_message_closes_that_connection_and_no_other(browser: Opener, text: str) -> None:
    bad, good = browser(PRESENT), browser(PRESENT)
    for page in (bad, good):
        await page.open()
    await bad.say_text(text)
    code, reason = await bad.is_closed_with()
    assert code == 4400
    assert reason in ("This message is not JSON.", "This is not a message that the server knows.")
    await good.say(kind="ping", client_ms=1)
    assert (await good.hear_until("pong"))["client_ms"] == 1


async def test_a_binary_message_closes_the_connection(browser: Opener) -> None:
    page = browser()
    await page.open()
    await page.say_octets(b'{"kind": "play"}')
    assert await page.is_closed_with() == (4400, "Messages are text, not binary.")


@pytest.mark.parametrize(("filler", "octets_each"), [("x", 1), ("€", 3)])
async def test_a_message_over_16_kib_closes_the_connection(browser: Opener, filler: str, octets_each: int) -> None:
    page = browser()
    await page.open()
    await page.say_text(filler * (MESSAGE_LIMIT_OCTETS // octets_each + 1))
    assert (await page.is_closed_with())[0] == 4413


async def test_a_message_of_just_16_kib_is_read(browser: Opener) -> None:
    page = browser()
    await page.open()
    ping = '{"kind": "ping", "client_ms": 1}'
    await page.say_text(ping + " " * (MESSAGE_LIMIT_OCTETS - len(ping)))
    assert (await page.hear_until("pong"))["client_ms"] == 1


async def test_too_many_messages_close_the_connection(browser: Opener) -> None:
    page = browser()
    await page.open()
    for _ in range(MESSAGES + 20):
        await page.say(kind="acknowledge", seq=0)
    assert (await page.is_closed_with())[0] == 4429


@pytest.mark.parametrize(
    "message",
    [
        {"kind": "start"},
        {"kind": "play"},
        {"kind": "pause"},
        {"kind": "move_step", "by": 1},
        {"kind": "move_frame", "by": -1},
        {"kind": "seek", "instant_ms": 0},
        {"kind": "set_rate", "rate": 2},
    ],
    ids=lambda message: message["kind"],
)
async def test_a_presenter_s_message_on_the_projector_s_line_closes_it_and_moves_nothing(
    browser: Opener, message: dict[str, Any]
) -> None:
    forger, presenter = browser(SHOW), browser(PRESENT)
    for page in (forger, presenter):
        await page.open()
    await forger.say(**message)
    assert await forger.is_closed_with() == (4403, "Only the presenter may ask for this.")
    before = (await presenter.hear())["playhead"]
    await presenter.say(kind="acknowledge", seq=10**9)
    await presenter.say(kind="ask_snapshot")
    assert (await presenter.hear_until("snapshot"))["playhead"] == before


async def test_a_presenter_of_another_class_gets_no_line_of_this_one(
    browser: Opener, other_presenter_cookie: str
) -> None:
    for cookie in (other_presenter_cookie, f"sessionid={'x' * 32}", ""):
        forger = browser(PRESENT, cookie=cookie)
        await forger.open()
        assert await forger.is_closed_with() == (4403, "Only this class's presenter may open this.")


async def test_who_presents_another_class_is_a_student_in_this_one(
    browser: Opener, other_presenter_cookie: str
) -> None:
    forger = browser(JOIN, cookie=other_presenter_cookie)
    await forger.open()
    await forger.hear_until("snapshot")
    await forger.say(kind="start")
    assert (await forger.hear_until("refused"))["sentence"] == NOT_ALLOWED
    await forger.say(kind="take_over")
    assert (await forger.is_closed_with())[0] == 4403


async def test_a_student_presses_what_the_presenter_allows_and_stays_connected_when_it_is_taken_back(
    browser: Opener,
) -> None:
    pupil, presenter = browser(JOIN), browser(PRESENT)
    for page in (pupil, presenter):
        await page.open()
        await page.hear_until("snapshot")
    await presenter.say(kind="show_cover", cover="none")
    await presenter.say(kind="allow", allowed=["start", "let_go"])
    assert (await pupil.hear_until("allowed_moved"))["allowed"] == ["start", "let_go"]
    await pupil.say(kind="start")
    opened = await pupil.hear_until("run_opened")
    assert opened["run"]["order"]["scene"] == "handshake"
    await pupil.hear_until("run_closed")
    await presenter.say(kind="allow", allowed=[])
    assert (await pupil.hear_until("allowed_moved"))["allowed"] == []
    for kind in ("start", "let_go"):
        await pupil.say(kind=kind)
        await pupil.hear_until("refused")
    await pupil.say(kind="acknowledge", seq=10**9)
    await pupil.say(kind="ask_snapshot")
    assert (await pupil.hear_until("snapshot"))["run"]["number"] == opened["run"]["number"]


async def test_who_has_signed_out_starts_nothing_more(browser: Opener, presenter_cookie: str) -> None:
    page, watcher = browser(PRESENT), browser(SHOW)
    for each in (page, watcher):
        await each.open()
    await page.hear_until("snapshot")
    await database_sync_to_async(SessionStore(presenter_cookie.partition("=")[2]).flush)()
    await page.say(kind="start")
    assert (await page.is_closed_with())[0] == 4500  # comes back, and hears that it may not
    again = browser(PRESENT)
    await again.open()
    assert await again.is_closed_with() == (4403, "Only this class's presenter may open this.")


async def test_who_has_signed_out_is_let_go_without_a_press(
    browser: Opener, presenter_cookie: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("layersviz.web.consumers.ASKED_AGAIN_AFTER_S", 0.05)
    page = browser(PRESENT)
    await page.open()
    await page.hear_until("snapshot")
    await page.say(kind="ping", client_ms=1)
    await page.hear_until("pong")
    await database_sync_to_async(SessionStore(presenter_cookie.partition("=")[2]).flush)()
    assert (await page.is_closed_with())[0] == 4500


@pytest.mark.parametrize("written", ["abc-def", "ABC%20DEF", "A_B_C_D_E_F", f"ABC{'-' * 500}DEF"])
async def test_however_a_code_is_written_it_is_one_hub(browser: Opener, embedded: Embedded, written: str) -> None:
    hub = embedded.hub(CODE)
    page = browser(f"/ws/join/{written}/")
    await page.open()
    await page.hear_until("snapshot")
    assert embedded.hub(CODE) is hub
    assert len(hub._viewers) == 1


async def test_what_is_no_code_is_closed_for_good(browser: Opener) -> None:
    page = browser("/ws/join/forged-line/")
    await page.open()
    assert await page.is_closed_with() == (4404, "There is no open class of this code.")


async def test_after_a_bad_message_nothing_more_is_done(browser: Opener) -> None:
    bad, watcher = browser(PRESENT), browser(SHOW)
    for page in (bad, watcher):
        await page.open()
    await bad.say_text("{")
    await bad.say(kind="set_rate", rate=2)
    await bad.is_closed_with()
    await watcher.hear_until("snapshot")
    await watcher.say(kind="acknowledge", seq=10**9)
    await watcher.say(kind="ask_snapshot")
    assert (await watcher.hear_until("snapshot"))["playhead"]["rate"] == 1


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("localhost:8000", "http://localhost:8000"),
        ("127.0.0.1:8001", "http://127.0.0.1:8001"),
        ("[::1]:8000", "http://[::1]:8000"),
        ("localhost", "https://localhost"),
        ("LOCALHOST:8000", "http://localhost:8000"),
    ],
)
async def test_a_page_of_ours_may_connect(browser: Opener, host: str, origin: str) -> None:
    assert await browser(host=host, origin=origin).open()


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("localhost:8000", "http://evil.example"),
        ("localhost:8000", "http://localhost:9000"),  # another server on this machine
        ("localhost:8000", "http://localhost"),
        ("localhost:8000", "http://localhost:8000.evil.example"),
        ("localhost:8000", "http://127.0.0.1:8000"),
        ("evil.example", "http://evil.example"),  # a foreign name that leads here
        ("localhost:8000", "null"),
        ("localhost:8000", ""),
        ("localhost:8000", None),
    ],
)
async def test_a_page_of_others_may_not(browser: Opener, host: str, origin: str | None) -> None:
    assert not await browser(host=host, origin=origin).open()


async def test_hub_and_worker_are_started_once(browser: Opener, embedded: Embedded) -> None:
    first = embedded.hub(CODE)
    await browser(PRESENT).open()
    await browser(SHOW).open()
    assert embedded.hub(CODE) is first
    assert len(embedded._tasks) == 1


async def test_a_stopped_server_leaves_no_task(browser: Opener, embedded: Embedded) -> None:
    embedded.hub(CODE)
    await embedded.stop()
    assert [task for task in asyncio.all_tasks() if task is not asyncio.current_task()] == []


async def test_a_viewer_who_leaves_is_forgotten(browser: Opener, embedded: Embedded) -> None:
    page = browser(SHOW)
    await page.open()
    await page.hear()
    await page.leave()
    assert embedded.hub(CODE).is_empty


# --- recordings -------------------------------------------------------------------------------------------------------


async def test_a_recording_is_a_room_of_one_s_own(browser: Opener) -> None:
    number = await database_sync_to_async(keep)(played())
    mine, yours, live = (
        browser(f"/ws/recordings/{number}/?frame=3&step=2"),
        browser(f"/ws/recordings/{number}/"),
        browser(),
    )
    for page in (mine, yours, live):
        await page.open()
    snapshot = await mine.hear_until("snapshot")
    assert (len(snapshot["run"]["journeys"]), snapshot["run"]["recording"], snapshot["lab"]["state"]) == (
        12,
        number,
        "recorded",
    )
    assert snapshot["playhead"]["instant_ms"] == snapshot["run"]["journeys"][2]["steps"][1]["rest_ms"]
    await mine.say(kind="move_step", by=1)
    assert (await mine.hear_until("playhead_moved"))["playhead"]["playing"]
    await yours.say(kind="ping", client_ms=1)
    assert [(await yours.hear())["kind"] for _ in range(2)] == ["snapshot", "pong"]
    await mine.say(kind="start")
    assert "live stage" in (await mine.hear_until("refused"))["sentence"]


async def test_a_recording_that_is_not_there_says_so(browser: Opener) -> None:
    page = browser("/ws/recordings/7000/")
    await page.open()
    assert await page.is_closed_with() == (4404, "There is no such recording; perhaps it was deleted.")
