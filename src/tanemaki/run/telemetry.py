"""OpenTelemetry: spans and metrics of a run, for those who ask for them with ``--otel``.

Tanemaki has no telemetry of its own: without ``--otel`` nothing of this is loaded and nothing is sent, whatever the
environment says. With it, the standard variables tell where to (``OTEL_EXPORTER_OTLP_ENDPOINT``, by default
``http://localhost:4318``), under which name (``OTEL_SERVICE_NAME``) and how much (``OTEL_TRACES_SAMPLER``); a process that
has set up providers of its own keeps them.

* A span ``run`` for the run.
* A span ``row`` for each row of the source, from its first request to its end. It is the root of a trace of its own and
  links to the run's span: one trace of a million spans is of no use to anybody, and a sampler takes whole rows.
* A span for each try of a call, below its row, by the conventions for generative AI: no prompt and no text in it.
* Metrics: ``gen_ai.client.operation.duration`` and ``gen_ai.client.token.usage`` of the conventions; ``tanemaki.requests``,
  ``tanemaki.cost`` (US dollars), ``tanemaki.rows`` by status and ``tanemaki.requests.in_flight`` by endpoint.

Source: OpenTelemetry semantic conventions for generative AI (status: development), version 1.41, which names
``gen_ai.provider.name`` where those up to 1.36 had ``gen_ai.system``. Differs: a span is one try, not a call with all its
tries, because each is paid for; what no convention names begins with ``tanemaki.``.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tanemaki.core.errors import ModelError, SetupError
from tanemaki.core.model import Reply
from tanemaki.core.record import show_ordinal
from tanemaki.engine.observer import Try
from tanemaki.engine.root import Root
from tanemaki.engine.stats import Stats, named
from tanemaki.run.pulse import Progress

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.metrics import CallbackOptions, MeterProvider, Observation
    from opentelemetry.trace import Span, TracerProvider

DURATIONS_S = (0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92)
"""Bounds of the duration histogram, as the conventions have them."""
TOKENS = (1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864)
"""Bounds of the token histogram, as the conventions have them."""

_SAMPLING = ("temperature", "top_p", "top_k", "max_tokens", "frequency_penalty", "presence_penalty")
"""Settings that the conventions name as ``gen_ai.request.…``."""


class Telemetry:
    """An :class:`~tanemaki.engine.observer.Observer` that makes spans and metrics of what it is told."""

    def __init__(self, tracers: TracerProvider, meters: MeterProvider, stats: Stats) -> None:
        from tanemaki import __version__

        self._tracer = tracers.get_tracer("tanemaki", __version__)
        self._stats = stats
        self._run: Span | None = None
        self._rows: dict[int, tuple[Span, Context]] = {}
        meter = meters.get_meter("tanemaki", __version__)
        self._durations = meter.create_histogram(
            "gen_ai.client.operation.duration",
            "s",
            "GenAI operation duration.",
            explicit_bucket_boundaries_advisory=DURATIONS_S,
        )
        self._tokens = meter.create_histogram(
            "gen_ai.client.token.usage",
            "{token}",
            "Number of input and output tokens used.",
            explicit_bucket_boundaries_advisory=TOKENS,
        )
        self._requests = meter.create_counter(
            "tanemaki.requests", "{request}", "Requests that came to an end."
        )
        self._costs = meter.create_counter(
            "tanemaki.cost", "{USD}", "What replies cost, at the stated prices."
        )
        self._ended = meter.create_counter("tanemaki.rows", "{row}", "Rows that ended, by status.")
        meter.create_observable_up_down_counter(
            "tanemaki.requests.in_flight", [self._in_flight], "{request}", "Requests in flight, by endpoint."
        )

    def run_started(self, about: Mapping[str, Any]) -> None:
        """Begin the run's span; that of a judge's trial before it ends here."""
        if self._run is not None:
            self._run.end()
        names = ("recipe", "language", "seed", "wanted")
        told = {f"tanemaki.run.{name}": about[name] for name in names if about.get(name) is not None}
        self._run = self._tracer.start_span("run", attributes=told)

    def reply(self, tried: Try, reply: Reply) -> None:
        """Make the span of a call and count it."""
        measured = _measured_by(tried)
        usage = reply.usage
        told = {
            **_call_attributes(tried, measured),
            "gen_ai.response.model": reply.model or tried.lane.model.name,
            "gen_ai.response.finish_reasons": [one.finish_reason for one in (reply, *reply.others)],
        }
        if usage.prompt_tokens is not None:
            told["gen_ai.usage.input_tokens"] = usage.prompt_tokens
            self._tokens.record(usage.prompt_tokens, {**measured, "gen_ai.token.type": "input"})
        if usage.completion_tokens is not None:
            told["gen_ai.usage.output_tokens"] = usage.completion_tokens
            self._tokens.record(usage.completion_tokens, {**measured, "gen_ai.token.type": "output"})
        if tried.usd:
            self._costs.add(tried.usd, measured)
        self._finish(tried, told, measured)

    def fault(self, tried: Try, error: ModelError) -> None:
        """Make the span of a failed try and count it."""
        measured = {**_measured_by(tried), "error.type": error.fault}
        self._finish(tried, _call_attributes(tried, measured), measured)

    def _finish(self, tried: Try, told: dict[str, Any], measured: dict[str, Any]) -> None:
        from opentelemetry.trace import SpanKind, Status, StatusCode

        ended_ns = time.time_ns()
        began_ns = ended_ns - int(tried.latency_s * 1e9)
        span = self._tracer.start_span(
            f"{told['gen_ai.operation.name']} {told['gen_ai.request.model']}",
            self._row(tried, began_ns),
            SpanKind.CLIENT,
            told,
            start_time=began_ns,
        )
        if "error.type" in measured:
            span.set_status(Status(StatusCode.ERROR, measured["error.type"]))
        span.end(ended_ns)
        self._durations.record(tried.latency_s, measured)
        self._requests.add(1, measured)

    def _row(self, tried: Try, began_ns: int) -> Context:
        """Return the row to which a call belongs; its span begins with the first."""
        from opentelemetry.context import Context
        from opentelemetry.trace import Link, set_span_in_context

        number = tried.call.address.root
        if number not in self._rows:
            links = [Link(self._run.get_span_context())] if self._run is not None else []
            span = self._tracer.start_span("row", Context(), links=links, start_time=began_ns)
            self._rows[number] = (span, set_span_in_context(span, Context()))
        return self._rows[number][1]

    def closed(self, root: Root) -> None:
        """End the span of a row, and count its records by status."""
        from opentelemetry.trace import Status, StatusCode

        for row in root.rows:
            self._ended.add(1, {"tanemaki.row.status": row.status})
        span, _ = self._rows.pop(root.number, (None, None))
        if span is None:
            return  # nothing was asked for it in this start
        for row in root.rows:
            told: dict[str, Any] = {
                "tanemaki.row.id": row.record.id,
                "tanemaki.row.ordinal": show_ordinal(row.record.ordinal),
                "tanemaki.row.status": row.status,
            }
            if row.step and row.reason:
                told |= {"tanemaki.row.step": row.step, "tanemaki.row.reason": row.reason}
            if len(row.record.ordinal) == 1:
                span.set_attributes(told)
            else:
                span.add_event("row ended", told)
            if row.status == "failed":
                span.set_status(Status(StatusCode.ERROR, row.reason))
        span.end()

    def batch(self, role: str, key: str, state: str, n_requests: int) -> None:
        """Note the new state of a batch file at the run's span."""
        if self._run is not None:
            told: dict[str, Any] = {
                "tanemaki.role": role,
                "tanemaki.batch.key": key,
                "tanemaki.batch.requests": n_requests,
            }
            self._run.add_event(f"batch {state}", told)

    def run_ended(self, report: Mapping[str, Any] | None, error: BaseException | None) -> None:
        """End all spans; rows that did not end keep no status."""
        from opentelemetry.trace import Status, StatusCode

        for span, _ in self._rows.values():
            span.end()
        self._rows.clear()
        if self._run is None:
            return
        if report is not None:
            self._run.set_attribute("tanemaki.run.state", str(report["state"]))
        if error is not None:
            self._run.set_attribute("error.type", type(error).__name__)
            self._run.set_status(Status(StatusCode.ERROR, getattr(error, "what", None)))
        self._run.end()
        self._run = None

    def flush(self) -> None:
        """Nothing is held back here: exporters have their own clock."""

    def _in_flight(self, _options: CallbackOptions) -> Iterator[Observation]:
        from opentelemetry.metrics import Observation

        for role, lanes in dict(self._stats.lanes).items():
            for name, lane in named(lanes):
                yield Observation(lane.in_flight, {"tanemaki.role": role, "tanemaki.endpoint": name})


