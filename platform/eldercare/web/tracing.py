"""Traces for OpenTelemetry, where it is installed: what was done and how long it took, never with which values."""

import importlib
from collections.abc import Callable
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from eldercare.api.execute import Answer, Request
from eldercare.kit.errors import Unavailable
from eldercare.web.graphql import Execute

NAME = "eldercare"
ROUTES = ("/graphql", "/changes", "/", "/metrics", "/schema.graphql", "/health/alive", "/health/ready")


def open_tracer(kind: str) -> Any:
    """A tracer that sends its spans to the console or to a collector; `Unavailable` where its packages are missing."""
    try:
        sdk = importlib.import_module("opentelemetry.sdk.trace")
        export = importlib.import_module("opentelemetry.sdk.trace.export")
        resources = importlib.import_module("opentelemetry.sdk.resources")
        if kind == "otlp":
            otlp = importlib.import_module("opentelemetry.exporter.otlp.proto.http.trace_exporter")
            exporter = otlp.OTLPSpanExporter()
        else:
            exporter = export.ConsoleSpanExporter()
    except ImportError as error:
        raise Unavailable(
            "TRACING_MISSING",
            f"Traces need a package that is not installed: {error.name}.",
            remedy="Install the extra: pip install 'eldercare[otel]', for otlp also opentelemetry-exporter-otlp-proto-http.",
        ) from None
    provider = sdk.TracerProvider(resource=resources.Resource.create({"service.name": NAME}))
    provider.add_span_processor(export.BatchSpanProcessor(exporter))
    return provider.get_tracer(NAME)


class Traced:
    """Puts a span around each HTTP request; a trace that the client began is continued."""

    def __init__(self, app: ASGIApp, tracer: Any) -> None:
        self.app, self.tracer = app, tracer
        self._extract: Callable[[dict[str, str]], Any] = importlib.import_module("opentelemetry.propagate").extract

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        wanted = (b"traceparent", b"tracestate")
        carried = {str(n, "latin-1"): str(v, "latin-1") for n, v in scope["headers"] if n in wanted}
        # Of other addresses nothing is told: they may hold what belongs to somebody.
        route = scope["path"] if scope["path"] in ROUTES else "(other)"
        with self.tracer.start_as_current_span(f"{scope['method'][:10]} {route}", self._extract(carried)) as span:

            async def sent(message: Message) -> None:
                if message["type"] == "http.response.start":
                    span.set_attribute("http.response.status_code", message["status"])
                await send(message)

            await self.app(scope, receive, sent)


def traced(execute: Execute, tracer: Any) -> Execute:
    """Execution with a span around it: its way out, codes of errors, and the name of a trusted document."""

    async def execute_traced(request: Request) -> Answer:
        # Neither the document nor its variables: both may hold what belongs to a person.
        with tracer.start_as_current_span("graphql", record_exception=False) as span:
            answer = await execute(request)
            span.set_attribute("graphql.exit", answer.exit)
            if answer.name:
                span.set_attribute("graphql.operation.name", answer.name)
            if answer.codes:
                span.set_attribute("graphql.errors", list(answer.codes[:10]))
            span.set_attribute("eldercare.answer.bytes", len(answer.body))
            return answer

    return execute_traced
