"""The handles that lead to each other: the application, its windows and the webviews in them."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias, TypeVar

from ..acl import Capability, RuntimeCapability, User
from ..config import Config
from ..errors import WindowError
from ..events import WebviewEvent, WindowEvent, check_hook
from ..pages import ResourceTable, Respond
from ..runtimes import ops
from ..values import (
    CallbackFn,
    InvokeResponse,
    LogicalPosition,
    LogicalSize,
    PhysicalPosition,
    PhysicalSize,
    Position,
    Size,
)
from ..wire import InvokeRequest, TargetKind
from ._desktop import DesktopMethods
from ._dialogs import WindowDialogMethods
from ._handle import Emitter, Handle, Listener
from ._menus import AppMenuMethods, AppTrayMethods, WindowMenuMethods
from ._wait import check_may_wait
from ._webview import WebviewMethods, position_of, size_of
from ._window import WindowMethods
from .builders import WebviewBuilder
from .paths import AssetResolver, FsScope, PackageInfo, PathResolver, package_info, window_icon_file

if TYPE_CHECKING:
    from ..runtimes import Image

__all__ = [
    "AppHandle",
    "InvokeResponder",
    "Manager",
    "OwnedInvokeResponder",
    "Webview",
    "WebviewWindow",
    "Window",
    "respond_with",
]

T = TypeVar("T")


class Manager(Handle):
    """Finds what an application manages: state, windows, resources, paths, configuration."""

    __slots__ = ()

    def app_handle(self) -> AppHandle:
        """Return a handle of the application."""
        return AppHandle(self._app, self._client)

    def user(self) -> User:
        """Return the user that the handle's session belongs to; `User.LOCAL` where the application is no server."""
        return self._client.user

    def config(self) -> Config:
        """Return the project's configuration."""
        return self._app.config

    def package_info(self) -> PackageInfo:
        """Return the program's name, version, authors and description."""
        return package_info(self._app.config)

    def path(self) -> PathResolver:
        """Return the resolver of the system's and the application's folders."""
        return PathResolver(self._app.config)

    def default_window_icon(self) -> Image | None:
        """Return the application's icon: the first PNG file of `bundle.icon` that is there, or `icons/icon.png`; else `None`.

        Raises:
            ImageError: The file is no image.
        """
        from ..runtimes import Image

        found = window_icon_file(self._app.config)
        return None if found is None else Image.from_path(found)

    def asset_resolver(self) -> AssetResolver:
        """Return what finds the files of the built front end, `build.frontendDist`."""
        return AssetResolver(self._app.config)

    def asset_protocol_scope(self) -> FsScope:
        """Return the scope of the asset protocol, which can be changed. Without `assetProtocol.enable`, no file is served."""
        return self._app.asset_scope

    def runtime_name(self) -> str:
        """Return the name of the runtime that shows the windows: `webkitgtk`, `web` or `mock`.

        Raises:
            WindowError: The application has not been started.
        """
        return self._app.runtime_name

    def add_capability(self, capability: RuntimeCapability | Capability | str | Path) -> None:
        """Grant pages more permissions; see `RuntimeAuthority.add_capability`.

        Args:
            capability: A capability, an object that builds one, the text of a capability file, or the path of one.

        Raises:
            ConfigError: It is invalid; nothing of it was added. For a file, the text names every line and field.
        """
        self._app.add_capability(capability)

    def resources_table(self) -> ResourceTable:
        """Return the application's table of resources; they are released when it ends.

        Raises:
            WindowError: This is a handle of a window or a webview that is gone.
        """
        return self._client.resources.application

    def manage(self, state: object) -> bool:
        """Manage an object under its class. Returns `False`, and keeps the present object, if the class has one already."""
        return self._app.state.set(state)

    def unmanage(self, kind: type[T]) -> T | None:
        """Stop managing the object of this class and return it; `None` if there was none."""
        return self._app.state.remove(kind)

    def state(self, kind: type[T]) -> T:
        """Return the managed object of this class.

        Raises:
            StateError: None is managed.
        """
        return self._app.state.get(kind)

    def try_state(self, kind: type[T]) -> T | None:
        """Return the managed object of this class, `None` when there is none."""
        return self._app.state.try_get(kind)

    def get_window(self, label: str) -> Window | None:
        """Return the window with this label, `None` when there is none."""
        return Window(self._app, self._client, label) if label in self._client.windows else None

    def get_webview(self, label: str) -> Webview | None:
        """Return the webview with this label, `None` when there is none."""
        return Webview(self._app, self._client, label) if label in self._client.webviews else None

    def get_webview_window(self, label: str) -> WebviewWindow | None:
        """Return the window with a webview of this label, `None` when there is none."""
        return self.webview_windows().get(label)

    def get_focused_window(self) -> Window | None:
        """Return the window that has keyboard focus; `None` when no window of the application has it."""
        label = self._client.focused
        return None if label is None else self.get_window(label)

    def windows(self) -> dict[str, Window]:
        """Return all windows by label."""
        return {label: Window(self._app, self._client, label) for label in self._client.windows}

    def webviews(self) -> dict[str, Webview]:
        """Return all webviews by label."""
        return {label: Webview(self._app, self._client, label) for label in self._client.webviews}

    def webview_windows(self) -> dict[str, WebviewWindow]:
        """Return all windows that have a webview of the same label, by label."""
        return {
            label: WebviewWindow(self._app, self._client, label)
            for label, window in self._client.webviews.items()
            if window == label
        }


