"""The interface between a window system and its host, with its contracts."""

from __future__ import annotations

import hashlib
from asyncio import AbstractEventLoop
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple, Protocol, TypeAlias, TypeVar

import msgspec

from ..config import WindowConfig
from ..threads import Threads
from ..wire import Frame, OlderClients
from ._uri_scheme import UriSchemeProtocol
from .ops import Op, WebviewOp, WindowOp
from .webviews import WebviewHooks

if TYPE_CHECKING:
    from .menus import MenuActivation
    from .trays import TrayClick

__all__ = [
    "CloseWindow",
    "CreateWindow",
    "DestroyWindow",
    "EvaluateScript",
    "Host",
    "Isolation",
    "IsolationDocument",
    "Link",
    "Page",
    "PageLoadEvent",
    "ReloadPage",
    "Runtime",
    "Session",
    "Settings",
    "WindowEvent",
    "invoke_key_of",
]

T = TypeVar("T")
PageLoadEvent: TypeAlias = Literal["started", "finished"]


class CreateWindow(Op[None], frozen=True):
    """Make a window with one webview of the same label, and load the page that the options name."""

    options: WindowConfig
    hooks: WebviewHooks = WebviewHooks()

    @property
    def label(self) -> str:
        """Label of the window and of its webview."""
        return self.options.label


class DestroyWindow(WindowOp[None], frozen=True):
    """Take the window away at once."""


class CloseWindow(WindowOp[None], frozen=True):
    """Ask the window to close, as its close button does: the host hears `close-requested` and decides."""


class EvaluateScript(WebviewOp[None], frozen=True):
    """Run JavaScript in the page's main frame; its result is not waited for."""

    script: str


class ReloadPage(WebviewOp[None], frozen=True):
    """Load the page again; a new page generation begins."""


class Page(NamedTuple):
    """One page generation: what the runtime itself knows of the page, never what the page says.

    Attributes:
        label: Label of its webview.
        window: Label of the window that the webview is in.
        origin: `scheme://host[:port]` of the main frame's document.
        local: Whether that is the application's own origin (its assets or its development server).
        invoke_key: What its script was given when calls travel by a message system of the application's own; else empty.
        isolation_key: What its isolation frame seals calls with; empty without the isolation pattern.
    """

    label: str
    window: str
    origin: str
    local: bool
    invoke_key: str = ""
    isolation_key: bytes = b""


def invoke_key_of(key: str) -> str:
    """Return the key for the messages of one document, from the key of its link, which no script of the page's may learn."""
    return hashlib.sha256(b"invoke " + key.encode()).hexdigest()


class Link(Protocol):
    """The runtime's end of a page's link."""

    def wake(self) -> None:
        """Note that `Session.take` has a frame now. Any thread, returns at once. See `Outbox` for when it is called."""

    def acknowledged(self, frames: int) -> None:
        """Note that the page has handled this many frames since it loaded. Only transports that count them are told."""


class Session(Protocol):
    """The host's end of a page generation's link."""

    def receive(self, batch: str | bytes | memoryview, tail: memoryview | None = None) -> None:
        """Take a batch from the page, with the buffers of pack 0. Batches come in order, from one thread at a time."""

    def receive_last(self, batch: str) -> None:
        """Take a batch that the page sent while it was left; of one that comes after `close`, calls without buffers count."""

    def receive_chunk(self, frame: bytes | memoryview) -> None:
        """Take a binary frame from the page: a batch with its tail, or a chunk of a pack."""

    def take(self, max_bytes: int, inline_bytes: int) -> Frame | None:
        """Return the next frame for the page, `None` when there is none: `Link.wake` tells of the next."""

    def operate(self, name: str, *arguments: Any) -> None:
        """Queue an operation for the page's end of the transport: its file in `wire/js` knows what it means."""

    def pack_sent(self, number: int) -> None:
        """Note that the page has received a pack."""

    def close(self) -> None:
        """End the generation: its calls are cancelled, its listeners, channels and resources end. May be called twice."""


class WindowEvent(NamedTuple):
    """Something happened to a window, with the payload that Tauri's event of this name has.

    Attributes:
        label: The window's label.
        name: What happened.
        payload: What pages get with the event.
        hangs: Whether the window's page answers nothing any more, so that it cannot decide about `close-requested`.
    """

    label: str
    name: Literal["close-requested", "destroyed", "focus", "blur", "resize", "move", "scale-change", "theme-changed"]
    payload: Any = None
    hangs: bool = False


class IsolationDocument(NamedTuple):
    """The response for an isolation frame.

    Attributes:
        content: The document; it holds a key, so nothing but the frame itself may be able to read it.
        policy: The content security policy to send with it.
    """

    content: bytes
    policy: str


