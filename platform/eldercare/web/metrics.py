"""Numbers for Prometheus: requests, how long they take, statements, refusals, jobs and followers; nothing personal."""

import hmac
from collections.abc import Callable, Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from eldercare.api.execute import Answer
from eldercare.kit.work import PROCESS
from eldercare.web.guard import error_body

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
MOST_NAMES = 200
UNTRUSTED = "(any)"
"""How every document is called whose name its sender could choose: a label must not grow with what people send."""


class Metrics:
    """The numbers of one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "eldercare_requests", "GraphQL requests, by exit.", ["operation", "exit"], registry=self.registry
        )
        self._seconds = Histogram(
            "eldercare_request_seconds",
            "Seconds from the document to the answer.",
            ["operation"],
            buckets=BUCKETS,
            registry=self.registry,
        )
        self._refused = Counter("eldercare_errors", "Errors told, by code.", ["code"], registry=self.registry)
        self._names: set[str] = set()
        self.registry.register(_Statements())

    def answered(self, answer: Answer, seconds: float) -> None:
        """Count an answer."""
        name = self._label(answer.name)
        self._requests.labels(name, answer.exit).inc()
        self._seconds.labels(name).observe(seconds)
        for code in answer.codes:
            self._refused.labels(code).inc()

    def streamed(self, answer: Answer) -> None:
        """Count an answer of a stream."""
        self._requests.labels(self._label(answer.name), answer.exit).inc()
        for code in answer.codes:
            self._refused.labels(code).inc()

    def refused(self, code: str) -> None:
        """Count a refusal that no answer tells of."""
        self._refused.labels(code).inc()

    def watch(self, name: str, meaning: str, read: Callable[[], float]) -> None:
        """Show a number that something else keeps."""
        Gauge(f"eldercare_{name}", meaning, registry=self.registry).set_function(read)

    def watch_by(self, name: str, meaning: str, label: str, read: Callable[[], Mapping[str, float]]) -> None:
        """Show numbers that something else keeps, one for each value of a label."""
        self.registry.register(_Family(f"eldercare_{name}", meaning, label, read))

    def _label(self, name: str) -> str:
        if name in self._names:
            return name
        if not name or len(self._names) >= MOST_NAMES:
            return UNTRUSTED
        self._names.add(name)
        return name


class _Statements(Collector):
    """The statements of the process, kept where they are sent."""

    def collect(self) -> list[CounterMetricFamily]:
        """The number as it is now."""
        found = CounterMetricFamily("eldercare_statements", "Statements sent to the database.")
        found.add_metric([], PROCESS.statements)
        return [found]


class _Family(Collector):
    """Numbers by the value of a label, read when somebody asks."""

    def __init__(self, name: str, meaning: str, label: str, read: Callable[[], Mapping[str, float]]) -> None:
        self.name, self.meaning, self.label, self.read = name, meaning, label, read

    def describe(self) -> list[GaugeMetricFamily]:
        """Nothing is read when it is registered."""
        return []

    def collect(self) -> list[GaugeMetricFamily]:
        """The numbers as they are now."""
        found = GaugeMetricFamily(self.name, self.meaning, labels=[self.label])
        for value, number in self.read().items():
            found.add_metric([value], number)
        return [found]


def metrics_route(metrics: Metrics, key: str) -> Route:
    """`/metrics`, for whoever has the key; without a key set there is no such address."""

    async def show(request: Request) -> Response:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not key or not hmac.compare_digest(given.encode(), key.encode()):
            return Response(
                error_body("METRICS_KEY", "Metrics need their key.", "Send the setting metrics_key as bearer token."),
                status_code=401,
                media_type="application/json",
                headers={"www-authenticate": "Bearer"},
            )
        text = await run_in_threadpool(generate_latest, metrics.registry)
        return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")

    return Route("/metrics", show)
