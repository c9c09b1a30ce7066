from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from support.four_ends import SAID, four_ends
from support.runs import numbers, order_for
from tanemaki.core.errors import LimitReached
from tanemaki.core.model import Request, Sampling
from tanemaki.core.recipe import Recipe
from tanemaki.core.verdict import Reject
from tanemaki.engine.lanes import Lane, Lanes
from tanemaki.engine.stats import Stats
from tanemaki.models.scripted import Scripted
from tanemaki.run.execute import execute
from tanemaki.run.pulse import Progress
from tanemaki.run.telemetry import Telemetry, _provider


async def answer(question: str, *, writer: Any) -> str | Reject:
    asked = Request(
        [{"role": "user", "content": question}], sampling=Sampling(temperature=0.5, max_tokens=64)
    )
    text = str((await writer(asked)).text)
    return Reject("too_short", measured=len(text), limit=3) if len(text) < 3 else text


RECIPE = Recipe(steps=(answer,), needs=("question",), name="one")


class Seen:
    """What a run of four rows sent to an exporter in memory."""

    def __init__(self, folder: Path, **more: Any) -> None:
        exporter = InMemorySpanExporter()
        tracers = TracerProvider(shutdown_on_exit=False)
        tracers.add_span_processor(SimpleSpanProcessor(exporter))
        self.reader = InMemoryMetricReader()
        meters = MeterProvider([self.reader], shutdown_on_exit=False)
        progress = Progress()
        telemetry = Telemetry(tracers, meters, progress.stats)
        progress.stats.observer = telemetry
        try:
            report = execute(order_for(RECIPE, numbers(4), folder, four_ends(), **more), progress=progress)
        except LimitReached as error:
            telemetry.run_ended(None, error)
        else:
            telemetry.run_ended(report.to_json(), None)
        self.spans: tuple[ReadableSpan, ...] = exporter.get_finished_spans()

    def named(self, name: str) -> list[ReadableSpan]:
        return [span for span in self.spans if span.name == name]


def points_of(reader: InMemoryMetricReader) -> dict[str, list[Any]]:
    found = reader.get_metrics_data()
    assert found is not None
    return {
        metric.name: list(metric.data.data_points)
        for resource in found.resource_metrics
        for scope in resource.scope_metrics
        for metric in scope.metrics
    }


@pytest.fixture
def seen(tmp_path: Path) -> Seen:
    return Seen(tmp_path / "a")


def told(span: ReadableSpan) -> dict[str, Any]:
    return dict(span.attributes or {})


def test_a_run_has_one_span_each_row_one_and_each_try_one(seen: Seen) -> None:
    assert Counter(span.name for span in seen.spans) == {"run": 1, "row": 4, "chat scripted": 5}
    run = told(seen.named("run")[0])
    assert (run["tanemaki.run.recipe"], run["tanemaki.run.language"], run["tanemaki.run.state"]) == (
        "one",
        "ja",
        "complete",
    )


def test_a_call_is_told_by_the_conventions_for_generative_ai(seen: Seen) -> None:
    span = next(
        one for one in seen.named("chat scripted") if told(one).get("gen_ai.usage.output_tokens") == 1
    )
    assert span.kind is SpanKind.CLIENT
    attributes = told(span)
    assert attributes.pop("gen_ai.request.seed") >= 0
    assert attributes == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "tanemaki",
        "gen_ai.request.model": "scripted",
        "gen_ai.request.temperature": 0.5,
        "gen_ai.request.max_tokens": 64,
        "gen_ai.response.model": "scripted",
        "gen_ai.response.finish_reasons": ("stop",),
        "gen_ai.usage.input_tokens": 7,
        "gen_ai.usage.output_tokens": 1,
        "tanemaki.role": "writer",
        "tanemaki.step": "answer",
        "tanemaki.attempt": 1,
    }


def test_a_row_is_a_trace_of_its_own_that_links_to_the_run(seen: Seen) -> None:
    run = seen.named("run")[0].context
    rows = {told(span)["tanemaki.row.ordinal"]: span for span in seen.named("row")}
    assert run is not None
    assert {span.links[0].context.span_id for span in rows.values()} == {run.span_id}
    assert all(span.parent is None for span in rows.values())
    traces = {span.context.trace_id for span in rows.values() if span.context is not None}
    assert len(traces) == 4
    for call in seen.named("chat scripted"):
        assert call.parent is not None
        assert call.parent.trace_id in traces
    assert {ordinal: told(span)["tanemaki.row.status"] for ordinal, span in rows.items()} == {
        "1": "accepted",
        "2": "rejected",
        "3": "failed",
        "4": "accepted",
    }
    assert told(rows["2"])["tanemaki.row.reason"] == "too_short"
    assert rows["3"].status.status_code is StatusCode.ERROR


def test_a_row_lasts_from_its_first_request_to_its_end(seen: Seen) -> None:
    for row in seen.named("row"):
        calls = [span for span in seen.named("chat scripted") if span.parent == row.context]
        assert calls
        for call in calls:
            assert row.start_time is not None
            assert row.end_time is not None
            assert call.start_time is not None
            assert call.end_time is not None
            assert row.start_time <= call.start_time <= call.end_time <= row.end_time


