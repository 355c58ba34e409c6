"""`plugin:autostart|*`."""

from __future__ import annotations

from collections.abc import Sequence

from ...commands import command, generate_handler
from ...core import Plugin, PluginApi, PluginBuilder
from ...handles import AppHandle, State
from ._desktop_file import Autostart, program

__all__ = ["disable", "enable", "init", "is_enabled"]

_ON_WEB = "the page is in a browser, and the application on a server that starts it by itself"


@command(name="enable")
def _enable(autostart: State[Autostart]) -> None:
    """Start the application at every login."""
    autostart.enable()


@command(name="disable")
def _disable(autostart: State[Autostart]) -> None:
    """Do not start the application at login."""
    autostart.disable()


@command(name="is_enabled")
def _is_enabled(autostart: State[Autostart]) -> bool:
    """Tell whether the application starts at login."""
    return autostart.is_enabled()


def enable(app: AppHandle) -> None:
    """Start the application at every login from now on.

    Raises:
        CommandError: The system is not supported, the command has a control character, or the file cannot be written.
        StateError: The plugin was not added.
    """
    app.state(Autostart).enable()


def disable(app: AppHandle) -> None:
    """Do not start the application at login any more.

    Raises:
        CommandError: The system is not supported, or the file cannot be deleted.
        StateError: The plugin was not added.
    """
    app.state(Autostart).disable()


def is_enabled(app: AppHandle) -> bool:
    """Tell whether the application starts at login.

    Raises:
        CommandError: The system is not supported.
        StateError: The plugin was not added.
    """
    return app.state(Autostart).is_enabled()


def init(arguments: Sequence[str] = ()) -> Plugin:
    """Return the plugin; `autostart:default` allows its three commands.

    Args:
        arguments: What the application gets when it starts at login, such as `--hidden`.
    """

    def setup(app: AppHandle, _: PluginApi) -> None:
        app.manage(Autostart(app.package_info().name, [*program(), *arguments]))

    return (
        PluginBuilder("autostart")
        .setup(setup)
        .unsupported("web", dict.fromkeys(("enable", "disable", "is_enabled"), _ON_WEB))
        .invoke_handler(generate_handler(_enable, _disable, _is_enabled))
        .permissions(default=("allow-enable", "allow-disable", "allow-is-enabled"))
        .build()
    )
