"""Handlers as in Tauri 0.x: they take the text of a message, and answer a promise by the names of its two callbacks."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeAlias, TypeVar

import msgspec

from ..app import App, Builder, Context
from ..calls import Invoke, InvokeHandler
from ..core import PageLoadPayload, Plugin
from ..errors import AuthorError, CommandError, RequestError
from ..handles import Webview
from ..values import TaggedUnion, decode_as, decode_json, encode_json
from ._splashscreen import with_splashscreen

__all__ = ["AppBuilder", "decode", "execute_promise", "execute_promise_sync", "invoke_handler"]

T = TypeVar("T")
_log = logging.getLogger("transom")
_MANY = 1000  # promises, after which those whose pages are gone are forgotten

# Takes the webview and the message as JSON text. What it raises, the page is told.
V0Handler: TypeAlias = Callable[[Webview, str], object]
_UNKNOWN = "unknown variant"


class _Promises:
    """The promises of pages that wait for `execute_promise`, by label, callback and error."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[tuple[str, str, str], Invoke] = {}

    def keep(self, key: tuple[str, str, str], invoke: Invoke) -> None:
        with self._lock:
            if len(self._waiting) >= _MANY:
                waiting = self._waiting.items()
                self._waiting = {known: kept for known, kept in waiting if not kept.resolver.answered}
            self._waiting[key] = invoke

    def take(self, key: tuple[str, str, str]) -> Invoke | None:
        with self._lock:
            return self._waiting.pop(key, None)


def invoke_handler(handler: V0Handler) -> InvokeHandler:
    """Return what `Builder.invoke_handler` takes, from a handler as in Tauri 0.x.

    The handler runs where the message arrived and must not block: longer work goes to `execute_promise`. A text with
    `unknown variant` in what it raises means that the message is not its own; then the next handler gets it.

    Args:
        handler: Takes the webview and the message, a JSON text with `cmd`, and with `callback` and `error` when the page
            waits for an answer.
    """

    def handle(invoke: Invoke) -> bool:
        message = invoke.message
        callback, error = message.headers.get("tauri-callback"), message.headers.get("tauri-error")
        whole: dict[str, Any] = {"cmd": message.command}
        if callback is not None and error is not None:
            whole |= {"callback": callback, "error": error}
        payload = message.payload
        if not isinstance(payload, dict):
            raise RequestError(f"the message {message.command} is not an object")
        text = encode_json({**whole, **payload}).decode()
        invoke.app.state.set(_Promises())
        promises = invoke.app.state.get(_Promises)
        webview = message.webview
        if callback is not None and error is not None:
            promises.keep((webview.label, callback, error), invoke)
        try:
            handler(webview, text)
        except Exception as raised:  # noqa: BLE001 - it becomes the answer, or another handler's message
            if callback is not None and error is not None:
                promises.take((webview.label, callback, error))
            if _UNKNOWN in str(raised):
                return False
            invoke.resolver.reject(str(raised))
        else:
            if callback is None:
                invoke.resolver.resolve()
        return True

    return handle


def decode(arg: str, kind: type[T]) -> T:
    """Return a message as a value, such as a variant of a tagged union of commands.

    Args:
        arg: The message as the handler got it.
        kind: What it is, such as `class Cmd(TaggedUnion, tag="cmd", rename_all="camelCase")`.

    Raises:
        ValueError: It does not fit. Of a union that has no variant of this name the text begins with `unknown variant`,
            so that a handler that lets it go on leaves the message to others.
    """
    data = decode_json(arg.encode())
    if issubclass(kind, TaggedUnion) and isinstance(data, dict):
        known = _variants(kind)
        if data.get("cmd") not in known:
            listed = ", ".join(f"`{name}`" for name in known)
            raise ValueError(f"{_UNKNOWN} `{data.get('cmd')}`, expected one of {listed}")
    try:
        value: T = decode_as(arg.encode(), kind)
    except (msgspec.ValidationError, RequestError) as error:
        raise ValueError(str(error)) from None
    return value


def _variants(kind: type[TaggedUnion]) -> list[str]:
    # Their names on the wire are what the union itself has written for them.
    return list(kind.__tagged_form__.variants)


def execute_promise(webview: Webview, task: Callable[[], object], callback: str, error: str) -> None:
    """Run a task in a worker, and answer a promise of the page with what it returns, or with the text of what it raises.

    Args:
        webview: The webview whose page waits.
        task: Takes nothing.
        callback: Name of the function that the page wants called with the value, from its message.
        error: Name of that for the reason.

    Raises:
        AuthorError: No promise of this page has these names, or it was answered before.
    """
    _answer(webview, callback, error, lambda invoke: invoke.app.threads.workers.submit(task))


def execute_promise_sync(webview: Webview, task: Callable[[], object], callback: str, error: str) -> None:
    """Run a task on the main thread; see `execute_promise`."""

    def start(invoke: Invoke) -> Future[object]:
        future: Future[object] = Future()

        def run() -> None:
            try:
                future.set_result(task())
            except Exception as raised:  # noqa: BLE001 - it becomes the answer
                future.set_exception(raised)

        invoke.app.run_on_main_thread(run)
        return future

    _answer(webview, callback, error, start)


def _answer(webview: Webview, callback: str, error: str, start: Callable[[Invoke], Future[object]]) -> None:
    promises = webview.try_state(_Promises)
    invoke = None if promises is None else promises.take((webview.label, callback, error))
    if invoke is None:
        raise AuthorError(
            f"no promise of the page in {webview.label!r} waits for {callback!r} and {error!r}; pass the names that are in "
            "its message, once"
        )

    async def result() -> object:
        try:
            return await asyncio.wrap_future(start(invoke))
        except Exception as raised:
            # Tauri 0.x: the text of the error, of whatever class.
            raise CommandError(str(raised)) from raised

    invoke.resolver.respond_async(result())


class AppBuilder:
    """Builds an application as in Tauri 0.x; every method but `build` and `builder` returns the builder. Its pages speak 0.x."""

    def __init__(self) -> None:
        self._builder = Builder().client("0.x")
        self._splashscreen: str | None = None

    def invoke_handler(self, handler: V0Handler) -> AppBuilder:
        """Set what answers the messages that are not Tauri's own; see `invoke_handler` of this module."""
        self._builder.invoke_handler(invoke_handler(handler))
        return self

    def builder(self) -> Builder:
        """Return the builder of 2.x behind this one, for what 0.x does not have: commands, state, capabilities ..."""
        return self._builder

    def setup(self, hook: Callable[[Webview, str], object]) -> AppBuilder:
        """Call `hook` with the webview and the address of every page that has loaded, in a worker."""

        def loaded(webview: Webview, payload: PageLoadPayload) -> None:
            if payload.event == "finished":
                hook(webview, payload.url)

        self._builder.on_page_load(loaded)
        return self

    def plugin(self, plugin: Plugin) -> AppBuilder:
        """Add a plugin of 2.x; see `Builder.plugin`."""
        self._builder.plugin(plugin)
        return self

    def splashscreen_html(self, html: str) -> AppBuilder:
        """Show a document in the first window until its page sends `{"cmd": "closeSplashscreen"}`.

        The document has the `csp` of the project: its scripts and styles are part of it, and images have addresses.
        """
        self._splashscreen = html
        return self

    def build(self, context: Context, runtime: str | None = None) -> App:
        """Return the application; see `Builder.build`.

        Raises:
            ConfigError: There is a splash screen, and the project has no window or no folder of the built front end.
        """
        if self._splashscreen is not None:
            context = with_splashscreen(context, self._splashscreen)
        return self._builder.build(context, runtime)
