from __future__ import annotations

from typing import Any

import pytest

from tests.acl.core_permissions import core_authority
from tests.fake_page import FakeApplication, FakePage
from tests.mock_app import Running
from transom.acl import CapabilityBuilder, Grant, Origin, RuntimeAuthority
from transom.calls import Dispatcher, Invoke, InvokeHandler
from transom.commands import CommandSet, command, generate_handler
from transom.errors import NotAllowed
from transom.handles import Webview
from transom.values import CallbackFn, InvokeResponse
from transom.wire import InvokeRequest


class AllowsAll(RuntimeAuthority):
    def authorize(self, command: str, window: str, webview: str, origin: Origin) -> Grant:
        return Grant(command, webview)


@command
def scan() -> int:
    return 1


def _dispatcher(
    handler: InvokeHandler | None = None,
    plugins: dict[str, InvokeHandler] | None = None,
    authority: RuntimeAuthority | None = None,
) -> Dispatcher:
    return Dispatcher(FakeApplication(), authority or core_authority(), (handler or CommandSet(),), plugins or {})


def _dispatched(dispatcher: Dispatcher, text: str, page: FakePage | None = None) -> list[Any]:
    page = page or FakePage()
    page.session.receive(text)
    for call, frame, _ in page.calls:
        dispatcher.dispatch(page.client, page.session, call, frame, ())
    return page.taken()


def test_a_handler_gets_the_call_and_its_grant() -> None:
    seen: list[Invoke] = []

    def handler(invoke: Invoke) -> bool:
        seen.append(invoke)
        invoke.resolver.resolve("done")
        return True

    assert _dispatched(_dispatcher(handler), '[[0,4,"scan",{"a":1},{"h":"v"}]]') == [[0, 4, "done"]]
    [invoke] = seen
    assert (invoke.message.command, invoke.message.payload, invoke.message.headers) == ("scan", {"a": 1}, {"h": "v"})
    assert invoke.acl == Grant("scan", "main")
    assert invoke.call.number == 4


@pytest.mark.parametrize("value", ["1e400", "[1e400]", "1" * 5000, '{"a":-1e400}'])
def test_an_argument_without_a_value_is_the_pages_fault_and_is_not_logged(
    value: str, caplog: pytest.LogCaptureFixture
) -> None:
    def handler(invoke: Invoke) -> bool:
        invoke.resolver.resolve(invoke.message.payload)
        return True

    [[kind, call, text]] = _dispatched(_dispatcher(handler), f'[[0,4,"scan",{{"it":{value}}}]]')
    assert (kind, call) == (1, 4)
    assert text.startswith("invalid args `it` for command `scan`: ")
    assert "out of range" in text
    assert len(text) < 150
    assert caplog.records == []


def test_a_plugins_handler_gets_the_name_without_the_prefix() -> None:
    seen: list[str] = []

    def handler(invoke: Invoke) -> bool:
        seen.append(invoke.message.command)
        invoke.resolver.resolve(None)
        return True

    assert _dispatched(_dispatcher(plugins={"event": handler}), '[[0,4,"plugin:event|emit"]]') == [[0, 4, None]]
    assert seen == ["emit"]


def test_an_unknown_command_rejects_with_the_nearest() -> None:
    app = _dispatcher(generate_handler(scan))
    assert _dispatched(app, '[[0,1,"sacn"],[0,2,"zzzzzzz"]]') == [
        [1, 1, "Command sacn not found; did you mean `scan`?"],
        [1, 2, "Command zzzzzzz not found; is it in generate_handler(...)?"],
    ]


def test_an_unknown_command_of_a_plugin_is_named_without_its_prefix() -> None:
    app = _dispatcher(plugins={"p": generate_handler(scan), "q": lambda invoke: False}, authority=AllowsAll())
    assert _dispatched(app, '[[0,1,"plugin:p|scam"],[0,2,"plugin:q|x"],[0,3,"plugin:none|x"]]') == [
        [1, 1, "Command scam not found; did you mean `scan`?"],
        [1, 2, "Command x not found; is it in generate_handler(...)?"],
        [1, 3, "plugin none not found; is it added with Builder.plugin(...), and has it an invoke_handler?"],
    ]


def test_a_name_that_no_person_wrote_is_not_compared_with_the_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    def compared(*_: object) -> list[str]:
        raise AssertionError("this takes seconds for a name of megabytes, on the thread that brought the call")

    monkeypatch.setattr("difflib.get_close_matches", compared)
    [[kind, _, text]] = _dispatched(_dispatcher(generate_handler(scan)), f'[[0,1,"{"scan" * 100}"]]')
    assert (kind, text[-39:]) == (1, "not found; is it in generate_handler(...)?"[-39:])


def test_the_window_and_the_webview_of_a_page_are_told_apart() -> None:
    authority = core_authority()
    for name, windows, webviews in (("w", ["outer"], []), ("v", [], ["main"]), ("other", ["main"], ["outer"])):
        authority.declare(name, commands=["ping"])
        builder = CapabilityBuilder(name).permission(f"{name}:allow-ping")
        for label in windows:
            builder = builder.window(label)
        for label in webviews:
            builder = builder.webview(label)
        authority.add_capability(builder)
    seen: list[tuple[str, str, str]] = []

    def handler(invoke: Invoke) -> bool:
        webview = invoke.message.webview
        seen.append((webview.label, webview.window().label, invoke.session.page.window))
        invoke.resolver.resolve()
        return True

    page = FakePage()
    page.client._webviews["main"] = "outer"  # as it will be with several webviews in one window
    page.session.page = page.session.page._replace(window="outer")
    dispatcher = _dispatcher(plugins={"w": handler, "v": handler, "other": handler}, authority=authority)
    batch = '[[0,1,"plugin:w|ping"],[0,2,"plugin:v|ping"],[0,3,"plugin:other|ping"]]'
    answers = _dispatched(dispatcher, batch, page)
    assert [kind for kind, *_ in answers] == [0, 0, 1]
    assert seen == [("main", "outer", "outer")] * 2


def test_what_the_policy_refuses_never_reaches_a_handler() -> None:
    def handler(invoke: Invoke) -> bool:
        raise AssertionError("called")

    [[kind, call, text]] = _dispatched(_dispatcher(handler), '[[0,1,"scan"]]', FakePage(local=False))
    assert (kind, call) == (1, 1)
    assert text.startswith("Command scan not allowed by ACL")
    authority = core_authority()
    authority.declare("fs", commands=["read"])
    [[kind, _, text]] = _dispatched(_dispatcher(handler, {"fs": handler}, authority), '[[0,1,"plugin:fs|read"]]')
    assert (kind, text) == (1, "Command plugin:fs|read not allowed by ACL: webview 'main' has no permission for it")


def test_a_handler_that_raises_is_answered_for() -> None:
    def handler(invoke: Invoke) -> bool:
        raise ValueError("broken")

    app = _dispatcher(handler)
    [[kind, call, value]] = _dispatched(app, '[[0,1,"scan"]]')
    assert (kind, call, value["kind"], value["command"]) == (1, 1, "internal", "scan")


def test_a_handler_that_raises_after_its_answer_is_not_answered_twice() -> None:
    def handler(invoke: Invoke) -> bool:
        invoke.resolver.resolve(1)
        raise ValueError("broken")

    assert _dispatched(_dispatcher(handler), '[[0,1,"scan"]]') == [[0, 1, 1]]


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
    assert application.session.calls == {}
    webview.on_message(InvokeRequest(cmd="x", **callbacks), lambda *given: answers.append(given[2]))
    assert [answer.is_ok for answer in answers] == [False]
