from __future__ import annotations

from typing import Any

import pytest

from tests.core.pages import FakePage, fake_app
from tests.mock_app import Running, running
from transom.acl import Grant, Origin, RuntimeAuthority
from transom.app import Builder
from transom.core import (
    CommandSet,
    Invoke,
    InvokeRequest,
    InvokeResponse,
    PluginBuilder,
    Webview,
    command,
    generate_handler,
)
from transom.core._spine import dispatch
from transom.errors import NotAllowed
from transom.runtimes._mock import MockRejection
from transom.wire import CallbackFn, decode_batch


class AllowsAll(RuntimeAuthority):
    def authorize(self, command: str, window: str, webview: str, origin: Origin) -> Grant:
        return Grant(command, webview)


@command
def scan() -> int:
    return 1


def _app(handler: Any = None, plugins: dict[str, Any] | None = None, authority: RuntimeAuthority | None = None) -> Any:
    handler = handler or CommandSet()
    plugins = plugins or {}
    return fake_app(handle=handler, plugins=plugins, authority=authority or RuntimeAuthority())


def _dispatched(app: Any, text: str, page: FakePage | None = None) -> list[Any]:
    page = page or FakePage()
    for frame in decode_batch(text):
        dispatch(app, page.session, frame, ())  # type: ignore[arg-type]
    return page.taken()


def test_a_handler_gets_the_call_and_its_grant() -> None:
    seen: list[Invoke] = []

    def handler(invoke: Invoke) -> bool:
        seen.append(invoke)
        invoke.resolver.resolve("done")
        return True

    assert _dispatched(_app(handler), '[[0,4,"scan",{"a":1},{"h":"v"}]]') == [[0, 4, "done"]]
    [invoke] = seen
    assert (invoke.message.command, invoke.message.payload, invoke.message.headers) == ("scan", {"a": 1}, {"h": "v"})
    assert invoke.acl == Grant("scan", "main")
    assert invoke.resolver.call == 4


def test_a_plugins_handler_gets_the_name_without_the_prefix() -> None:
    seen: list[str] = []

    def handler(invoke: Invoke) -> bool:
        seen.append(invoke.message.command)
        invoke.resolver.resolve(None)
        return True

    assert _dispatched(_app(plugins={"event": handler}), '[[0,4,"plugin:event|emit"]]') == [[0, 4, None]]
    assert seen == ["emit"]


def _rejection(application: Running, name: str) -> Any:
    with pytest.raises(MockRejection) as caught:
        application.page.invoke(name)
    return caught.value.value


def test_an_unknown_command_rejects_with_the_nearest() -> None:
    with running(scan) as application:
        assert _rejection(application, "sacn") == "Command sacn not found; did you mean `scan`?"
        assert _rejection(application, "zzzzzzz") == "Command zzzzzzz not found; is it in generate_handler(...)?"


def test_an_unknown_command_of_a_plugin_is_named_without_its_prefix() -> None:
    own = PluginBuilder("p").invoke_handler(generate_handler(scan)).build()
    with running(builder=Builder().plugin(own)) as application:
        application.core.authority = AllowsAll()
        assert _rejection(application, "plugin:p|scam") == "Command scam not found; did you mean `scan`?"
        assert _rejection(application, "plugin:p|x") == "Command x not found; is it in generate_handler(...)?"
        assert _rejection(application, "plugin:none|x") == (
            "plugin none not found; is it added with Builder.plugin(...), and has it an invoke_handler?"
        )


def test_what_the_policy_refuses_never_reaches_a_handler() -> None:
    def handler(invoke: Invoke) -> bool:
        raise AssertionError("called")

    [[kind, call, text]] = _dispatched(_app(handler), '[[0,1,"scan"]]', FakePage(local=False))
    assert (kind, call) == (1, 1)
    assert text.startswith("Command scan not allowed by ACL")
    [[kind, _, text]] = _dispatched(_app(handler, {"fs": handler}), '[[0,1,"plugin:fs|read"]]')
    assert (kind, text) == (1, "Command plugin:fs|read not allowed by ACL: webview 'main' has no permission for it")


def test_a_handler_that_raises_is_answered_for() -> None:
    def handler(invoke: Invoke) -> bool:
        raise ValueError("broken")

    app = _app(handler)
    [[kind, call, value]] = _dispatched(app, '[[0,1,"scan"]]')
    assert (kind, call, value["kind"], value["command"]) == (1, 1, "internal", "scan")


def test_a_handler_that_raises_after_its_answer_is_not_answered_twice() -> None:
    def handler(invoke: Invoke) -> bool:
        invoke.resolver.resolve(1)
        raise ValueError("broken")

    assert _dispatched(_app(handler), '[[0,1,"scan"]]') == [[0, 1, 1]]


def _responses(application: Running) -> tuple[Webview, list[InvokeResponse]]:
    window = application.app.get_webview_window("main")
    assert window is not None
    return window, []


@pytest.mark.parametrize("key", ["", "0" * 32, "\ud800", None, 7, ["key"]])
def test_a_message_without_the_key_is_refused_whatever_it_has_in_its_place(application: Running, key: Any) -> None:
    webview, answers = _responses(application)
    request = InvokeRequest(cmd="plugin:event|emit", callback=CallbackFn(1), error=CallbackFn(2), invoke_key=key)
    with pytest.raises(NotAllowed, match="__TAURI_INVOKE_KEY__"):
        webview.on_message(request, lambda *given: answers.append(given[2]))
    assert not answers


@pytest.mark.parametrize("wrong", [{"body": object()}, {"headers": {1: "x"}}])
def test_a_message_that_is_no_call_leaves_nothing_behind(application: Running, wrong: dict[str, Any]) -> None:
    webview, answers = _responses(application)
    key = application.page.invoke_key
    callbacks: dict[str, Any] = {"callback": CallbackFn(1), "error": CallbackFn(2), "invoke_key": key}
    with pytest.raises((TypeError, AttributeError)):
        webview.on_message(InvokeRequest(cmd="x", **callbacks, **wrong), lambda *given: answers.append(given[2]))
    assert application.session._running == {}
    webview.on_message(InvokeRequest(cmd="x", **callbacks), lambda *given: answers.append(given[2]))
    assert [answer.is_ok for answer in answers] == [False]
