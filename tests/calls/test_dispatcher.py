from __future__ import annotations

import difflib
from typing import Any

import pytest

from tests.fake_page import FakePage, fake_app
from tests.mock_app import Running
from transom.acl import Grant, Origin, RuntimeAuthority
from transom.calls import Invoke
from transom.calls._dispatcher import dispatch
from transom.commands import CommandSet, command, generate_handler
from transom.errors import NotAllowed
from transom.handles import Webview
from transom.values import CallbackFn, InvokeResponse
from transom.wire import InvokeRequest, decode_batch


class AllowsAll(RuntimeAuthority):
    def authorize(self, command: str, window: str, webview: str, origin: Origin) -> Grant:
        return Grant(command, webview)


@command
def scan() -> int:
    return 1


def _app(handler: Any = None, plugins: dict[str, Any] | None = None, authority: RuntimeAuthority | None = None) -> Any:
    handler = handler or CommandSet()
    plugins = plugins or {}

    def nearest(plugin: str | None, name: str) -> str | None:
        found = handler if plugin is None else plugins[plugin]
        names = found.names if isinstance(found, CommandSet) else []
        return next(iter(difflib.get_close_matches(name, names, 1)), None)

    return fake_app(handle=handler, plugins=plugins, authority=authority or RuntimeAuthority(), nearest_command=nearest)


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


def test_an_unknown_command_rejects_with_the_nearest() -> None:
    app = _app(generate_handler(scan))
    assert _dispatched(app, '[[0,1,"sacn"],[0,2,"zzzzzzz"]]') == [
        [1, 1, "Command sacn not found; did you mean `scan`?"],
        [1, 2, "Command zzzzzzz not found; is it in generate_handler(...)?"],
    ]


def test_an_unknown_command_of_a_plugin_is_named_without_its_prefix() -> None:
    app = _app(plugins={"p": generate_handler(scan), "q": lambda invoke: False}, authority=AllowsAll())
    assert _dispatched(app, '[[0,1,"plugin:p|scam"],[0,2,"plugin:q|x"],[0,3,"plugin:none|x"]]') == [
        [1, 1, "Command scam not found; did you mean `scan`?"],
        [1, 2, "Command x not found; is it in generate_handler(...)?"],
        [1, 3, "plugin none not found; is it added with Builder.plugin(...), and has it an invoke_handler?"],
    ]


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
