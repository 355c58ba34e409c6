from __future__ import annotations

from typing import Annotated, Any

import pytest

from tests.core.pages import bound, call, fake_app
from transom.core import (
    AppHandle,
    Invoke,
    InvokeMessage,
    Request,
    State,
    StateManager,
    Webview,
    WebviewWindow,
    Window,
)
from transom.core._extract import extractor_for, reads_body


class Cache:
    pass


def _extracted(annotation: Any, invoke: Invoke) -> Any:
    extractor = extractor_for(annotation)
    assert extractor is not None
    return extractor(invoke)


@pytest.mark.parametrize("kind", [Window, Webview, WebviewWindow])
def test_a_window_is_the_one_that_called(kind: type[Window]) -> None:
    invoke = call()
    window = _extracted(kind, invoke)
    assert type(window) is kind
    assert window.label == "main"
    assert window._app is invoke.app


def test_the_call_itself_and_its_parts() -> None:
    invoke = call({"a": 1})
    assert _extracted(Invoke, invoke) is invoke
    assert _extracted(InvokeMessage, invoke) is invoke.message
    assert _extracted(Request, invoke).body == {"a": 1}
    handle = _extracted(AppHandle, invoke)
    assert type(handle) is AppHandle
    assert handle._app is invoke.app


def test_state_is_the_managed_object() -> None:
    state, cache = StateManager(), Cache()
    state.set(cache)
    assert _extracted(State[Cache], call(app=fake_app(state))) is cache


@pytest.mark.parametrize(
    "annotation",
    [int, Any, Cache, Annotated[int, "x"], Annotated[Cache, []], list[AppHandle], {"un": "hashable"}, None],
)
def test_other_annotations_are_arguments(annotation: Any) -> None:
    assert extractor_for(annotation) is None


def test_every_injectable_beside_arguments_in_any_order() -> None:
    def all_of(
        app: AppHandle,
        a: int,
        window: WebviewWindow,
        webview: Webview,
        plain: Window,
        b: str,
        request: Request,
        invoke: Invoke,
        message: InvokeMessage,
        state: State[Cache],
    ) -> list[Any]:
        return [app, a, window, webview, plain, b, request, invoke, message, state]

    state = StateManager()
    state.set(Cache())
    got = bound(all_of, {"b": "x", "a": 1}, app=fake_app(state))
    assert [type(value) for value in got] == [
        AppHandle,
        int,
        WebviewWindow,
        Webview,
        Window,
        str,
        Request,
        Invoke,
        InvokeMessage,
        Cache,
    ]


def test_who_reads_the_body_himself() -> None:
    for kind in (Request, Invoke, InvokeMessage):
        extractor = extractor_for(kind)
        assert extractor is not None
        assert reads_body(extractor)
    handle = extractor_for(AppHandle)
    assert handle is not None
    assert not reads_body(handle)
    assert not reads_body(0)
