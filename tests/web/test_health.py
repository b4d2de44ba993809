import asyncio
import logging
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from channels.layers import InMemoryChannelLayer

from layersviz.web.health import DatabaseCheck, LayerCheck, Readiness, alive
from tests.web.live import LiveServer, live_server


async def fine() -> None:
    return


async def broken() -> None:
    raise ConnectionRefusedError("postgres://lv:word@db is down")


async def hang() -> None:
    await asyncio.Event().wait()


async def test_a_process_whose_loop_turns_is_alive() -> None:
    assert (await alive()).status == 200


async def test_all_that_works_is_ready() -> None:
    assert (await Readiness({"No a.": fine, "No b.": fine}).answer()).status == 200


async def test_each_part_that_fails_is_named_and_nothing_of_the_inside() -> None:
    answer = await Readiness({"No a.": broken, "No b.": fine, "No c.": hang}, patience_s=0.01).answer()
    assert (answer.status, answer.body) == (503, b"No a.\nNo c.\n")


async def test_a_check_that_can_not_even_be_cancelled_does_not_hold_the_answer_up() -> None:
    release = asyncio.Event()

    async def stubborn() -> None:
        try:
            await hang()
        finally:
            await release.wait()

    answer = await asyncio.wait_for(Readiness({"No a.": stubborn}, patience_s=0.01).answer(), 5)
    assert answer.status == 503
    release.set()


async def test_the_log_hears_of_a_failure_once_and_of_its_end(caplog: pytest.LogCaptureFixture) -> None:
    checks = [broken, broken, fine, fine]

    async def next_check() -> None:
        await checks.pop(0)()

    readiness = Readiness({"No a.": next_check})
    with caplog.at_level(logging.WARNING):
        statuses = [int((await readiness.answer()).status) for _ in range(4)]
    assert statuses == [503, 503, 200, 200]
    assert [record.levelname for record in caplog.records] == ["ERROR", "WARNING"]


async def test_a_layer_that_carries_is_fine_time_after_time() -> None:
    layer = InMemoryChannelLayer()
    check = LayerCheck(lambda: layer)
    for _ in range(3):
        await check()
    assert len(layer.channels) <= 1


async def test_checks_at_the_same_time_do_not_take_each_other_s_message() -> None:
    layer = InMemoryChannelLayer()
    check = LayerCheck(lambda: layer)
    await asyncio.wait_for(asyncio.gather(*(check() for _ in range(5))), 5)


class LosingLayer(InMemoryChannelLayer):  # type: ignore[misc]
    loses = True

    async def send(self, channel: str, message: dict[str, str]) -> None:
        if not self.loses:
            await super().send(channel, message)


async def test_a_layer_that_loses_messages_fails_and_is_fine_again_afterwards() -> None:
    layer = LosingLayer()
    readiness = Readiness({"No layer.": LayerCheck(lambda: layer)}, patience_s=0.05)
    assert (await readiness.answer()).status == 503
    layer.loses = False
    assert (await readiness.answer()).status == 200


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    production = {"PRODUCTION": "on", "SECRET_KEY": "x" * 60, "ALLOWED_HOSTS": "layers.example"}
    with live_server(tmp_path_factory.mktemp("var"), LAB="off", METRICS="on", **production) as server:
        server.read_until("Lab")
        yield server


def get(server: LiveServer, path: str, **headers: str) -> tuple[int, str]:
    request = urllib.request.Request(f"http://{server.host}{path}", headers={"Host": "10.9.8.7", **headers})
    opener = urllib.request.build_opener(NoRedirect)
    try:
        with opener.open(request, timeout=60) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_a_load_balancer_is_answered_by_any_name_and_not_sent_to_tls(server: LiveServer, path: str) -> None:
    assert get(server, path)[0] == 200


def test_a_page_is_not_for_any_name(server: LiveServer) -> None:
    assert get(server, "/")[0] == 400


def test_metrics_are_for_whoever_asks_the_process_itself(server: LiveServer) -> None:
    status, text = get(server, "/metrics")
    assert status == 200
    assert "process_open_fds" in text
    hidden = get(server, "/metrics", **{"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"})
    assert "process_open_fds" not in hidden[1]


def test_a_database_that_is_gone_makes_a_process_that_lives_but_is_not_ready(tmp_path: Path) -> None:
    with live_server(tmp_path, LAB="off") as server:
        server.read_until("Lab")
        assert get(server, "/readyz")[0] == 200
        for file in tmp_path.glob("layersviz.sqlite3*"):
            file.unlink()
        (tmp_path / "layersviz.sqlite3").mkdir()
        assert get(server, "/healthz")[0] == 200
        assert get(server, "/readyz") == (503, "The database does not answer.\n")


@pytest.mark.django_db(transaction=True)
async def test_the_database_of_these_tests_answers() -> None:
    await DatabaseCheck()()