def _measured_by(tried: Try) -> dict[str, Any]:
    """Return the attributes by which calls are told apart in metrics: few values each."""
    call = tried.call
    return {
        "gen_ai.operation.name": "chat" if call.request.prompt is None else "text_completion",
        "gen_ai.request.model": call.bound.model.name,
        **_provider(getattr(tried.lane.model, "endpoint", None)),
    }


def _provider(endpoint: object) -> dict[str, Any]:
    """Return who answers: ``openai`` names the wire format, as the conventions ask where more is not known."""
    address = urlsplit(endpoint) if isinstance(endpoint, str) else None
    if address is None or address.hostname is None:
        return {"gen_ai.provider.name": "tanemaki"}  # scripted and replayed models
    return {
        "gen_ai.provider.name": "openai",
        "server.address": address.hostname,
        "server.port": address.port or (443 if address.scheme == "https" else 80),
    }


def _call_attributes(tried: Try, measured: Mapping[str, Any]) -> dict[str, Any]:
    call = tried.call
    sampling = call.request.sampling
    told = {f"gen_ai.request.{name}": getattr(sampling, name) for name in _SAMPLING}
    told["gen_ai.request.seed"] = call.request.seed
    told["gen_ai.request.stop_sequences"] = list(sampling.stop) or None
    told["gen_ai.request.choice.count"] = call.request.n if call.request.n != 1 else None
    return {
        **measured,
        **{name: value for name, value in told.items() if value is not None},
        "tanemaki.role": call.bound.role,
        "tanemaki.step": call.address.step,
        "tanemaki.attempt": tried.attempt,
    }


