"""`InvokeMessage` as the documentation of Tauri 1.0 beta has it."""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import pytest

from tests.mock_app import Running, running
from transom.app import Builder
from transom.errors import CommandError
from transom.runtimes import EvaluateScript
from transom.runtimes._mock import MockRejection
from transom.v1_beta import InvokeMessage, invoke_handler


def application(handler: Callable[[InvokeMessage], object]) -> Any:
    return running(builder=Builder().invoke_handler(invoke_handler(handler)))


async def soon(value: Any) -> Any:
    await asyncio.sleep(0)
    if isinstance(value, Exception):
        raise value
    return value


def done(value: Any) -> Future[Any]:
    future: Future[Any] = Future()
    future.set_result(value)
    return future


def raising() -> None:
    raise CommandError({"code": 2})


ANSWERS: dict[str, tuple[Callable[[InvokeMessage], object], bool, Any]] = {
    "resolve": (lambda message: message.resolve([1]), True, [1]),
    "reject": (lambda message: message.reject({"code": 1}), False, {"code": 1}),
    "a task": (lambda message: message.respond_async(soon("later")), True, "later"),
    "a task that fails": (lambda message: message.respond_async(soon(CommandError("no"))), False, "no"),
    "a future": (lambda message: message.respond_async(done(7)), True, 7),
    "a closure": (lambda message: message.respond_closure(lambda: "now"), True, "now"),
    "a closure that fails": (lambda message: message.respond_closure(raising), False, {"code": 2}),
    "what the handler raises": (lambda message: raising(), False, {"code": 2}),
    "its command, payload and window": (
        lambda message: message.resolve([message.command(), message.payload(), message.window().label]),
        True,
        ["x", {"a": 1}, "main"],
    ),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_a_message_is_answered(name: str) -> None:
    handler, resolves, expected = ANSWERS[name]
    with application(handler) as running_app:
        if resolves:
            assert running_app.page.invoke("x", {"a": 1}) == expected
        else:
            with pytest.raises(MockRejection) as caught:
                running_app.page.invoke("x", {"a": 1})
            assert caught.value.value == expected


def test_a_value_that_cannot_be_sent_is_an_error() -> None:
    with application(lambda message: message.resolve(object())) as running_app, pytest.raises(MockRejection):
        running_app.page.invoke("x")


def test_a_message_that_is_forgotten_rejects_and_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with application(lambda message: None) as running_app, caplog.at_level(logging.WARNING, "transom"):
        with pytest.raises(MockRejection) as caught:
            running_app.page.invoke("forgotten")
        gc.collect()
    assert caught.value.value == "the command forgotten was not answered"
    assert "the handler let the message 'forgotten' go without an answer" in caplog.text


def test_a_second_answer_is_dropped_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    def handler(message: InvokeMessage) -> None:
        message.resolve(1)
        message.resolve(2)

    with application(handler) as running_app:
        assert running_app.page.invoke("twice") == 1
    assert "answered twice" in caplog.text


def evaluated(running_app: Running, task: Any, success: str, error: str) -> list[str]:
    window = running_app.app.get_window("main")
    assert window is not None
    running_app.app.handle().spawn(InvokeMessage.return_task(window, task, success, error)).result(5)
    return [op.script for op in running_app.runtime.performed if isinstance(op, EvaluateScript)]


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        ({"a": "</script>"}, 'window["_1"]({"a":"\\u003c/script>"})'),
        (CommandError("no"), 'window["_2"]("no")'),
        (ValueError("bad"), 'window["_2"]("bad")'),
    ],
)
def test_return_task_calls_one_of_two_functions(outcome: Any, expected: str) -> None:
    with application(lambda message: None) as running_app:
        [script] = evaluated(running_app, soon(outcome), "_1", "_2")
    assert script.endswith(f"{expected};")


@pytest.mark.parametrize("name", ["alert", "a;b", '_1"]', "", "_" + "1" * 11])
def test_return_task_calls_nothing_but_what_the_page_has_made(name: str) -> None:
    with application(lambda message: None) as running_app:
        for pair in ((name, "_1"), ("_1", name)):
            task = soon(1)
            with pytest.raises(ValueError, match="is not the name of a callback"):
                evaluated(running_app, task, *pair)
            task.close()
        assert not [op for op in running_app.runtime.performed if isinstance(op, EvaluateScript)]
