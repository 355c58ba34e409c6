"""`plugin:deep-link|*`."""

from __future__ import annotations

from ...commands import command, generate_handler
from ...core import Plugin, PluginApi, PluginBuilder
from ...errors import CommandError
from ...handles import AppHandle, State
from ._desktop import Registration
from ._links import DeepLinks, check_scheme, handle_arguments, schemes_of

__all__ = ["get_current", "init", "is_registered", "register", "unregister"]

_ON_WEB = "the page is in a browser, and the desktop that opens addresses may be another machine's"


@command(name="get_current")
async def _get_current(links: State[DeepLinks]) -> list[str] | None:
    """Return the addresses that opened the application last."""
    return links.current


@command(name="register")
def _register(links: State[DeepLinks], registration: State[Registration], protocol: str) -> None:
    """Let addresses of a scheme of the configuration start the application."""
    registration.register(_own(links, protocol))


@command(name="unregister")
def _unregister(links: State[DeepLinks], registration: State[Registration], protocol: str) -> None:
    """Let addresses of a scheme of the configuration start the application no more."""
    registration.unregister(_own(links, protocol))


@command(name="is_registered")
def _is_registered(links: State[DeepLinks], registration: State[Registration], protocol: str) -> bool:
    """Tell whether addresses of a scheme of the configuration start the application."""
    return registration.is_registered(_own(links, protocol))


def _own(links: DeepLinks, scheme: str) -> str:
    if scheme not in links.schemes:
        # Tauri lets a page take over any scheme.
        raise CommandError(
            f"`{scheme}` is not a scheme of this application; add it to plugins.deep-link.desktop.schemes in tauri.conf.json"
        )
    return scheme


def get_current(app: AppHandle) -> list[str] | None:
    """Return the addresses that opened the application last; `None` for none.

    Raises:
        StateError: The plugin was not added.
    """
    return app.state(DeepLinks).current


def register(app: AppHandle, scheme: str) -> None:
    """Let addresses of a scheme start the application.

    Raises:
        CommandError: The system is not supported, or refuses.
        ConfigError: The name is none of a scheme, or belongs to the desktop.
        StateError: The plugin was not added.
    """
    check_scheme(scheme)
    links = app.state(DeepLinks)
    links.schemes |= {scheme}
    app.state(Registration).register(scheme)


def unregister(app: AppHandle, scheme: str) -> None:
    """Let addresses of a scheme start the application no more.

    Raises:
        CommandError: The system is not supported, or refuses.
        ConfigError: The name is none of a scheme.
        StateError: The plugin was not added.
    """
    check_scheme(scheme)
    app.state(Registration).unregister(scheme)


def is_registered(app: AppHandle, scheme: str) -> bool:
    """Tell whether addresses of a scheme start the application.

    Raises:
        CommandError: The system is not supported.
        ConfigError: The name is none of a scheme.
        StateError: The plugin was not added.
    """
    check_scheme(scheme)
    return app.state(Registration).is_registered(scheme)


def _setup(app: AppHandle, api: PluginApi) -> None:
    app.manage(DeepLinks(app, schemes_of(api.config)))
    app.manage(Registration(app.config().identifier, app.package_info().name))
    handle_arguments(app)


def init() -> Plugin:
    """Return the plugin; `deep-link:default` allows `get_current`, as in Tauri."""
    return (
        PluginBuilder("deep-link")
        .setup(_setup)
        .unsupported("web", dict.fromkeys(("register", "unregister", "is_registered"), _ON_WEB))
        .invoke_handler(generate_handler(_get_current, _register, _unregister, _is_registered))
        .permissions(default=("allow-get-current",))
        .build()
    )
