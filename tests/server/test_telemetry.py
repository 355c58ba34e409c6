"""OpenTelemetry: what an SDK sees of a server, and nothing where there is none. A program of its own, as its SDK is for good."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.application import Program
from tests.requirements import ROOT
from tests.server.people import written
from transom import Builder
from transom.app import generate_context
from transom.calls import Dispatcher
from transom.server import ServerCore
from transom.server.telemetry import find_telemetry

pytestmark = pytest.mark.slow  # servers in processes of their own

PROGRAM = """
import asyncio, json, sys
from pathlib import Path
from opentelemetry import metrics, trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from tests.server.people import Page, Rejected, people_of, serving
from transom import Builder, CommandError, command, generate_handler

reader, spans = InMemoryMetricReader(), InMemorySpanExporter()
metrics.set_meter_provider(MeterProvider([reader]))
trace.set_tracer_provider(TracerProvider())
trace.get_tracer_provider().add_span_processor(SimpleSpanProcessor(spans))

@command
async def greet() -> str:
    with trace.get_tracer("author").start_as_current_span("inside"):
        await asyncio.sleep(0)
    return "hello"

@command
def refuse() -> None:
    raise CommandError("no")

builder = Builder().server(authenticate=people_of).invoke_handler(generate_handler(greet, refuse))
with serving(builder, Path(sys.argv[1])) as base:
    page = Page(base, "ann")
    page.invoke("greet")
    for name in ("refuse", "nothing-of-the-kind"):
        try:
            page.invoke(name)
        except Rejected:
            pass
    old, page._socket = page.socket, page.connect(f"again.{page.received}")
    page.invoke("greet")
    found = {}
    for resource in reader.get_metrics_data().resource_metrics:
        for scope in resource.scope_metrics:
            for metric in scope.metrics:
                found[metric.name] = [
                    [dict(point.attributes), getattr(point, "value", None) or getattr(point, "count", 0)]
                    for point in metric.data.data_points
                ]
    page.close()
names = {span.context.span_id: span.attributes.get("command") for span in spans.get_finished_spans()}
inside = [names[span.parent.span_id] for span in spans.get_finished_spans() if span.name == "inside"]
print(json.dumps({"metrics": found, "parents": inside}))
"""


def test_an_sdk_sees_calls_sessions_and_reconnects(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM, "utf-8")
    path = f"{ROOT}:{ROOT / 'src'}"
    with Program([sys.executable, program, written(tmp_path / "app")], {"PYTHONPATH": path}) as running:
        seen: dict[str, Any] = json.loads(running.line())
    calls = {(about["command"], about["outcome"]): value for about, value in seen["metrics"]["transom.calls"]}
    assert calls["greet", "ok"] == 2
    assert calls["refuse", "error"] == 1
    assert calls["unknown", "refused"] == 1
    assert not [name for name, _ in calls if "kind" in name], "a page makes no series of its own"
    durations = {about["command"]: count for about, count in seen["metrics"]["transom.call.duration"]}
    assert durations["greet"] == 2
    for name in ("transom.sessions", "transom.pages", "transom.reconnects"):
        assert seen["metrics"][name] == [[{}, 1]], name
    assert seen["metrics"]["transom.bus.lag"] == [[{}, 0]]
    assert seen["parents"] == ["greet", "greet"], "what a command traces is inside its call"


def test_without_an_sdk_nothing_is_measured(tmp_path: Path) -> None:
    app = Builder().server(anonymous=True).build(generate_context(written(tmp_path)))
    core: Any = app._core
    assert isinstance(core, ServerCore)
    assert find_telemetry(core) is None
    assert core.dispatcher.kind is Dispatcher
    assert set(core.figures()) >= {"transom.sessions", "transom.bus.waiting"}
