"""The websocket of the page about ports: room, worker and channel layer are real, and there is no lab."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator
from django.urls import path

from layersviz.rooms.viewer import Role
from layersviz.web.consumers import LookerConsumer
from layersviz.web.embedded import Embedded
from layersviz.web.origin import only_from_our_pages
from tests.web.live import WebSocketClient, websocket
from tests.web.processes import installation
from tests.web.test_consumers import CODE, Browser, Opener, embedded, presenter_cookie, room  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db(transaction=True)

LOOK = f"/ws/ports/{CODE}/"


@pytest.fixture
async def browser(embedded: Embedded) -> AsyncIterator[Opener]:  # noqa: F811
    looker = LookerConsumer.as_asgi(embedded=embedded, role=Role.LOOKER)
    application = only_from_our_pages(URLRouter([path("ws/ports/<str:code>/", looker)]))
    opened = []

    def open_one(address: str = LOOK, *, cookie: str = "") -> Browser:
        headers = [(b"host", b"localhost:8000"), (b"origin", b"http://localhost:8000"), (b"cookie", cookie.encode())]
        opened.append(WebsocketCommunicator(application, address, headers=headers))
        return Browser(opened[-1])

    yield open_one
    for communicator in opened:
        communicator.stop(exceptions=False)


async def test_whoever_looks_is_told_how_it_is_and_why_there_is_nothing(browser: Opener) -> None:
    for _ in range(3):
        page = browser()
        assert await page.open()
        while "lab is not ready" in (told := await page.hear_until("lab_sockets"))["problem"]:
            pass
        assert told["rows"] == []
        assert told["problem"] == "Handshakes are simulated here: there are no hosts that could have sockets."


async def test_a_student_may_not_try_a_port_and_goes_on_looking(browser: Opener, presenter_cookie: str) -> None:  # noqa: F811
    student, presenter = browser(), browser(cookie=presenter_cookie)
    for page in (student, presenter):
        await page.open()
        await page.hear_until("lab_sockets")
        await page.say(kind="try_port", port=80)
    assert (await student.hear_until("refused"))["sentence"] == "Only the presenter may try a port."
    await student.say(kind="look")
    await student.say(kind="try_port", port=81)
    await student.hear_until("refused")


@pytest.mark.parametrize(
    "text",
    [
        *(
            '{"kind": "try_port", "port": 0}',
            '{"kind": "try_port", "port": 65536}',
            '{"kind": "try_port", "port": "80"}',
        ),
        *('{"kind": "try_port"}', '{"kind": "start"}', '{"kind": "look", "more": 1}', "look", "[]"),
    ],
)
async def test_what_is_no_message_of_this_page_ends_its_own_connection(browser: Opener, text: str) -> None:
    page = browser()
    await page.open()
    await page.say_text(text)
    code, reason = await page.is_closed_with()
    assert code == 4400
    assert reason


async def test_a_code_of_no_class_leads_nowhere(browser: Opener) -> None:
    page = browser("/ws/ports/ZZZZZZ/")
    await page.open()
    assert (await page.is_closed_with())[0] == 4404


async def test_who_looks_leaves_nothing_behind(browser: Opener, embedded: Embedded) -> None:  # noqa: F811
    page = browser()
    await page.open()
    await page.hear_until("lab_sockets")
    lookout = embedded.lookout(CODE)
    assert not lookout.is_empty
    await page.leave()
    assert lookout.is_empty


async def test_in_several_processes_all_see_what_one_presenter_tries(tmp_path: Path) -> None:
    with installation(tmp_path) as several:
        one, other = several.webs
        presenting = websocket(one.host, f"/ws/ports/{one.code}/", cookie=one.cookie)
        async with presenting as presenter, websocket(other.host, f"/ws/ports/{one.code}/?language=de") as student:
            if "simul" in (await ready(presenter))["problem"]:
                pytest.skip("The lab is not possible here.")
            await presenter.send(kind="try_port", port=80)
            for page in (presenter, student):
                while not (told := await page.read_until("lab_sockets"))["tries"]:
                    pass
                assert told["tries"] == [{"port": 80, "right": False, "number": 13, "error": "Permission denied"}]


async def ready(page: WebSocketClient) -> dict[str, Any]:
    while "not ready" in (told := await page.read_until("lab_sockets"))["problem"]:
        pass
    return told