class Isolation(Protocol):
    """The isolation application of a project; see `runtimes.isolation`."""

    @property
    def scheme(self) -> str:
        """The scheme by which windows load the frames: another one in each run."""
        ...

    def new_frame(self) -> str:
        """Return a new name, for the address of one page generation's frame."""
        ...

    def key_of(self, frame: str) -> bytes:
        """Return the key with which a frame seals calls: 32 bytes."""
        ...

    def document(self, frame: str) -> IsolationDocument:
        """Return the document of a frame, with transom's script and its key in it. It reads the disk.

        Raises:
            ConfigError: A file is missing by now.
        """
        ...


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The settings of a runtime.

    Attributes:
        name: The product's name.
        assets: Folder of the front end, or a list of files and folders; `None` when there is only `dev_url`. See `Assets`.
        dev_url: Development server whose pages count as the application's own; `None` for none.
        csp: The policy sent with every document of the assets; `None` for none.
        headers: More header fields of everything that is served from the assets.
        asset_scope: Tells whether the asset protocol may read a file, given by an absolute path with no link left in it; any
            thread. `None` turns the protocol off.
        freeze_prototype: Freeze `Object.prototype` in every page.
        isolation: The isolation application that calls go through; `None` for none.
        max_message_bytes: The largest batch or pack that a page may send, and the largest body to a scheme.
        data_directory: Folder for what pages store, such as cookies and `localStorage`; `None` forgets it at the end. Where
            pages run in a browser, it is the browser that stores.
        initialization_scripts: JavaScript to run in every document of a main frame, after transom's own script and before
            the page's, in this order; one that fails does not keep the others from running.
        frame_scripts: The same for every document of every frame, after those. In the web runtime, only the front end's own.
        uri_schemes: The schemes that the application answers itself.
        invoke_by_message: Calls travel by `__TAURI_INTERNALS__.postMessage`, a function that the application's own script sets,
            and carry the key of their document (`Page.invoke_key`).
        clients: The pages that speak an older generation of Tauri's client.
        icon: The icon of every window without one of its own, a PNG file; `None` for the system's.
        options: The runtime's own options by name (`web`: host, port, token, open_browser).
    """

    name: str = "transom"
    assets: Path | tuple[Path, ...] | None = None
    dev_url: str | None = None
    csp: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    asset_scope: Callable[[Path], bool] | None = None
    freeze_prototype: bool = False
    isolation: Isolation | None = None
    max_message_bytes: int = 256 * 1024 * 1024
    data_directory: Path | None = None
    initialization_scripts: tuple[str, ...] = ()
    frame_scripts: tuple[str, ...] = ()
    icon: Path | None = None
    uri_schemes: tuple[UriSchemeProtocol, ...] = ()
    invoke_by_message: bool = False
    clients: OlderClients = OlderClients()
    options: Mapping[str, Any] = {}


class Host(Protocol):
    """The application, as a runtime sees it."""

    @property
    def loop(self) -> AbstractEventLoop:
        """The application's event loop; it runs in a thread of its own, or in the server that carries the application."""
        ...

    @property
    def threads(self) -> Threads:
        """The application's threads."""
        ...

    def ready(self) -> None:
        """Note that windows can be made now. Called once, on the window system's thread."""

    def open_page(self, page: Page, link: Link) -> Session:
        """Begin a page generation. The one before it of the same label ends."""
        ...

    def app_handle(self) -> Any:
        """Return what handlers of schemes get as the application. Any thread."""

    def page_load(self, label: str, event: PageLoadEvent, url: str) -> None:
        """Note that a webview's main frame shows the beginning of this document, or has loaded it whole.

        Every `started` begins a page generation. Its `finished` does not come when the load is broken off. Any thread;
        returns at once.
        """

    def window_event(self, event: WindowEvent) -> bool:
        """Note an event; for `close-requested` tell whether the window may go."""
        ...

    def webview_event(self, label: str, name: str, payload: Any) -> None:
        """Note an event of a webview: `drag-enter`, `drag-over`, `drag-drop` or `drag-leave`.

        Args:
            label: The webview's label.
            name: The event's name without `tauri://`.
            payload: What pages get with it.
        """

    def menu_event(self, activation: MenuActivation) -> None:
        """Note that a menu item was activated. Any thread; returns at once."""

    def tray_event(self, click: TrayClick) -> None:
        """Note that a tray icon was clicked. Any thread; returns at once."""

    def signalled(self, signal: int) -> None:
        """Note that the process was asked to end."""


class Runtime(Protocol):
    """A window system.

    One whose loop can be run in steps has a method `steps` too: a generator that begins as `run` does, does what is due at
    every step, and returns what `run` would.

    Attributes:
        name: Its name in `RUNTIMES`.
        UNSUPPORTED: Operations that it cannot do, each with the reason.
        PARTIAL: Operations that it does in part, each with what is missing.
        WINDOW_OPTIONS: The fields of `WindowConfig` that it uses; the others have no effect.
        WEBVIEW_HOOKS: The fields of `WebviewHooks` that it uses.
        WINDOW_EVENTS: The names of the events of windows that it notes.
        windows_on_loop: Whether `perform` waits for no other thread, so that the event loop's may call it.
    """

    name: ClassVar[str]
    windows_on_loop: ClassVar[bool]
    UNSUPPORTED: ClassVar[Mapping[type[Op[Any]], str]]
    PARTIAL: ClassVar[Mapping[type[Op[Any]], str]]
    WINDOW_OPTIONS: ClassVar[frozenset[str]]
    WEBVIEW_HOOKS: ClassVar[frozenset[str]]
    WINDOW_EVENTS: ClassVar[frozenset[str]]

    def run(self) -> int:
        """Run the window system on the calling thread, the process's main one, until `quit`; return the exit code.

        Raises:
            RuntimeUnavailable: The machine lacks something; the text says what and the command that mends it.
        """
        ...

    def perform(self, op: Op[T]) -> T:
        """Do what the value says and return its result. Any thread; waits for the window system.

        Raises:
            WindowError: No window has this label, or one has it already, or the runtime cannot do this.
        """
        ...

    def post(self, work: Callable[[], object]) -> None:
        """Run `work` on the window system's thread, soon. Any thread; returns at once."""

    def quit(self, code: int) -> None:
        """Let `run` return `code`. Any thread; returns at once."""


RuntimeFactory: TypeAlias = Callable[[Host, Settings], Runtime]
