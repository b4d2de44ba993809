"""Several web processes and several capture workers with a real redis-server: what lives through the end of any one."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from layersviz.core.host import Hosts
from layersviz.core.order import LONGEST_HOLD_S
from layersviz.web.checks import LabCheck
from tests.web.live import LiveServer, WebSocketClient, live_server, websocket
from tests.web.processes import Installation, end_in_good_order, installation, wait_until_kept


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with installation(tmp_path_factory.mktemp("simulated"), LAB="off") as running:
        yield running


@pytest.fixture
def several(simulated: Installation) -> Installation:
    """Two web processes and two workers, whatever the test before has ended."""
    simulated.mend()
    return simulated


def presenting(server: LiveServer) -> Any:
    return websocket(server.host, f"/ws/present/{server.code}/?window=w1", cookie=server.cookie)


def watching(server: LiveServer) -> Any:
    return websocket(server.host, f"/ws/join/{server.code}/")


async def ready(page: WebSocketClient) -> None:
    """Until the class has an owner whose source of frames is ready."""
    while True:
        message = await page.read()
        assert message is not None, page.closed
        if message.get("lab", {}).get("state") == "ready":
            return


async def played(page: WebSocketClient) -> dict[str, Any]:
    """A run from the press until it is kept."""
    await page.send(kind="start")
    opened = await page.read_until("run_opened")
    kept = await page.read_until("run_kept")
    assert kept["recording"] is not None
    return {**opened["run"], "recording": kept["recording"]}


async def test_a_press_in_one_web_process_moves_the_class_in_the_other(several: Installation) -> None:
    one, other = several.webs
    async with presenting(one) as presenter, watching(other) as pupil:
        await ready(presenter)
        run = await played(presenter)
        assert (await pupil.read_until("run_kept"))["recording"] == run["recording"]
        await presenter.send(kind="seek", instant_ms=1234)
        moved = await presenter.read_until("playhead_moved")
        while (await pupil.read_until("playhead_moved")) != moved:
            pass


async def test_a_worker_that_is_killed_is_said_to_be_gone_and_another_goes_on(several: Installation) -> None:
    one, other = several.webs
    async with presenting(one) as presenter, watching(other) as pupil:
        await ready(presenter)
        run = await played(presenter)
        await presenter.send(kind="seek", instant_ms=2222)
        while (moved := await pupil.read_until("playhead_moved"))["playhead"]["instant_ms"] != 2222:
            pass
        several.wait_until_kept(2222)
        owner = several.owner()
        several.kill(owner)
        snapshot = await pupil.read_until("snapshot")
        assert snapshot["playhead"] == moved["playhead"]
        assert (snapshot["run"]["number"], snapshot["run"]["recording"]) == (run["number"], run["recording"])
        assert len(snapshot["run"]["journeys"]) == len(
            [journey for journey in snapshot["run"]["journeys"] if journey["steps"]]
        )
        await ready(presenter)
        again = await played(presenter)
        assert again["recording"] > run["recording"]
        assert several.owner() is not owner


async def test_a_worker_that_ends_in_good_order_leaves_no_gap(several: Installation) -> None:
    (one, _) = several.webs
    async with presenting(one) as presenter:
        await ready(presenter)
        owner = several.owner()
        end_in_good_order(owner)
        several.workers.remove(owner)
        while (message := await presenter.read()) is not None and message["kind"] != "snapshot":
            assert message["kind"] != "interrupted"
        await ready(presenter)


HELD_SYN = {"deed": "hold", "sender": "client", "frame": "SYN"}


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory, hosts: Hosts) -> Iterator[Installation]:
    if LabCheck(hosts, wanted=True)(None):
        pytest.skip("this kernel forbids the lab")
    with installation(tmp_path_factory.mktemp("real")) as running:
        yield running


@pytest.fixture
def with_lab(real: Installation) -> Installation:
    real.mend()
    return real


async def frames_until_held(page: WebSocketClient) -> dict[str, Any]:
    """All that is told until the frame that was held has gone on; gives its journey."""
    while (added := await page.read_until("frame_added"))["journey"]["deed"] != "hold":
        pass
    return dict(added["journey"])


@pytest.mark.lab
async def test_what_is_held_goes_on_when_the_presenters_web_process_is_killed(with_lab: Installation) -> None:
    one, other = with_lab.webs
    async with presenting(one) as presenter, watching(other) as pupil:
        await ready(presenter)
        await pupil.read_until("snapshot")
        await presenter.send(kind="start", faults=[HELD_SYN])
        assert (await pupil.read_until("held_moved"))["held"]
        with_lab.kill(one)
        assert not (await pupil.read_until("leader_moved"))["presenter_online"]
        assert (await pupil.read_until("held_moved"))["held"] == []
        assert 0 < (await frames_until_held(pupil))["held_ms"] < 1000 * LONGEST_HOLD_S
        assert (await pupil.read_until("run_closed"))["problem"] == ""


@pytest.mark.lab
async def test_a_student_lets_go_through_another_web_process_and_the_next_owner_allows_it_too(
    with_lab: Installation,
) -> None:
    one, other = with_lab.webs
    async with presenting(one) as presenter, watching(other) as pupil:
        await ready(presenter)
        await pupil.read_until("snapshot")
        await presenter.send(kind="allow", allowed=["let_go"])
        assert (await pupil.read_until("allowed_moved"))["allowed"] == ["let_go"]
        for turn in range(2):
            await presenter.send(kind="start", faults=[HELD_SYN])
            (held,) = (await pupil.read_until("held_moved"))["held"]
            await pupil.send(kind="let_go", held=held["number"])
            assert (await pupil.read_until("held_moved"))["held"] == []
            await frames_until_held(pupil)
            await pupil.read_until("run_kept")
            if turn == 0:
                with_lab.kill(with_lab.owner())
                assert (await pupil.read_until("snapshot"))["allowed"] == ["let_go"]
                await ready(presenter)


async def pressed_until_it_moves(presenter: WebSocketClient) -> dict[str, Any]:
    """What is pressed while redis is away may be lost: as a presenter would, press again. Five presses a second are
    what the server takes for long."""
    while True:
        await presenter.send(kind="seek", instant_ms=4321)
        await presenter.send(kind="ping", client_ms=1)
        while (message := await presenter.read()) is not None and message["kind"] != "pong":
            if message.get("playhead", {}).get("instant_ms") == 4321:
                return message["playhead"]
        assert message is not None, presenter.closed
        await asyncio.sleep(0.2)


async def test_redis_that_is_started_again_finds_the_class_where_it_was(several: Installation) -> None:
    one, other = several.webs
    async with presenting(one) as presenter, watching(other) as pupil:
        await ready(presenter)
        run = await played(presenter)
        several.stop_redis()
        several.start_redis()
        moved = await pressed_until_it_moves(presenter)
        while True:
            message = await pupil.read()
            assert message is not None
            if message.get("playhead") == moved:
                break
        assert (await played(presenter))["recording"] > run["recording"]


async def test_a_web_process_that_is_killed_in_mid_play_finds_the_class_at_the_right_instant(
    several: Installation,
) -> None:
    one, other = several.webs
    async with presenting(other) as presenter, watching(one) as pupil:
        await ready(presenter)
        await played(presenter)
        await presenter.send(kind="play")
        await pupil.read_until("run_kept")
        several.kill(one)
        back = several.start_web(one.port)
        async with watching(back) as again:
            snapshot = await again.read_until("snapshot")
        assert snapshot["playhead"]["playing"]
        assert len(snapshot["run"]["journeys"]) > 5


async def test_killed_as_one_process_it_finds_the_class_and_its_recordings_again(tmp_path: Path) -> None:
    """The default: web and worker in one process."""
    with live_server(tmp_path, LAB="off") as first:
        async with presenting(first) as presenter:
            await ready(presenter)
            run = await played(presenter)
            await presenter.send(kind="seek", instant_ms=2000)
            await presenter.read_until("playhead_moved")
            await presenter.send(kind="play")
            while not (playing := (await presenter.read_until("playhead_moved"))["playhead"])["playing"]:
                pass
            wait_until_kept(tmp_path, playing["instant_ms"])
            first.process.kill()
            first.process.wait()
    with live_server(tmp_path, PORT=str(first.port), LAB="off") as second:
        second.read_until("Hello World")
        assert second.code == first.code
        async with watching(second) as pupil:
            snapshot = await pupil.read_until("snapshot")
        assert snapshot["playhead"] == playing
        assert (snapshot["run"]["number"], snapshot["run"]["recording"]) == (run["number"], run["recording"])
