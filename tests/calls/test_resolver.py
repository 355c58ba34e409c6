from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.mock_app import Running, running
from transom.app import Builder
from transom.calls import Invoke
from transom.commands import command, generate_handler
from transom.errors import CommandDefinitionError, CommandError
from transom.runtimes._mock import MockRejection
from transom.values import InvokeError, InvokeResponse, encode_body


async def _value(invoke: Invoke) -> Any:
    return invoke.message.payload


async def _fails(_: Invoke) -> Any:
    raise CommandError({"kind": "no"})


async def _encoded(invoke: Invoke) -> InvokeResponse:
    return InvokeResponse.ok(invoke.message.payload)


async def _encoded_error(_: Invoke) -> InvokeResponse:
    return InvokeResponse.err({"kind": "no"})


def _raises() -> Any:
    raise CommandError({"kind": "no"})


# Command -> how a hand-written handler answers it. Each way of answering is here once.
WAYS: dict[str, Callable[[Invoke], None]] = {
    "resolve": lambda invoke: invoke.resolver.resolve(invoke.message.payload),
    "reject": lambda invoke: invoke.resolver.reject({"kind": "no"}),
    "respond ok": lambda invoke: invoke.resolver.respond(InvokeResponse.ok(invoke.message.payload)),
    "respond err": lambda invoke: invoke.resolver.respond(InvokeResponse.err({"kind": "no"})),
    "respond error": lambda invoke: invoke.resolver.respond(InvokeResponse.err(InvokeError({"kind": "no"}))),
    "invoke_error": lambda invoke: invoke.resolver.invoke_error(InvokeError({"kind": "no"})),
    "respond_closure ok": lambda invoke: invoke.resolver.respond_closure(lambda: invoke.message.payload),
    "respond_closure err": lambda invoke: invoke.resolver.respond_closure(_raises),
    "respond_async ok": lambda invoke: invoke.resolver.respond_async(_value(invoke)),
    "respond_async err": lambda invoke: invoke.resolver.respond_async(_fails(invoke)),
    "serialized ok": lambda invoke: invoke.resolver.respond_async_serialized(_encoded(invoke)),
    "serialized err": lambda invoke: invoke.resolver.respond_async_serialized(_encoded_error(invoke)),
    "return_task ok": lambda invoke: _spawn(invoke, _value),
    "return_task err": lambda invoke: _spawn(invoke, _fails),
}


def _spawn(invoke: Invoke, task: Callable[[Invoke], Any]) -> None:
    invoke.app.threads.loop.spawn(invoke.resolver.return_task(task(invoke)))


def _handler(invoke: Invoke) -> bool:
    way = WAYS.get(invoke.message.command)
    if way is None:
        return False
    way(invoke)
    return True


@command
def beside() -> str:
    return "a command"


@pytest.fixture
def application() -> Iterator[Running]:
    with running(builder=Builder().invoke_handler(_handler, generate_handler(beside))) as application:
        yield application


@pytest.mark.parametrize("way", WAYS)
def test_every_way_to_answer_answers_once(application: Running, way: str) -> None:
    call = application.page.send(way, {"a": 1})
    if way in ("resolve", "return_task ok") or way.endswith("ok"):
        assert application.page.answer(call) == {"a": 1}
    else:
        with pytest.raises(MockRejection) as caught:
            application.page.answer(call)
        assert caught.value.value == {"kind": "no"}
    application.on_loop()
    assert call not in application.session.calls
    assert sum(message[1] == call for message in application.page.messages if message[0] in (0, 1)) == 1


def test_what_is_no_encoded_answer_is_told_as_a_bug(caplog: pytest.LogCaptureFixture) -> None:
    async def wrong() -> Any:
        return {"a": 1}

    def handler(invoke: Invoke) -> bool:
        invoke.resolver.respond_async_serialized(wrong())
        return True

    with running(builder=Builder().invoke_handler(handler)) as application, pytest.raises(MockRejection) as caught:
        application.page.invoke("anything")
    assert caught.value.value["kind"] == "internal"
    assert "command 'anything' failed" in caplog.text


def test_a_handler_and_commands_stand_beside_each_other(application: Running) -> None:
    assert application.page.invoke("beside") == "a command"
    with pytest.raises(MockRejection) as caught:
        application.page.invoke("besides")
    assert caught.value.value == "Command besides not found; did you mean `beside`?"


def test_a_handler_that_cannot_tell_at_once_is_refused() -> None:
    async def handler(invoke: Invoke) -> bool:
        return True

    with pytest.raises(
        CommandDefinitionError, match=r"the invoke handler .*handler is an `async def`, which cannot tell at once"
    ):
        Builder().invoke_handler(handler)  # type: ignore[arg-type]


def test_cancelling_reaches_a_task_of_a_handler(application: Running) -> None:
    import asyncio

    async def forever(_: Invoke) -> None:
        await asyncio.Event().wait()

    WAYS["forever"] = lambda invoke: invoke.resolver.respond_async(forever(invoke))
    try:
        call = application.page.send("forever")
        application.session.receive(f"[[1,{call}]]")
        with pytest.raises(MockRejection) as caught:
            application.page.answer(call)
        assert caught.value.value["kind"] == "cancelled"
    finally:
        del WAYS["forever"]


def test_a_task_that_exits_is_answered_for_and_the_loop_goes_on(application: Running) -> None:
    async def leaves(_: Invoke) -> None:
        raise SystemExit(3)

    WAYS["leaves"] = lambda invoke: invoke.resolver.respond_async(leaves(invoke))
    try:
        with pytest.raises(MockRejection) as caught:
            application.page.invoke("leaves")
        assert caught.value.value["kind"] == "internal"
        application.on_loop()
    finally:
        del WAYS["leaves"]


def test_errors_are_values_or_texts() -> None:
    try:
        try:
            raise OSError("disk")
        except OSError as error:
            raise ValueError("read") from error
    except ValueError as error:
        chain = error
    assert InvokeError({"a": b"x"}).value == {"a": b"x"}
    assert InvokeError.from_error(chain).value == "read"
    assert InvokeError.from_anyhow(chain).value == "read: disk"
    chain.__cause__ = chain  # by `raise error from error`
    assert InvokeError.from_anyhow(chain).value == "read"
    assert InvokeError(object()).value.startswith("an object of the type object cannot be sent to the page")


def test_a_response_keeps_what_was_encoded() -> None:
    assert InvokeResponse.ok([1]).body == encode_body([1])
    assert InvokeResponse.ok([1]).is_ok
    assert not InvokeResponse.err("x").is_ok
    assert repr(InvokeResponse.err("x")) == "<InvokeResponse err b'\"x\"'>"
    with pytest.raises(TypeError, match="cannot be sent to the page"):
        InvokeResponse.ok(object())


@pytest.mark.parametrize("development", [True, False])
def test_a_name_that_a_page_makes_up_does_not_move_the_cursor_of_a_terminal(
    development: bool, caplog: pytest.LogCaptureFixture
) -> None:
    name = "plugin:\x1b]0;title\x07\r\nWARNING all is well\u202e\x9b2J|x"
    with caplog.at_level("DEBUG", logger="transom"), running(development=development) as application:
        for command in (name, f"plugin:app|{name}", name[7:]):
            with pytest.raises(MockRejection):
                application.page.invoke(command)
    logged = [record.getMessage() for record in caplog.records if "all is well" in record.getMessage()]
    assert len(logged) >= 2
    assert all(text.isprintable() for text in logged)
