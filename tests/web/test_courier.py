import asyncio
from typing import Any

import pytest

from layersviz.rooms.messages.from_server import CloseCode
from layersviz.rooms.viewer import Role, Viewer
from layersviz.web.courier import Courier


class Socket:
    """What a server gives an application to send by: `busy` makes it wait, `broken` fail."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.busy: asyncio.Event | None = None
        self.broken = False
        self.asked = self.ends = 0

    async def send(self, message: dict[str, Any]) -> None:
        self.asked += 1
        if self.busy is not None:
            await self.busy.wait()
        if self.broken:
            raise OSError("the browser has gone")
        assert message["type"] == "websocket.send"
        self.sent.append(message["text"])

    async def end(self) -> None:
        self.ends += 1


@pytest.fixture
def viewer() -> Viewer:
    return Viewer(1, Role.STUDENT)


@pytest.fixture
def socket() -> Socket:
    return Socket()


@pytest.fixture
def courier(viewer: Viewer, socket: Socket) -> Courier:
    return Courier(viewer, socket.send, socket.end)


async def idle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_what_waits_and_what_comes_is_sent_at_once(viewer: Viewer, socket: Socket, courier: Courier) -> None:
    viewer.offer("first")
    courier.begin()
    viewer.offer("second")
    assert socket.sent == ["first", "second"]


async def test_a_socket_that_lets_one_wait_gets_all_in_order(viewer: Viewer, socket: Socket, courier: Courier) -> None:
    courier.begin()
    socket.busy = asyncio.Event()
    for text in ("first", "second", "third"):
        viewer.offer(text)
    await idle()
    assert socket.sent == []
    socket.busy.set()
    await idle()
    socket.busy = None
    viewer.offer("fourth")
    assert socket.sent == ["first", "second", "third", "fourth"]


@pytest.mark.parametrize("is_busy", [False, True])
async def test_a_socket_that_fails_is_nobody_elses_trouble_and_gets_no_more(
    viewer: Viewer, socket: Socket, courier: Courier, is_busy: bool
) -> None:
    socket.broken = True
    socket.busy = asyncio.Event() if is_busy else None
    viewer.offer("never sent")
    viewer.offer("not tried")
    courier.begin()
    await idle()
    if socket.busy is not None:
        socket.busy.set()
    await idle()
    socket.broken = False
    viewer.offer("not sent either")
    await idle()
    assert (socket.sent, socket.asked) == ([], 1)


@pytest.mark.parametrize("when", ["before", "while"])
async def test_a_dismissal_ends_it_once(viewer: Viewer, socket: Socket, courier: Courier, when: str) -> None:
    if when == "while":
        courier.begin()
    viewer.dismiss(CloseCode.CLOSED, "over")
    viewer.offer("never sent")
    courier.begin()
    await idle()
    assert (socket.sent, socket.ends) == ([], 1)


async def test_a_dismissal_waits_for_what_is_being_sent(viewer: Viewer, socket: Socket, courier: Courier) -> None:
    courier.begin()
    socket.busy = asyncio.Event()
    viewer.offer("first")
    viewer.dismiss(CloseCode.CLOSED, "over")
    await idle()
    assert socket.ends == 0
    socket.busy.set()
    await idle()
    assert (socket.sent, socket.ends) == (["first"], 1)


async def test_once_stopped_it_sends_nothing(viewer: Viewer, socket: Socket, courier: Courier) -> None:
    courier.begin()
    socket.busy = asyncio.Event()
    viewer.offer("under way")
    courier.stop()
    socket.busy.set()
    viewer.offer("later")
    await idle()
    assert socket.sent == []