class AppHandle(Manager, AppMenuMethods, AppTrayMethods, DesktopMethods, Emitter, Listener):
    """The application, as commands see it."""

    __slots__ = ()

    def spawn(self, coroutine: Coroutine[Any, Any, T]) -> Future[T]:
        """Run a coroutine as a task of the application's loop. Any thread; the end of the application, or of a session, cancels it.

        What it raises is in the future; if nobody looks there, it is logged with its traceback.

        Raises:
            RuntimeError: The application has not been started, or has ended.
        """
        return self._app.spawn(coroutine)

    async def save_session(self) -> None:
        """Store the session's shared state, groups and windows now, and wait until the engine has them.

        On a server with several processes they are stored after every call anyway, soon. Elsewhere it does nothing.

        Raises:
            Exception: The engine cannot be reached.
        """
        await self._app.save_session()

    def join(self, group: str) -> None:
        """Let the session's pages and listeners get what is sent to a group (`emit_to(group=...)`).

        Raises:
            LimitReached: The session is in too many groups.
        """
        self._app.join(self._client, group)

    def leave(self, group: str) -> None:
        """Leave a group. Nothing happens if the session is not in it."""
        self._app.leave(self._client, group)

    def plugin(self, plugin: Any) -> None:
        """Add a plugin, as `Builder.plugin` does, while the application runs. Its setup hook runs on this thread.

        Its scripts run in webviews that are made from now on.

        Raises:
            ConfigError: A plugin of this name is there, it is not built yet, its permissions are wrong, or it registers a
                scheme, which runtimes learn when they start.
        """
        self._app.add_plugin(plugin)

    def remove_plugin(self, name: str) -> bool:
        """Take a plugin out: its commands are not found any more, and its hooks not called. Tell whether it was there."""
        return self._app.remove_plugin(name)

    def set_theme(self, theme: ops.Theme | None) -> None:
        """Set the theme of all windows; `None` for the system's."""
        for label, window in self.windows().items():
            try:
                window.set_theme(theme)
            except WindowError:
                if label in self._client.windows:  # else it was closed meanwhile
                    raise

    def run_on_main_thread(self, work: Callable[[], object]) -> None:
        """Run `work` on the window system's thread, soon."""
        self._app.run_on_main_thread(work)

    def exit(self, code: int = 0) -> None:
        """End the application: windows close, tasks are cancelled, `run` returns `code`.

        A callback of `App.run` can prevent that (`RunEvent.ExitRequested`).
        """
        self._app.exit(code)

    def restart(self) -> None:
        """End the application as `exit` does, and start the program again with the same arguments; `run` does not return.

        Functions of `atexit` run before that. On POSIX the new program has the old one's process id. Where a server
        carries the application (`App.asgi`) the server owns the process: there this only ends the application.
        """
        self._app.restart()

    def cleanup_before_exit(self) -> None:
        """End pages and release every resource, for a program that ends the process by itself right after this."""
        self._app.cleanup()


