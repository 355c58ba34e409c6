"""The interface of the running application that handles use."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar

from ..acl import Capability, RuntimeCapability
from ..config import Config, WindowConfig
from ..events import EventListeners, Recipients, WebviewEvent, WindowEvent
from ..pages import Client, Respond
from ..runtimes import Op, WebviewHooks, ops
from ..threads import Threads
from ..wire import EventTarget, InvokeRequest
from .paths import FsScope
from .state import StateManager

if TYPE_CHECKING:
    from ..menu import Menu, Menus
    from ..tray import Trays

__all__ = ["Application", "NewWindow"]

T = TypeVar("T")


class NewWindow(NamedTuple):
    """The parts of a new window that are no options.

    Attributes:
        hooks: The hooks and scripts of its webview.
        on_page_load: Called with the webview and a `PageLoadPayload` at every load; `None` for nothing.
        menu: Its menu bar; `None` for the application's.
        bare: Whether it has no webview.
    """

    hooks: WebviewHooks = WebviewHooks()
    on_page_load: Callable[[Any, Any], object] | None = None
    menu: Menu | None = None
    bare: bool = False


class Application(Protocol):
    """The running application, as its handles see it; `core` implements it.

    Attributes:
        config: The project's configuration.
        state: Managed objects.
        threads: The application's threads.
        events: Its listeners.
        asset_scope: Which files the asset protocol may read.
        development: Whether pages are told the text of unexpected exceptions, and authors what is slow.
        strict_arguments: Whether calls with an argument that the command does not have are rejected.
    """

    config: Config
    state: StateManager
    threads: Threads
    events: EventListeners
    asset_scope: FsScope
    development: bool
    strict_arguments: bool

    @property
    def menus(self) -> Menus:
        """Its menus."""
        ...

    @property
    def trays(self) -> Trays:
        """Its tray icons."""
        ...

    @property
    def windows_on_loop(self) -> bool:
        """Whether windows live on the event loop, so that making one there blocks nothing."""
        ...

    @property
    def runtime_name(self) -> str:
        """The name of the runtime.

        Raises:
            WindowError: The application has not been started.
        """
        ...

    def create_window(self, client: Client, options: WindowConfig, new: NewWindow = ...) -> None:
        """Make a window.

        Args:
            client: The client that it is for.
            options: Its options.
            new: What else it has.

        Raises:
            WindowError: A window with this label exists, or the runtime cannot do what an option asks for.
        """

    def create_webview(
        self, client: Client, op: ops.CreateWebview, on_page_load: Callable[[Any, Any], object] | None = None
    ) -> None:
        """Make a webview inside a window.

        Raises:
            WindowError: There is no such window, or a webview with this label exists, or the runtime cannot do this.
        """

    def close_webview(self, client: Client, label: str) -> None:
        """Take a webview away; its window stays.

        Raises:
            WindowError: There is no such webview, or the runtime cannot do this.
        """

    def reparent(self, client: Client, label: str, window: str) -> None:
        """Move a webview into another window.

        Raises:
            WindowError: There is no such webview or window, or the webview fills its window, or the runtime cannot do this.
        """

    def perform(self, client: Client, op: Op[T]) -> T:
        """Ask the window system for something.

        Raises:
            WindowError: There is no such window or webview, or the runtime cannot do this.
        """
        ...

    def receive(self, client: Client, webview: str, request: InvokeRequest, respond: Respond | None) -> None:
        """Take a call that a message system of the application's own brought; see `Webview.on_message`.

        Args:
            client: The client of the page that called.
            webview: Label of the page's webview.
            request: The call.
            respond: Takes its answer; `None` for the responder given to `Builder.invoke_system`.
        """

    def add_capability(self, capability: RuntimeCapability | Capability | str | Path) -> None:
        """Add a capability; see `RuntimeAuthority.add_capability`."""

    def add_plugin(self, plugin: Any) -> None:
        """Add a plugin to the running application.

        Raises:
            ConfigError: A plugin of this name is there, or its permissions are wrong, or it registers a scheme.
        """

    def remove_plugin(self, name: str) -> bool:
        """Take a plugin out of the running application; tell whether it was there."""
        ...

    def publish(self, recipients: Recipients, event: str, payload: Any, target: EventTarget | None = None) -> None:
        """Send an event to other sessions than the one that a handle is of.

        Args:
            recipients: The sessions.
            event: The event's name.
            payload: Any value that can cross the wire.
            target: Whom it is for in each session; `None` for every listener.

        Raises:
            RequestError: The name holds other than alphanumeric characters, `-`, `/`, `:` and `_`.
            TypeError: The payload cannot cross the wire.
        """

    def join(self, client: Client, group: str) -> None:
        """Let a client's pages get the events of a group.

        Raises:
            LimitReached: It is in too many groups.
        """

    def leave(self, client: Client, group: str) -> None:
        """Let a client's pages get the events of a group no more."""

    async def save_session(self) -> None:
        """Store what moves with the session; see `AppHandle.save_session`."""

    def spawn(self, coroutine: Coroutine[Any, Any, T]) -> Future[T]:
        """Run a coroutine as a task; see `AppHandle.spawn`."""
        ...

    def run_on_main_thread(self, work: Callable[[], object]) -> None:
        """Run `work` on the window system's thread, soon."""

    def on_window_event(self, label: str, hook: Callable[[WindowEvent], object]) -> None:
        """Tell a hook of the events of one window until it is gone."""

    def on_webview_event(self, label: str, hook: Callable[[WebviewEvent], object]) -> None:
        """Tell a hook of the events of one webview until it is gone."""

    def exit(self, code: int) -> None:
        """End the application unless a hook prevents it; the first code counts."""

    def restart(self) -> None:
        """End the application, and let `App.run` start the program again."""

    def cleanup(self) -> None:
        """End every page and release every resource."""
