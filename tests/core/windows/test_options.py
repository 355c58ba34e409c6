from __future__ import annotations

import logging
from typing import Any

import pytest

from tests.mock_app import Running
from transom.config import WindowConfig
from transom.core.windows._options import check_window_options, warn_of_hooks
from transom.errors import WindowError
from transom.runtimes import InitializationScript, Runtime, WebviewHooks, find_runtime
from transom.runtimes._mock import MockRuntime
from transom.runtimes.web._runtime import WebRuntime


def _runtime_with(application: Running, monkeypatch: pytest.MonkeyPatch, *used: str) -> Runtime:
    runtime = application.runtime
    monkeypatch.setattr(type(runtime), "WINDOW_OPTIONS", frozenset(used))
    return runtime


def test_an_option_without_effect_is_named_once_with_its_window(
    application: Running, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    runtime = _runtime_with(application, monkeypatch, "label", "title")
    options = WindowConfig(label="main", title="A", always_on_top=True, theme="Dark", width=800.0)
    with caplog.at_level(logging.WARNING, "transom"):
        check_window_options(options, runtime)
    assert [record.getMessage() for record in caplog.records] == [
        "window 'main': the runtime mock does not use `alwaysOnTop`, `theme`"
    ]


def test_nothing_is_said_of_options_that_were_left_alone_or_are_used(
    application: Running, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    runtime = _runtime_with(application, monkeypatch, "label", "width")
    check_window_options(WindowConfig(label="x", width=3), runtime)
    assert caplog.records == []


@pytest.mark.parametrize(
    ("option", "value"),
    [("javascript_disabled", True), ("incognito", True), ("content_protected", True), ("proxy_url", "http://proxy")],
)
def test_an_option_that_protects_is_never_ignored(
    application: Running, monkeypatch: pytest.MonkeyPatch, option: str, value: Any
) -> None:
    _runtime_with(application, monkeypatch, "label")
    options = WindowConfig(label="safe", **{option: value})
    with pytest.raises(WindowError, match="^window `safe`: the runtime mock does not support `"):
        application.core.create_window(application.core.client, options)
    assert application.core.client.windows == ["main"]


@pytest.mark.parametrize("name", ["mock", "web"])
def test_a_runtime_names_fields_that_there_are(name: str) -> None:
    runtime: Any = find_runtime(name)
    options = (runtime if isinstance(runtime, type) else _class_of(runtime)).WINDOW_OPTIONS
    assert options <= set(WindowConfig.__struct_fields__)
    assert "label" in options


def _class_of(factory: Any) -> Any:
    return factory.__globals__[factory.__annotations__["return"]]


def test_hooks_that_a_runtime_does_not_use_are_named_once(caplog: pytest.LogCaptureFixture) -> None:
    hooks = WebviewHooks(scripts=(InitializationScript("1"),), on_navigation=lambda url: True)
    warn_of_hooks("main", hooks, WebRuntime)  # type: ignore[arg-type]
    warn_of_hooks("main", WebviewHooks(), WebRuntime)  # type: ignore[arg-type]
    warn_of_hooks("main", hooks, MockRuntime)  # type: ignore[arg-type]
    assert caplog.messages == ["webview 'main': the runtime web does not use `initialization_script`, `on_navigation`"]
