"""What an application is made of, as the composition root hands it to the core."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec

from ..calls import InvokeHandler
from ..events import TypedEvent
from ..handles import AppHandle, InvokeResponder, StateManager, Webview
from ..pages import PageSession, QueueLimits
from ..project import AccessFiles
from ..threads import ExecutorSource
from ..values import CallbackFn, InvokeResponseBody
from ..wire import OlderClients
from ._hooks import WebviewEventHook, WindowEventHook
from ._page_load import PageLoadHook
from ._plugin import Plugin
from .scopes import ScopedFactory

if TYPE_CHECKING:
    from ..menu import Menu, MenuEvent
    from ..tray import TrayIconEvent

__all__ = ["AppParts", "ChannelInterceptor"]

# Webview, callback of the channel, number of the message, message -> whether it was taken, and must not go out.
ChannelInterceptor: TypeAlias = Callable[[Webview, CallbackFn, int, InvokeResponseBody], bool]


class AppParts(msgspec.Struct, frozen=True, kw_only=True):
    """The parts of one application.

    Attributes:
        state: Managed objects.
        limits: Bounds of every page.
        scoped: Factories of the state of users and sessions.
        executors: What makes the executors of commands, by name.
        handlers: Answer the application's own commands; the first that knows a command has it.
        core_plugins: Transom's own plugins; the access control list knows their permissions.
        plugins: The author's plugins, each under a name of its own.
        setup: Called once, on the window system's thread, after the configured windows are made; `None` for nothing to do.
        on_page_load: Called at every load of a main frame.
        menu: Makes the application's menu; `None` for none.
        on_menu_event: Called at every activated menu item.
        on_window_event: Called at every event of a window.
        on_webview_event: Called at every event of a webview.
        events: The declared events, for the bindings.
        on_tray_icon_event: Called at every event of a tray icon.
        channel_interceptor: Sees what channels send, and may take it; `None` for nobody.
        invoke_responder: Sends the answers of a message system of the application's own; `None` when it has none.
        clients: The pages that speak an older generation of Tauri's client.
        strict_arguments: Reject calls with an argument that the command does not have.
        strict_permissions: Refuse calls of the application's own commands that no capability allows.
        development: Tell pages the text of unexpected exceptions, and authors what is slow.
        access: What the project's files say about permissions.
        session_type: Makes the page generations; see `Client`.
    """

    state: StateManager
    limits: QueueLimits
    scoped: tuple[ScopedFactory, ...] = ()
    executors: Mapping[str, ExecutorSource] = {}
    handlers: tuple[InvokeHandler, ...] = ()
    core_plugins: tuple[Plugin, ...] = ()
    plugins: tuple[Plugin, ...] = ()
    setup: Callable[[AppHandle], object] | None = None
    on_page_load: tuple[PageLoadHook, ...] = ()
    menu: Callable[[AppHandle], Menu] | None = None
    on_menu_event: tuple[Callable[[AppHandle, MenuEvent], object], ...] = ()
    on_window_event: tuple[WindowEventHook, ...] = ()
    on_webview_event: tuple[WebviewEventHook, ...] = ()
    events: tuple[TypedEvent[Any], ...] = ()
    on_tray_icon_event: tuple[Callable[[AppHandle, TrayIconEvent], object], ...] = ()
    channel_interceptor: ChannelInterceptor | None = None
    invoke_responder: InvokeResponder | None = None
    clients: OlderClients = OlderClients()
    strict_arguments: bool = False
    strict_permissions: bool = False
    development: bool = False
    access: AccessFiles = AccessFiles()
    session_type: Callable[..., PageSession] = PageSession
