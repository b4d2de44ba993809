import asyncio
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from channels.db import database_sync_to_async
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from layersviz.capture.child import Child
from layersviz.core import measures
from layersviz.core.measures import MEASURES, Count, Level, Spread
from layersviz.recordings.reading import Refused
from layersviz.recordings.uploading import take
from layersviz.rooms.viewer import WINDOW, Role, Viewer
from layersviz.web.metrics import MeasuresCollector, page, request_meter
from tests.web.live import TEXT, LiveServer, live_server, websocket


def values_of(*given: Count | Level | Spread) -> dict[str, float]:
    """Each line of Prometheus' text, by its name and labels."""
    registry = CollectorRegistry()
    registry.register(MeasuresCollector(given))
    return values_in(generate_latest(registry).decode())


def values_in(text: str) -> dict[str, float]:
    samples = (sample for family in text_string_to_metric_families(text) for sample in family.samples)
    return {f"{each.name}{sorted(each.labels.items()) or ''}": each.value for each in samples}


def test_a_count_is_there_before_it_counts() -> None:
    count = Count(name="frames", means="Frames.")
    assert values_of(count) == {"frames_total": 0}
    count.add()
    count.add(2)
    assert values_of(count) == {"frames_total": 3}


def test_a_level_falls_as_well_and_is_told_for_each_label() -> None:
    level = Level(name="viewers", means="Viewers.", label="role")
    level.add(of="student")
    level.add(of="student")
    level.add(-1, of="student")
    level.add(of="projector")
    assert values_of(level) == {"viewers[('role', 'student')]": 1, "viewers[('role', 'projector')]": 1}


def test_a_spread_s_buckets_hold_all_that_is_smaller() -> None:
    spread = Spread(name="telling_seconds", means="Telling.", bounds=(0.1, 1.0))
    for value in (0.05, 0.1, 0.5, 7):
        spread.observe(value)
    assert values_of(spread) == {
        "telling_seconds_bucket[('le', '0.1')]": 2,
        "telling_seconds_bucket[('le', '1.0')]": 3,
        "telling_seconds_bucket[('le', '+Inf')]": 4,
        "telling_seconds_count": 4,
        "telling_seconds_sum": pytest.approx(7.65),
    }


def test_no_two_measures_have_one_name() -> None:
    names = [measure.name for measure in MEASURES]
    assert len(set(names)) == len(names)
    assert all(name.startswith("layersviz_") for name in names)


async def requests_in_page() -> dict[str, float]:
    text = (await page()).body.decode()
    return {
        name: value for name, value in values_in(text).items() if name.startswith("layersviz_request_seconds_count")
    }


def answer(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=204)


async def answer_later(request: HttpRequest) -> HttpResponse:
    await asyncio.sleep(0)
    return answer(request)


async def test_a_request_is_counted_by_its_view_and_never_by_its_address() -> None:
    request_meter(answer)(RequestFactory().get("/made/up/1?token=x"))
    await request_meter(answer_later)(RequestFactory().generic("MADEUP", "/made/up/2"))
    counted = await requests_in_page()
    labels = "layersviz_request_seconds_count[('method', '{}'), ('status', '204'), ('view', 'static or none')]"
    assert counted[labels.format("GET")] >= 1
    assert counted[labels.format("other")] >= 1
    assert "made" not in "".join(counted)


# --- where it happens -------------------------------------------------------------------------------------------------


def scrape(server: LiveServer) -> dict[str, float]:
    with urllib.request.urlopen(f"http://{server.host}/metrics", timeout=60) as answer:
        return values_in(answer.read().decode())


def scrape_until(server: LiveServer, name: str, value: float) -> None:
    end_s = time.monotonic() + 60
    while scrape(server).get(name) != value:
        assert time.monotonic() < end_s, f"{name} never was {value}: {scrape(server).get(name)}"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with live_server(tmp_path_factory.mktemp("var"), LAB="off", METRICS="on") as server:
        server.read_until("Lab")
        yield server


async def test_what_happens_in_a_class_is_counted(server: LiveServer) -> None:
    presenting, joining = f"/ws/present/{server.code}/", f"/ws/join/{server.code}/"
    async with (
        websocket(server.host, presenting, cookie=server.cookie) as page,
        websocket(server.host, joining) as pupil,
    ):
        await page.read_until("snapshot")
        await pupil.read_until("snapshot")
        await page.send(kind="start")
        await page.read_until("run_closed")
        counted = await asyncio.to_thread(scrape, server)
        assert counted["layersviz_viewers[('role', 'presenter')]"] == 1
        assert counted["layersviz_viewers[('role', 'student')]"] == 1
        assert counted["layersviz_rooms_looked_at"] == 1
        assert counted["layersviz_rooms_owned"] == 1
        assert counted["layersviz_telling_seconds_count"] >= 3
        assert counted["layersviz_messages_sent_total"] > 2 * counted["layersviz_telling_seconds_count"]
        await pupil.send(kind="take_over")
        assert (await pupil.read_to_end())[0] == 4403
    await asyncio.to_thread(scrape_until, server, "layersviz_viewers[('role', 'student')]", 0)
    assert (await asyncio.to_thread(scrape, server))["layersviz_closings_total[('code', '4403')]"] == 1


async def test_a_message_that_is_too_large_is_counted_among_the_closings(server: LiveServer) -> None:
    async with websocket(server.host, f"/ws/show/{server.code}/") as page:
        await page.send_head(TEXT, 5_000_000)
        assert (await page.read_to_end())[0] == 4413
    await asyncio.to_thread(scrape_until, server, "layersviz_closings_total[('code', '4413')]", 1)


class Parent:
    """Wants so many children after the first."""

    def __init__(self, further: int) -> None:
        self.further = further

    def hear(self, line: bytes) -> None: ...

    def bury(self) -> None: ...

    def wants_another(self) -> bool:
        self.further -= 1
        return self.further >= 0


async def test_a_child_that_ends_unasked_is_counted_and_so_is_the_next_one() -> None:
    await Child("counted", [sys.executable, "-c", ""], Parent(further=1)).keep_alive()
    assert measures.child_starts.values["counted"] == 2
    assert measures.child_deaths.values["counted"] == 1


def test_a_viewer_that_falls_behind_is_counted_once() -> None:
    before = measures.viewers_stale.values[""]
    viewer = Viewer(1, Role.STUDENT, window="w", language="en")
    for seq in range(1, WINDOW + 10):
        viewer.offer_delta("text", seq)
    assert measures.viewers_stale.values[""] == before + 1


async def test_an_upload_that_is_no_capture_is_counted_as_refused(tmp_path: Path) -> None:
    (tmp_path / "noise").write_bytes(b"no capture at all")
    before = measures.uploads.values.get("refused", 0)
    steps = [step async for step in take(tmp_path / "noise", "noise", 1_000_000, database_sync_to_async)]
    assert isinstance(steps[-1], Refused)
    assert measures.uploads.values["refused"] == before + 1