def test_a_failed_try_names_its_class(seen: Seen) -> None:
    faults = [told(span)["error.type"] for span in seen.named("chat scripted") if "error.type" in told(span)]
    assert sorted(faults) == ["content_refused", "overloaded"]


def test_the_metrics_count_requests_tokens_durations_and_rows(seen: Seen) -> None:
    points = points_of(seen.reader)
    tokens = {p.attributes["gen_ai.token.type"]: p.sum for p in points["gen_ai.client.token.usage"]}
    assert tokens == {"input": 21, "output": 11}
    assert sum(p.count for p in points["gen_ai.client.operation.duration"]) == 5
    by_fault = {p.attributes.get("error.type"): p.value for p in points["tanemaki.requests"]}
    assert by_fault == {None: 3, "content_refused": 1, "overloaded": 1}
    rows = {p.attributes["tanemaki.row.status"]: p.value for p in points["tanemaki.rows"]}
    assert rows == {"accepted": 2, "rejected": 1, "failed": 1}
    assert [p.value for p in points["tanemaki.requests.in_flight"]] == [0]


def test_no_prompt_and_no_reply_is_sent(seen: Seen) -> None:
    everything = "".join(str(span.to_json()) for span in seen.spans)
    assert "番目" not in everything
    assert SAID not in everything


def test_a_run_that_meets_a_limit_ends_its_spans_with_it(tmp_path: Path) -> None:
    from tanemaki.config.schema import Limits

    found = Seen(tmp_path / "a", limits=Limits(requests=2))
    run = found.named("run")[0]
    assert told(run)["error.type"] == "LimitReached"
    assert run.status.description == "the limit requests is used up"
    assert all(span.end_time is not None for span in found.spans)


@pytest.mark.parametrize(
    ("endpoint", "expected"),
    [
        ("https://api.example.com/v1", ("openai", "api.example.com", 443)),
        ("http://user:word@10.0.0.1:8000/v1", ("openai", "10.0.0.1", 8000)),
        ("http://[::1]:8000", ("openai", "::1", 8000)),
        (None, ("tanemaki", None, None)),
    ],
)
def test_who_answers_is_told_without_user_and_password(
    endpoint: str | None, expected: tuple[Any, ...]
) -> None:
    told = _provider(endpoint)
    assert (told["gen_ai.provider.name"], told.get("server.address"), told.get("server.port")) == expected


def test_what_is_in_flight_is_told_by_endpoint() -> None:
    stats = Stats()
    reader = InMemoryMetricReader()
    Telemetry(TracerProvider(shutdown_on_exit=False), MeterProvider([reader], shutdown_on_exit=False), stats)
    lanes = Lanes([Lane(Scripted([], name="a")), Lane(Scripted([], name="b"))])
    lanes.all[1].in_flight = 3
    stats.lanes = {"writer": lanes}
    points = points_of(reader)["tanemaki.requests.in_flight"]
    assert [(point.attributes["tanemaki.endpoint"], point.value) for point in points] == [("a", 0), ("b", 3)]


RUN = """
import sys
from tanemaki import Recipe, Run, Scripted

async def answer(question, *, writer):
    return (await writer(question)).text

run = Run(recipe=Recipe(steps=(answer,), needs=("question",)), source=[{"question": "空はなぜ青い？"}],
          models={"writer": Scripted(["散乱です。"])}, language="ja", output=sys.argv[1])
"""


def test_nothing_of_it_is_loaded_unless_it_is_asked_for(tmp_path: Path) -> None:
    code = RUN + "run.start()\nprint(any(name.startswith('opentelemetry') for name in sys.modules))"
    command = [sys.executable, "-c", code, str(tmp_path / "a")]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "False\n"


def test_without_the_extra_the_message_says_what_to_install(tmp_path: Path) -> None:
    hidden = "import sys\nsys.modules['opentelemetry'] = None\n"
    code = hidden + RUN + "run.start(otel=True)"
    command = [sys.executable, "-c", code, str(tmp_path / "a")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert 'pip install "tanemaki[otel]"' in done.stderr
    assert not (tmp_path / "a").exists()


SENDING = """
import http.server, os, sys, threading

class Collector(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        print(self.path)
        self.send_response(int(sys.argv[2]))
        self.end_headers()

    def log_message(self, *_):
        pass

collector = http.server.HTTPServer(("127.0.0.1", 0), Collector)
threading.Thread(target=collector.serve_forever, daemon=True).start()
os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"] = f"http://127.0.0.1:{collector.server_port}"
"""


@pytest.mark.parametrize(("status", "complains"), [(200, False), (400, True)])
def test_spans_and_metrics_go_to_where_the_environment_says(
    tmp_path: Path, status: int, *, complains: bool
) -> None:
    ending = """
from tanemaki.run.pulse import Progress
progress = Progress()
run.start(otel=True, progress=progress)
print(*progress.notes, sep="\\n")
"""
    command = [sys.executable, "-c", SENDING + RUN + ending, str(tmp_path / "a"), str(status)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert sorted(done.stdout.splitlines()[:2]) == ["/v1/metrics", "/v1/traces"]
    assert ("OpenTelemetry could not send everything" in done.stdout) is complains
    assert done.stderr == ""
