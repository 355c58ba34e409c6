"""The spine: decode -> authorize -> find -> call -> encode. Every message from a page passes here and gets one answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ..acl import RuntimeAuthority, split_command
from ..errors import CommandNotFound, RequestError
from ..handles import Application
from ..names import nearest_name
from ..pages import Call, Client, PageSession
from ..wire import InvokeFrame
from ._invoke import Invoke, InvokeHandler, InvokeMessage
from ._resolver import InvokeResolver

__all__ = ["Dispatcher"]

_NO_HEADERS: dict[str, str] = {}


class Dispatcher:
    """Gives every call of an application its one answer.

    Args:
        app: The application.
        authority: Decides who may call what.
        handlers: Answer the application's own commands; the first that knows a command has it.
        plugins: Answer the plugins' commands, by the plugins' names.
    """

    def __init__(
        self,
        app: Application,
        authority: RuntimeAuthority,
        handlers: Sequence[InvokeHandler],
        plugins: Mapping[str, InvokeHandler],
    ) -> None:
        self._app = app
        self._authority = authority
        self._handlers = tuple(handlers)
        # Most applications have one, which is called without a loop: this is the hot path.
        self._handle = self._handlers[0] if len(self._handlers) == 1 else self._ask_all
        self._plugins = plugins
        self._resolver: Callable[..., InvokeResolver] = InvokeResolver
        # Makes the dispatchers of sessions.
        self.kind: Callable[..., Dispatcher] = Dispatcher

    def within(self, app: Application, authority: RuntimeAuthority) -> Dispatcher:
        """Return a dispatcher with the same handlers for a session of the application."""
        return self.kind(app, authority, self._handlers, self._plugins)

    def set_plugin(self, name: str, handler: InvokeHandler | None) -> None:
        """Let a handler answer a plugin's commands; `None` lets nobody."""
        plugins = {key: value for key, value in self._plugins.items() if key != name}
        self._plugins = plugins if handler is None else {**plugins, name: handler}

    def dispatch(
        self, client: Client, session: PageSession, call: Call, frame: InvokeFrame, buffers: Sequence[memoryview]
    ) -> None:
        """Give one call its one answer, now or later. Never raises."""
        app = self._app
        resolver = self._resolver(call, app.threads.loop, development=app.development)
        try:
            plugin, name = split_command(frame.command)
            page = session.page
            grant = self._authority.authorize(frame.command, page.window, page.label, session.origin)
            message = InvokeMessage(
                app, client, session, name, frame.payload, frame.headers or _NO_HEADERS, frame.spans, buffers
            )
            invoke = Invoke(app, client, session, call, message, resolver, grant)
            if not (self._handle(invoke) if plugin is None else self._plugin(plugin)(invoke)):
                raise CommandNotFound(name, self._nearest_command(plugin, name))
        except Exception as error:  # noqa: BLE001 - whatever happens, the call gets its answer
            resolver.fail(error)

    def _ask_all(self, invoke: Invoke) -> bool:
        return any(handler(invoke) for handler in self._handlers)

    def _plugin(self, name: str) -> InvokeHandler:
        try:
            return self._plugins[name]
        except KeyError:
            # Tauri: the sentence, up to the semicolon.
            raise RequestError(
                f"plugin {name} not found; is it added with Builder.plugin(...), and has it an invoke_handler?"
            ) from None

    def _nearest_command(self, plugin: str | None, name: str) -> str | None:
        handlers = self._handlers if plugin is None else (self._plugins.get(plugin),)
        known = [
            command for handler in handlers for command in getattr(handler, "names", ())
        ]  # a `CommandSet` has them
        return nearest_name(name, known)
