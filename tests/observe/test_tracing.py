"""Spans of OpenTelemetry, as its own SDK gets them."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from tests.inspector.inspected import INSPECT
from tests.mock_app import context
from tests.requirements import needs_opentelemetry
from transom import Builder, command, generate_handler
from transom.errors import ConfigError
from transom.testing import Rejected, running

TRACE = "0af7651916cd43dd8448eb211c80319c"


@command
async def greet(name: str) -> str:
    return f"Hello, {name}!"


@command
def fail() -> None:
    raise ValueError("the shelf is empty")


def _provider() -> tuple[Any, Any]:
    needs_opentelemetry()
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    return provider, exporter


@pytest.mark.parametrize("wish", ["", "ready"], ids=["alone", "with the inspector"])
def test_every_call_is_a_span_that_is_current_in_its_command(monkeypatch: pytest.MonkeyPatch, wish: str) -> None:
    provider, exporter = _provider()
    monkeypatch.setenv(INSPECT, wish)
    from opentelemetry import trace

    @command
    async def inside() -> str:
        return format(trace.get_current_span().get_span_context().span_id, "016x")

    @command
    def in_worker() -> str:
        return format(trace.get_current_span().get_span_context().span_id, "016x")

    builder = Builder().tracing(provider).invoke_handler(generate_handler(greet, fail, inside, in_worker))
    with running(builder) as app:
        app.page.invoke("greet", name="Ada", headers={"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"})
        ids = {name: app.page.invoke(name) for name in ("inside", "in_worker")}
        for name in ("fail", "plugin:window|set_title"):
            with pytest.raises(Rejected):
                app.page.invoke(name)
    spans = {span.name: span for span in exporter.get_finished_spans()}
    assert set(spans) == {"greet", "inside", "in_worker", "fail", "plugin:window|set_title"}
    assert {name: format(spans[name].context.span_id, "016x") for name in ids} == ids
    greeted = spans["greet"]
    assert format(greeted.context.trace_id, "032x") == TRACE
    assert format(greeted.parent.span_id, "016x") == "b7ad6b7169203331"
    assert greeted.status.is_unset
    assert greeted.attributes["transom.webview"] == "main"
    assert greeted.attributes["transom.response.size"] == len('"Hello, Ada!"')
    assert [event.name for event in greeted.events] == ["command began"]
    assert spans["inside"].parent is None, "the context ends with the call that it is for"
    assert not spans["fail"].status.is_ok
    [exception] = [event for event in spans["fail"].events if event.name == "exception"]
    assert exception.attributes["exception.message"] == "the shelf is empty"
    assert spans["plugin:window|set_title"].attributes["error.type"] == "NotAllowed"


def test_without_the_package_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry", None)
    with pytest.raises(ConfigError, match=r"pip install 'transom\[telemetry\]'"):
        Builder().tracing()


def test_a_server_makes_its_spans_itself() -> None:
    provider, _ = _provider()
    with pytest.raises(ConfigError, match="a server makes spans itself"):
        Builder().server(anonymous=True).tracing(provider).build(context("main"))
