"""`plugin:global-shortcut|*`."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any, Protocol

from ...commands import command, generate_handler
from ...core import Plugin, PluginApi, PluginBuilder
from ...errors import ChannelError, CommandError, TransomError
from ...handles import AppHandle, State, Webview
from ...values import Channel
from ._shortcut import Shortcut
from ._unavailable import ShortcutsUnavailable, is_sandboxed, is_wayland
from ._x11 import Keyboard

__all__ = ["init", "is_registered", "register", "unregister", "unregister_all"]

Handler = Callable[[dict[str, Any]], object]

_log = logging.getLogger("transom")

_ON_WEB = "a browser keeps the keys of other programs to itself; listen to keydown in the page"


class _Held:
    """A shortcut of a page: a resource, which lets it go at the end of the page."""

    def __init__(self, shortcuts: Shortcuts, shortcut: Shortcut) -> None:
        self._shortcuts = shortcuts
        self._shortcut = shortcut

    def close(self) -> None:
        self._shortcuts.let_go_soon(self._shortcut, self)


class Keys(Protocol):
    """What takes keys from the desktop: `Keyboard` on X11, `Portal` elsewhere."""

    async def grab_all(self, wanted: Mapping[Shortcut, str]) -> None:
        """Take shortcuts, all or none of them."""

    def release(self, shortcut: Shortcut) -> None:
        """Let a shortcut go."""

    def close(self) -> None:
        """Let all shortcuts go."""


class Shortcuts:
    """The shortcuts of an application. On the event loop, but for `let_go_soon` and `close`.

    Args:
        identifier: The application's.
    """

    def __init__(self, identifier: str) -> None:
        self._identifier = identifier
        self._keys: Keys | None = None
        self._opening = asyncio.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._handlers: dict[Shortcut, tuple[str, Handler, object]] = {}
        self._asked: set[Shortcut] = set()  # those that the desktop has not given yet

    async def register(self, texts: Iterable[str], handler: Handler, hold: Callable[[Shortcut], object]) -> None:
        """Grab shortcuts, all or none of them; where the desktop asks its user, this waits for the answer.

        Raises:
            CommandError: One is no shortcut, or is taken.
        """
        wanted = {Shortcut.parse(text): text for text in texts}
        for shortcut, text in wanted.items():
            if shortcut in self._handlers or shortcut in self._asked:
                raise CommandError(f"the shortcut {text} is registered already; unregister it first")
        self._asked.update(wanted)
        try:
            keys = await self._opened()
            await keys.grab_all(wanted)
        finally:
            self._asked.difference_update(wanted)
        try:
            for shortcut, text in wanted.items():
                self._handlers[shortcut] = (text, handler, hold(shortcut))
        except BaseException:
            for shortcut in wanted:
                self._handlers.pop(shortcut, None)
                keys.release(shortcut)
            raise

    async def _opened(self) -> Keys:
        async with self._opening:
            if self._keys is None:
                self._loop = asyncio.get_running_loop()
                self._keys = await self._open()
            return self._keys

    async def _open(self) -> Keys:
        sandboxed = is_sandboxed()
        if sandboxed or is_wayland():
            from ._portal import Portal

            portal = Portal(self._pressed, self._lost)
            try:
                await portal.open(self._identifier)
            except ShortcutsUnavailable:
                if not sandboxed or is_wayland():
                    raise
            else:
                return portal
        return Keyboard(self._pressed)

    def _lost(self, shortcuts: Iterable[Shortcut]) -> None:
        for shortcut in shortcuts:
            found = self._handlers.pop(shortcut, None)
            if found is not None:
                _log.warning("the desktop has taken the shortcut %s back", found[0])

    def _pressed(self, shortcut: Shortcut, down: bool) -> None:
        found = self._handlers.get(shortcut)
        if found is not None:
            text, handler, _ = found
            handler({"shortcut": text, "id": shortcut.number, "state": "Pressed" if down else "Released"})

    def unregister(self, shortcut: Shortcut) -> None:
        """Let a shortcut go; one that is not held is ignored."""
        if self._handlers.pop(shortcut, None) is not None and self._keys is not None:
            self._keys.release(shortcut)

    def let_go_soon(self, shortcut: Shortcut, holder: object) -> None:
        """Let a shortcut go if this still holds it. Any thread."""

        def let_go() -> None:
            if shortcut in self._handlers and self._handlers[shortcut][2] is holder:
                self.unregister(shortcut)

        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(let_go)

    def unregister_all(self) -> None:
        """Let all shortcuts go."""
        for shortcut in list(self._handlers):
            self.unregister(shortcut)

    def has(self, shortcut: Shortcut) -> bool:
        """Tell whether this application has a shortcut."""
        return shortcut in self._handlers

    def close(self) -> None:
        """Let all shortcuts and the display go, soon. Any thread: a server ends its applications on the loop itself."""
        self._handlers.clear()
        if self._keys is not None and self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._keys.close)


@command(name="register")
async def _register(webview: Webview, held: State[Shortcuts], shortcuts: list[str], handler: Channel[Any]) -> None:
    """Grab shortcuts; the channel gets every press and release."""

    def send(event: dict[str, Any]) -> None:
        with suppress(ChannelError):  # the page is gone or asleep; its end releases what it holds
            handler.send(event)

    def hold(shortcut: Shortcut) -> object:
        holder = _Held(held, shortcut)
        webview.resources_table().add(holder)
        return holder

    try:
        await held.register(shortcuts, send, hold)
    except CommandError:
        raise
    except TransomError as error:
        raise CommandError(str(error)) from None


@command(name="unregister")
async def _unregister(held: State[Shortcuts], shortcuts: list[str]) -> None:
    """Let shortcuts go."""
    for shortcut in [Shortcut.parse(text) for text in shortcuts]:
        held.unregister(shortcut)


@command(name="unregister_all")
async def _unregister_all(held: State[Shortcuts]) -> None:
    """Let all shortcuts of the application go."""
    held.unregister_all()


@command(name="is_registered")
async def _is_registered(held: State[Shortcuts], shortcut: str) -> bool:
    """Tell whether the application has a shortcut."""
    return held.has(Shortcut.parse(shortcut))


def register(app: AppHandle, shortcut: str, handler: Handler) -> None:
    """Call `handler` with `{shortcut, id, state}` whenever keys are pressed and released; on the event loop.

    Not on the event loop itself. On Wayland the desktop asks its user, and this waits for the answer.

    Raises:
        CommandError: It is no shortcut, it is taken, the user does not want it, or the desktop gives none.
        StateError: The plugin was not added.
    """
    shortcuts = app.state(Shortcuts)
    app.spawn(shortcuts.register([shortcut], handler, lambda _: None)).result()


def unregister(app: AppHandle, shortcut: str) -> None:
    """Let a shortcut go. Not on the event loop.

    Raises:
        CommandError: It is no shortcut.
        StateError: The plugin was not added.
    """
    parsed = Shortcut.parse(shortcut)
    _on_loop(app, lambda shortcuts: shortcuts.unregister(parsed))


def unregister_all(app: AppHandle) -> None:
    """Let all shortcuts of the application go. Not on the event loop.

    Raises:
        StateError: The plugin was not added.
    """
    _on_loop(app, lambda shortcuts: shortcuts.unregister_all())


def is_registered(app: AppHandle, shortcut: str) -> bool:
    """Tell whether the application has a shortcut.

    Raises:
        CommandError: It is no shortcut.
        StateError: The plugin was not added.
    """
    return app.state(Shortcuts).has(Shortcut.parse(shortcut))


def _on_loop(app: AppHandle, work: Callable[[Shortcuts], object]) -> None:
    shortcuts = app.state(Shortcuts)

    async def run() -> None:
        work(shortcuts)

    app.spawn(run()).result()


def init() -> Plugin:
    """Return the plugin; `global-shortcut:default` allows nothing, as in Tauri."""

    def setup(app: AppHandle, _: PluginApi) -> None:
        app.manage(Shortcuts(app.config().identifier))

    def drop(app: AppHandle) -> None:
        shortcuts = app.try_state(Shortcuts)
        if shortcuts is not None:
            shortcuts.close()

    commands = ("register", "unregister", "unregister_all", "is_registered")
    return (
        PluginBuilder("global-shortcut")
        .setup(setup)
        .on_drop(drop)
        .unsupported("web", dict.fromkeys(commands, _ON_WEB))
        .limited("webkitgtk", {"register": "on X11, and on Wayland by the desktop's portal, which asks its user"})
        .invoke_handler(generate_handler(_register, _unregister, _unregister_all, _is_registered))
        .permissions(
            default=(), unavailable=("allow-register-all", "deny-register-all")
        )  # of no command of the npm package
        .build()
    )
