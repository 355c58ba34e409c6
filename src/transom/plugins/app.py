"""`plugin:app|*`: what a page may know of its application, and how it ends it."""

from __future__ import annotations

from ..commands import command, generate_handler
from ..core import Plugin, PluginBuilder
from ..errors import CommandError, TransomError, Unsupported
from ..handles import AppHandle, Webview
from ..runtimes import Theme

__all__ = ["app_plugin"]

TAURI_VERSION = "2.12.5"
"""The version of Tauri whose npm package transom answers in full; pages show it, or compare it with one they need."""


@command
def version(app: AppHandle) -> str:
    """Return the application's version."""
    return app.package_info().version


@command
def name(app: AppHandle) -> str:
    """Return the application's name."""
    return app.package_info().name


@command
async def tauri_version() -> str:
    """Return the version of Tauri that the page may expect."""
    return TAURI_VERSION


@command
async def identifier(app: AppHandle) -> str:
    """Return the application's identifier."""
    return app.config().identifier


@command
async def app_show() -> None:
    """Show the application. Tauri: on macOS only; elsewhere it does nothing."""


@command
async def app_hide() -> None:
    """Hide the application. Tauri: on macOS only; elsewhere it does nothing."""


@command
async def fetch_data_store_identifiers() -> list[list[int]]:
    """Return the identifiers of the system's data stores. Tauri: only Apple's systems have any."""
    return []


@command
async def remove_data_store(uuid: list[int]) -> None:
    """Remove a data store. Tauri: only Apple's systems have any; elsewhere it does nothing."""


# In workers: the first reads a file, the second waits for the window system.
@command
def default_window_icon(app: AppHandle, webview: Webview) -> int | None:
    """Return the number of the application's icon, which the page holds then; `None` when it has none."""
    try:
        icon = app.default_window_icon()
    except TransomError as error:
        raise CommandError(str(error)) from None
    return None if icon is None else webview.resources_table().add(icon)


@command
def set_app_theme(app: AppHandle, theme: Theme | None = None) -> None:
    """Choose the light or the dark look of every window."""
    try:
        app.set_theme(theme)
    except Unsupported:
        raise  # rejects with the reason
    except TransomError as error:  # a window was closed just now
        raise CommandError(str(error)) from None


@command
async def set_dock_visibility(visible: bool) -> None:
    """Show the application in the dock or not. Tauri: on macOS only; elsewhere it does nothing."""


@command
async def bundle_type() -> None:
    """Return the kind of package that the application was installed from; `None`: it was not made by Tauri's bundler."""


@command
async def supports_multiple_windows() -> bool:
    """Tell whether the application can have several windows; every runtime can."""
    return True


@command(name="exit")
async def exit_(app: AppHandle, code: int = 0) -> None:
    """End the application."""
    app.exit(code)


def app_plugin() -> Plugin:
    """Return the plugin of the application."""
    handler = generate_handler(
        version,
        name,
        tauri_version,
        identifier,
        app_show,
        app_hide,
        fetch_data_store_identifiers,
        remove_data_store,
        default_window_icon,
        set_app_theme,
        set_dock_visibility,
        bundle_type,
        supports_multiple_windows,
        exit_,
        lazy=True,
    )
    return (
        PluginBuilder("app")
        .invoke_handler(handler)
        .permissions(
            default=(
                "allow-version",
                "allow-name",
                "allow-tauri-version",
                "allow-identifier",
                "allow-bundle-type",
                "allow-supports-multiple-windows",
            )
        )
        .build()
    )
