"""Prometheus' page: what this process has counted (core/measures.py), its requests, its memory and descriptors.

The only module that knows Prometheus. Nothing here is shared between processes: each is scraped for itself.
"""

import time
from collections.abc import Awaitable, Callable, Iterable
from inspect import iscoroutinefunction
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.decorators import sync_and_async_middleware
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, GCCollector, Histogram, ProcessCollector
from prometheus_client.exposition import generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from layersviz.core.measures import MEASURES, Count, Level, Spread
from layersviz.web.probes import Answer

REGISTRY = CollectorRegistry()
REQUEST_BOUNDS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

requests = Histogram(
    "layersviz_request_seconds",
    "How long a page took, by the view's name; websockets are not among them.",
    ("view", "method", "status"),
    buckets=REQUEST_BOUNDS_S,
    registry=REGISTRY,
)

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class MeasuresCollector(Collector):
    """Reads our own plain numbers when it is asked."""

    def __init__(self, measures: Iterable[Count | Level | Spread]) -> None:
        self._measures = tuple(measures)

    def collect(self) -> Iterable[Metric]:
        return [_family(measure) for measure in self._measures]


def _family(measure: Count | Level | Spread) -> Metric:
    if isinstance(measure, Spread):
        return _histogram(measure)
    labels = [measure.label] if measure.label else []
    kind = CounterMetricFamily if isinstance(measure, Count) else GaugeMetricFamily
    family = kind(measure.name, measure.means, labels=labels)
    for of, value in list(measure.values.items()):
        family.add_metric([of] if labels else [], value)
    return family


def _histogram(measure: Spread) -> Metric:
    """Prometheus' buckets hold all that is smaller, too."""
    family = HistogramMetricFamily(measure.name, measure.means)
    so_far, buckets = 0, []
    for bound, count in zip([*map(str, measure.bounds), "+Inf"], measure.counts, strict=True):
        so_far += count
        buckets.append((bound, float(so_far)))
    family.add_metric([], buckets, measure.total)
    return family


REGISTRY.register(MeasuresCollector(MEASURES))
ProcessCollector(registry=REGISTRY)
GCCollector(registry=REGISTRY)


async def page() -> Answer:
    return Answer(body=generate_latest(REGISTRY), content_type=CONTENT_TYPE_LATEST)


@sync_and_async_middleware
def request_meter(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    """Middleware: how long each page takes. An address itself never becomes a label: there are too many of them."""
    if iscoroutinefunction(get_response):
        waiting: Callable[[HttpRequest], Awaitable[HttpResponseBase]] = get_response

        async def measured_later(request: HttpRequest) -> HttpResponseBase:
            began = time.perf_counter()
            response = await waiting(request)
            _observe(request, response, time.perf_counter() - began)
            return response

        return measured_later

    def measured(request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        response: HttpResponseBase = get_response(request)
        _observe(request, response, time.perf_counter() - began)
        return response

    return measured


def _observe(request: HttpRequest, response: HttpResponseBase, seconds: float) -> None:
    found = request.resolver_match
    view = (found.view_name or "unnamed") if found else "static or none"
    method = request.method if request.method in _METHODS else "other"
    requests.labels(view, method, str(response.status_code)).observe(seconds)
