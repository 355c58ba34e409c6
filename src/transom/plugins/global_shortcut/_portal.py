"""Shortcuts of the desktop's portal (`org.freedesktop.portal.GlobalShortcuts`): on Wayland and in sandboxes.

There the desktop asks its user which keys a shortcut gets, and may give it others. On the event loop, but for what a thread
with a main context of GLib does: not every runtime runs one.
"""

from __future__ import annotations

import asyncio
import itertools
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any

from ...errors import CommandError
from ._shortcut import Shortcut
from ._unavailable import ShortcutsUnavailable

__all__ = ["Portal"]

_NAME, _PATH = "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop"
_SHORTCUTS = "org.freedesktop.portal.GlobalShortcuts"
_REQUEST, _SESSION = "org.freedesktop.portal.Request", "org.freedesktop.portal.Session"
_REGISTRY = "org.freedesktop.host.portal.Registry"
_SECONDS = 5  # that the portal gets for what it does without its user


def _none(reason: str) -> ShortcutsUnavailable:
    return ShortcutsUnavailable(
        system="wayland",
        message=f"this desktop's portal has no global shortcuts ({reason}), and Wayland lets no program grab keys; add a "
        "shortcut in the settings of the desktop, which starts the program",
    )


class _Bus:
    """A connection to the session bus, used by a thread of its own.

    Args:
        heard: Called on the event loop with the name and the values of every signal of the portal that is no answer.
    """

    def __init__(self, heard: Callable[[str, tuple[Any, ...]], object]) -> None:
        self._heard = heard
        self._loop = asyncio.get_running_loop()
        self._tokens = itertools.count(1)
        self._waiting: set[asyncio.Future[Any]] = set()
        self._gio: Any = None
        self._glib: Any = None
        self._bus: Any = None
        self._main: Any = None

    async def open(self, identifier: str) -> None:
        """Connect, as the application of this identifier.

        Raises:
            ShortcutsUnavailable: There is no session bus, or PyGObject is missing.
        """
        try:
            from gi.repository import Gio, GLib
        except ImportError:
            raise _none("PyGObject is not installed; `pip install 'transom[gtk]'`") from None
        self._gio, self._glib = Gio, GLib
        ready = self._loop.create_future()
        threading.Thread(target=self._run, args=(ready,), name="transom-portal", daemon=True).start()
        await ready
        with suppress(ShortcutsUnavailable):  # a portal that is older than this, or a sandbox, which is known already
            await self.call(_REGISTRY, "Register", "(sa{sv})", (identifier, {}))

    def _run(self, ready: asyncio.Future[None]) -> None:
        gio, glib = self._gio, self._glib
        context = glib.MainContext.new()
        context.push_thread_default()
        try:
            address = gio.dbus_address_get_for_bus_sync(gio.BusType.SESSION, None)
            kind = gio.DBusConnectionFlags
            flags = kind.AUTHENTICATION_CLIENT | kind.MESSAGE_BUS_CONNECTION
            self._bus = gio.DBusConnection.new_for_address_sync(address, flags, None, None)
        except glib.Error as error:
            self._settle(ready, _none(error.message))
            return
        for interface, path in ((_SHORTCUTS, _PATH), (_SESSION, None)):
            self._subscribe(interface, None, path, self._signal)
        gio.bus_watch_name_on_connection(self._bus, _NAME, gio.BusNameWatcherFlags.NONE, None, self._gone)
        self._main = glib.MainLoop.new(context, False)
        self._settle(ready, None)
        self._main.run()
        with suppress(glib.Error):
            self._bus.close_sync(None)
        context.pop_thread_default()

    def _subscribe(self, interface: str, signal: str | None, path: str | None, heard: Callable[..., object]) -> int:
        flags = self._gio.DBusSignalFlags.NONE
        return int(self._bus.signal_subscribe(_NAME, interface, signal, path, None, flags, heard))

    def _signal(self, _: Any, __: str, path: str, ___: str, name: str, values: Any) -> None:
        with suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(self._heard, name, (path, *values.unpack()))

    def _settle(self, future: asyncio.Future[Any], outcome: Any) -> None:
        def settle() -> None:
            if future.done():
                return
            if isinstance(outcome, BaseException):
                future.set_exception(outcome)
            else:
                future.set_result(outcome)

        with suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(settle)

    def _there(self, work: Callable[[], object]) -> None:
        """Do something on the thread of the bus, later."""
        source = self._glib.idle_source_new()
        source.set_callback(lambda *_: (work(), False)[1])
        source.attach(self._main.get_context())

    def _send(self, interface: str, method: str, signature: str, values: Any, path: str, future: Any) -> None:
        def done(bus: Any, result: Any) -> None:
            try:
                self._settle(future, bus.call_finish(result).unpack())
            except self._glib.Error as error:
                self._settle(future, _none(error.message))

        flags, limit = self._gio.DBusCallFlags.NONE, _SECONDS * 1000
        given = self._glib.Variant(signature, values)
        self._bus.call(_NAME, path, interface, method, given, None, flags, limit, None, done)

    async def call(self, interface: str, method: str, signature: str, values: Any, path: str = _PATH) -> Any:
        """Call a method of the portal that answers at once.

        Raises:
            ShortcutsUnavailable: It did not answer, or with an error.
        """
        future = self._loop.create_future()
        self._there(partial(self._send, interface, method, signature, values, path, future))
        return await future

    def forget(self, interface: str, path: str) -> None:
        """Close a session or a request, and wait for nothing."""
        self._there(partial(self._send, interface, "Close", "()", (), path, self._loop.create_future()))

    async def ask(self, method: str, signature: str, *values: Any, **options: Any) -> tuple[int, dict[str, Any]]:
        """Call a method of the portal's shortcuts whose answer comes when the desktop, or its user, has decided.

        Args:
            method: Its name.
            signature: The types of its values, the options last.
            *values: The values before the options.
            **options: Options beside the token, as variants.

        Raises:
            ShortcutsUnavailable: It did not take the call.
        """
        token = self.token()
        sender = self._bus.get_unique_name()[1:].replace(".", "_")
        path = f"{_PATH}/request/{sender}/{token.get_string()}"
        answered = self._loop.create_future()
        self._waiting.add(answered)
        subscribed: list[int] = []

        def heard(*signal: Any) -> None:
            self._settle(answered, signal[-1].unpack())

        # Before the call, so that no answer is missed.
        self._there(lambda: subscribed.append(self._subscribe(_REQUEST, "Response", path, heard)))
        try:
            given = {**options, "handle_token": token}
            await self.call(_SHORTCUTS, method, signature, (*values, given))
            code, results = await answered
        except asyncio.CancelledError:
            self.forget(_REQUEST, path)
            raise
        finally:
            self._waiting.discard(answered)
            self._there(lambda: self._bus.signal_unsubscribe(subscribed[0]))
        return code, results

    def text(self, text: str) -> Any:
        """Return a text as D-Bus has it."""
        return self._glib.Variant("s", text)

    def token(self) -> Any:
        """Return a name that was not used before on this connection."""
        return self.text(f"transom{next(self._tokens)}")

    def _gone(self, *_: Any) -> None:
        def gone() -> None:
            for future in self._waiting:
                if not future.done():
                    future.set_exception(_none("it has ended"))
            self._heard("Gone", ())

        with suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(gone)

    def close(self) -> None:
        """Leave the bus; the portal forgets everything of this connection."""
        if self._main is not None:
            self._main.quit()


