"""`InvokeMessage` as in Tauri 1.0 beta: a handler of one's own takes each message and answers it."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from typing import Any, TypeAlias

from .calls import Invoke, InvokeHandler
from .errors import CommandError
from .handles import Webview, Window
from .wire import serialize_js

__all__ = ["InvokeMessage", "invoke_handler"]

_log = logging.getLogger("transom")
# What `transformCallback` of the generations makes; see `wire/js/older/generation.js`.
_CALLBACK = re.compile(r"_\d{1,10}|\d{16,}|[0-9a-f]+(-[0-9a-f]+){4}")

BetaHandler: TypeAlias = "Callable[[InvokeMessage], object]"
Task: TypeAlias = Awaitable[Any] | Future[Any]


class InvokeMessage:
    """A message of a page, and what answers it, once. `transom.ipc.InvokeMessage` is that of 2.x: there a resolver answers.

    A message that is let go without an answer rejects, and the log names its command.
    """

    def __init__(self, invoke: Invoke) -> None:
        self._invoke = invoke
        self._taken = False

    def command(self) -> str:
        """Return the name of the command."""
        return self._invoke.message.command

    def payload(self) -> Any:
        """Return the arguments."""
        return self._invoke.message.payload

    def window(self) -> Window:
        """Return the window that sent the message."""
        return self._invoke.message.webview.window()

    def respond_async(self, task: Task) -> None:
        """Answer with what a task returns or raises: a coroutine, or a future. Returns at once."""
        self._taken = True
        self._invoke.resolver.respond_async(_awaited(task))

    def respond_closure(self, function: Callable[[], Any]) -> None:
        """Call a function here and now, and answer with what it returns or raises."""
        self._taken = True
        self._invoke.resolver.respond_closure(function)

    def resolve(self, value: Any = None) -> None:
        """Resolve the promise with a value; one that cannot be sent rejects."""
        self._taken = True
        self._invoke.resolver.resolve(value)

    def reject(self, value: Any) -> None:
        """Reject the promise with a value.

        Raises:
            TypeError: The value cannot be sent; the promise then rejects with an internal error.
        """
        self._taken = True
        self._invoke.resolver.reject(value)

    @staticmethod
    async def return_task(window: Window, task: Task, success_callback: str, error_callback: str) -> None:
        """Await a task, and call one of two functions of the window's page with what it returns or raises.

        Args:
            window: The window.
            task: A coroutine or a future.
            success_callback: Name of the function for the value, made by the page's `transformCallback`.
            error_callback: Name of that for the error: the value of a `CommandError`, the text of another exception, and that
                of a value that cannot be sent.

        Raises:
            ValueError: A name is none that `transformCallback` makes.
        """
        for name in (success_callback, error_callback):
            if not _CALLBACK.fullmatch(name):
                raise ValueError(
                    f"{name!r} is not the name of a callback; pass one that the page's transformCallback made"
                )
        name = success_callback
        try:
            source = serialize_js(await _awaited(task))
        except CommandError as error:
            name, source = error_callback, serialize_js(error.value)
        except Exception as error:  # noqa: BLE001 - it becomes the answer
            name, source = error_callback, serialize_js(str(error))
        webview: Webview | None = window.get_webview(window.label)
        if webview is not None:
            called = f"window[{serialize_js(name)}]"
            webview.eval(f"if (typeof {called} === 'function') {called}({source});")

    def __del__(self) -> None:
        if self._taken or self._invoke.resolver.answered:
            return
        name = self._invoke.message.command
        _log.warning("the handler let the message %r go without an answer; it is rejected", name)
        self._invoke.resolver.reject(f"the command {name} was not answered")


def invoke_handler(handler: BetaHandler) -> InvokeHandler:
    """Return what `Builder.invoke_handler` takes, from a handler that gets each message of the application's own.

    The handler runs where the message arrived and must not block: longer work goes to `InvokeMessage.respond_async`. What it
    raises rejects the promise.
    """

    def handle(invoke: Invoke) -> bool:
        message = InvokeMessage(invoke)
        try:
            handler(message)
        except Exception as error:  # noqa: BLE001 - it becomes the answer
            invoke.resolver.fail(error)
        return True

    return handle


async def _awaited(task: Task) -> Any:
    return await (asyncio.wrap_future(task) if isinstance(task, Future) else task)