class Complaints(logging.Handler):
    """Hears what OpenTelemetry says of its exporters, which would otherwise be written across the display."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.last = ""
        """What it said last; empty if it never complained."""

    def emit(self, record: logging.LogRecord) -> None:
        """Keep what is said."""
        self.last = record.getMessage()


@contextmanager
def telemetry(progress: Progress) -> Iterator[Telemetry]:
    """Yield an observer that sends to where the process, or else its environment, says; what is left is sent at the end.

    What could not be sent ends no run: a note tells of it. Raises ``SetupError`` if the extra is not installed.
    """
    try:
        from opentelemetry import metrics, trace
        from opentelemetry.sdk.metrics import MeterProvider
    except ModuleNotFoundError as error:
        raise _missing() from error
    tracers, meters = trace.get_tracer_provider(), metrics.get_meter_provider()
    own: list[Any] = []
    if isinstance(tracers, trace.ProxyTracerProvider):
        tracers = _own_tracers()
        own.append(tracers)
    if not isinstance(meters, MeterProvider):
        meters = _own_meters()
        own.append(meters)
    logger, complaints = logging.getLogger("opentelemetry"), Complaints()
    if own:
        logger.addHandler(complaints)
    try:
        yield Telemetry(tracers, meters, progress.stats)
    finally:
        for provider in own:
            provider.shutdown()
        logger.removeHandler(complaints)
        if complaints.last:
            progress.notes.append(f"OpenTelemetry could not send everything: {complaints.last}")


def _own_tracers() -> Any:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    except ModuleNotFoundError as error:
        raise _missing() from error
    provider = TracerProvider(resource=_resource(), shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return provider


def _own_meters() -> Any:
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader

    try:
        from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
    except ModuleNotFoundError as error:
        raise _missing() from error
    reader = PeriodicExportingMetricReader(OTLPMetricExporter())
    return MeterProvider([reader], resource=_resource(), shutdown_on_exit=False)


def _resource() -> Any:
    from opentelemetry.sdk.resources import Resource

    named_already = "OTEL_SERVICE_NAME" in os.environ or "service.name" in os.environ.get(
        "OTEL_RESOURCE_ATTRIBUTES", ""
    )
    return Resource.create() if named_already else Resource.create({"service.name": "tanemaki"})


def _missing() -> SetupError:
    return SetupError(
        "--otel needs OpenTelemetry, which is not installed",
        next='pip install "tanemaki[otel]"',
    )