class Portal:
    """The shortcuts that the portal gave this application.

    Args:
        pressed: Called with every shortcut, and whether it was pressed or released.
        lost: Called with shortcuts that the desktop has taken back.
    """

    def __init__(
        self, pressed: Callable[[Shortcut, bool], object], lost: Callable[[Iterable[Shortcut]], object]
    ) -> None:
        self._pressed = pressed
        self._lost = lost
        self._bus = _Bus(self._heard)
        # Session -> its shortcuts by their names in it. What is bound once cannot be added to, so that each call has its own.
        self._sessions: dict[str, dict[str, Shortcut]] = {}

    async def open(self, identifier: str) -> None:
        """Find the portal.

        Raises:
            ShortcutsUnavailable: There is none.
        """
        await self._bus.open(identifier)
        try:
            wanted = (_SHORTCUTS, "version")
            await self._bus.call("org.freedesktop.DBus.Properties", "Get", "(ss)", wanted)
        except ShortcutsUnavailable:
            self._bus.close()
            raise

    async def grab_all(self, wanted: Mapping[Shortcut, str]) -> None:
        """Ask the desktop for shortcuts, all or none of them; waits until its user has answered.

        Args:
            wanted: Shortcut -> the text that its user sees.

        Raises:
            CommandError: The user did not want them, or not all.
            ShortcutsUnavailable: The portal has gone.
        """
        code, results = await self._bus.ask("CreateSession", "(a{sv})", session_handle_token=self._bus.token())
        session = results.get("session_handle")
        if code != 0 or not isinstance(session, str):
            raise _none("it made no session")
        named = {shortcut.trigger: shortcut for shortcut in wanted}
        text = self._bus.text
        shown = [
            (name, {"description": text(wanted[each]), "preferred_trigger": text(name)}) for name, each in named.items()
        ]
        self._sessions[session] = named
        try:
            code, results = await self._bus.ask("BindShortcuts", "(oa(sa{sv})sa{sv})", session, shown, "")
            missing = sorted(set(named) - {name for name, _ in results.get("shortcuts", ())})
            if code != 0 or missing:
                texts = ", ".join(wanted[named[name]] for name in (missing or named))
                raise CommandError(
                    f"the shortcut {texts} cannot be registered: the desktop, or its user, did not allow it"
                )
        except BaseException:
            self._end(session)
            raise

    def _end(self, session: str) -> None:
        if self._sessions.pop(session, None) is not None:
            self._bus.forget(_SESSION, session)

    def _heard(self, name: str, values: tuple[Any, ...]) -> None:
        if name in ("Closed", "Gone"):
            for session in values[:1] if name == "Closed" else list(self._sessions):
                self._lost(self._sessions.pop(session, {}).values())
        elif name in ("Activated", "Deactivated"):
            shortcut = self._sessions.get(values[1], {}).get(values[2])
            if shortcut is not None:
                self._pressed(shortcut, name == "Activated")

    def release(self, shortcut: Shortcut) -> None:
        """Let a shortcut go; its session ends with its last one."""
        for session, named in list(self._sessions.items()):
            if named.pop(shortcut.trigger, None) is not None and not named:
                self._end(session)

    def close(self) -> None:
        """Let all shortcuts go."""
        self._sessions.clear()
        self._bus.close()
