import asyncio

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from layersviz.core.measures import MEASURES, Count, Level, Spread
from layersviz.web.metrics import MeasuresCollector, page, request_meter


def values_of(*measures: Count | Level | Spread) -> dict[str, float]:
    """Each line of Prometheus' text, by its name and labels."""
    registry = CollectorRegistry()
    registry.register(MeasuresCollector(measures))
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