class Window(WindowMethods, WindowMenuMethods, WindowDialogMethods, Manager, Emitter, Listener):
    """A window. Methods that act on it raise `WindowError` after it was closed."""

    __slots__ = ()

    def on_window_event(self, hook: Callable[[WindowEvent], object]) -> None:
        """Call `hook` with every `WindowEvent` of the window until it is gone; see `Builder.on_window_event`.

        Raises:
            ConfigError: It is an `async def`.
            WindowError: The window is gone.
        """
        check_hook("Window.on_window_event", hook)
        self._client.check_window(self.label)
        self._app.on_window_event(self.label, hook)

    def webviews(self) -> dict[str, Webview]:
        """Return the webviews in the window by label; none when it is gone. Those of all windows: `app_handle().webviews()`."""
        return {label: Webview(self._app, self._client, label) for label in self._client.webviews_of(self.label)}

    def add_child(
        self,
        builder: WebviewBuilder,
        position: PhysicalPosition | LogicalPosition | Position,
        size: PhysicalSize | LogicalSize | Size,
    ) -> Webview:
        """Make a webview inside the window, over those that it has. Waits for the window system, as `build` does.

        Args:
            builder: The webview's.
            position: Its upper left corner in the window.
            size: Its size.

        Raises:
            WindowError: A webview with this label exists, the window is gone, the runtime cannot do this, or this is the
                event loop's thread.
        """
        check_may_wait(self._app, "Window.add_child")
        webview = Webview(self._app, self._client, builder.label)
        operation = builder.operation(self.label, position_of(position), size_of(size), webview)
        self._app.create_webview(self._client, operation, builder.page_load_hook)
        return webview


class Webview(WebviewMethods, Manager, Emitter, Listener):
    """A webview, which shows a page inside a window. Methods that act on it raise `WindowError` after it was closed."""

    __slots__ = ()
    _kind: ClassVar[TargetKind] = "Webview"

    def window(self) -> Window:
        """Return the window that the webview is in."""
        return Window(self._app, self._client, self._client.window_of(self.label))

    def on_webview_event(self, hook: Callable[[WebviewEvent], object]) -> None:
        """Call `hook` with every `WebviewEvent` of the webview until it is gone; see `Builder.on_webview_event`.

        Raises:
            ConfigError: It is an `async def`.
            WindowError: The webview is gone.
        """
        check_hook("Webview.on_webview_event", hook)
        self._client.window_of(self.label)
        self._app.on_webview_event(self.label, hook)

    def on_message(self, request: InvokeRequest, responder: InvokeResponder | None = None) -> None:
        """Handle a call of the page that a message system of the application's own brought; see `Builder.invoke_system`.

        Args:
            request: The call.
            responder: Sends its answer; `None` for the one given to `Builder.invoke_system`.

        Raises:
            NotAllowed: The key of the request is not the one that the page's script was given.
            WindowError: The webview shows no page.
            TypeError: The body has no JSON form.
            ConfigError: There is no responder.
        """
        respond = None if responder is None else respond_with(responder, self, request)
        self._app.receive(self._client, self.label, request, respond)


class WebviewWindow(Window, Webview):
    """A window and the webview that fills it, under one label. What both can do, such as `show`, is done to the window.

    Its `resources_table` is the webview's, as in Tauri.
    """

    __slots__ = ()
    _kind: ClassVar[TargetKind] = "WebviewWindow"

    def webviews(self) -> dict[str, Webview]:
        """Return the webviews of all windows by label."""
        return Manager.webviews(self)  # Tauri: only `Window` knows its own

    def resources_table(self) -> ResourceTable:
        """Return the table of resources that belong to the page; a reload or navigation releases them.

        Raises:
            WindowError: The webview has no page.
        """
        return WebviewMethods.resources_table(self)

    def set_background_color(self, color: tuple[int, int, int, int] | None) -> None:
        """Set the colour of the window and behind the page; `None` for the system's."""
        WindowMethods.set_background_color(self, None if color is None else ops.Color(*color))
        WebviewMethods.set_background_color(self, color)


# Sends an answer to a page in place of the link: webview, command, answer, and the two callbacks of the page.
InvokeResponder: TypeAlias = Callable[[Webview, str, InvokeResponse, CallbackFn, CallbackFn], Any]
# Rust distinguishes a responder that borrows from one that owns; Python has one kind.
OwnedInvokeResponder: TypeAlias = InvokeResponder


def respond_with(responder: InvokeResponder, webview: Webview, request: InvokeRequest) -> Respond:
    """Return what sends the answer of a request by a responder."""
    return lambda response: responder(webview, request.cmd, response, request.callback, request.error)
