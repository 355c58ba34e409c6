"""`plugin:notification|*`."""

from __future__ import annotations

from typing import Any

import msgspec

from ...commands import command, generate_handler
from ...core import Plugin, PluginBuilder
from ...errors import CommandError
from ...handles import AppHandle
from ._desktop import notify as show
from ._script import SCRIPT

__all__ = ["init"]

_PHONES = "only phones have it, in Tauri too"
_ON_WEB = "the browser shows notifications; use its own window.Notification"
# Commands of phones.
_MOBILE = (
    "register_action_types",
    "get_pending",
    "cancel",
    "get_active",
    "remove_active",
    "create_channel",
    "delete_channel",
    "list_channels",
    "register_listener",
    "remove_listener",
)


class Options(msgspec.Struct, frozen=True):
    """A notification as the npm package describes it; what only phones use is left out.

    Attributes:
        title: First line.
        body: More text.
        icon: Name of an icon, or the path of a file.
        sound: Name of a sound.
    """

    title: str = ""
    body: str | None = None
    icon: str | None = None
    sound: str | None = None


@command
async def is_permission_granted(app: AppHandle) -> bool | None:
    """Tell that desktops ask for no permission; `None` where the browser asks."""
    return None if app.runtime_name() == "web" else True


@command
async def request_permission() -> str:
    """Tell that desktops ask for no permission."""
    return "granted"


@command
async def check_permissions() -> dict[str, str]:
    """Tell that desktops ask for no permission."""
    return {"permissionState": "granted"}


@command
async def request_permissions() -> dict[str, str]:
    """Tell that desktops ask for no permission."""
    return {"permissionState": "granted"}


@command(concurrency=1)  # in the order in which pages send them
def notify(app: AppHandle, options: Options) -> None:
    """Show a notification."""
    show(app, options.title, options.body, icon=options.icon, sound=options.sound)


def _refusal(name: str) -> Any:
    async def refuse() -> None:
        raise CommandError(f"plugin:notification|{name} is not supported: {_PHONES}")

    return command(refuse, name=name)


def init() -> Plugin:
    """Return the plugin; `notification:default` allows everything, as in Tauri."""
    names = ("is_permission_granted", "request_permission", "check_permissions", "request_permissions", "notify")
    identifiers = [f"allow-{name.replace('_', '-')}" for name in (*names, *_MOBILE)]
    on_phones: dict[str, str] = dict.fromkeys(_MOBILE, _PHONES)
    own = dict.fromkeys(("request_permission", "check_permissions", "request_permissions", "notify"), _ON_WEB)
    return (
        PluginBuilder("notification")
        .unsupported("webkitgtk", on_phones)
        .unsupported("pywebview", on_phones)
        .unsupported("web", {**on_phones, **own})
        .js_init_script(SCRIPT, runtime="webkitgtk")
        .js_init_script(SCRIPT, runtime="pywebview")
        .invoke_handler(
            generate_handler(
                is_permission_granted,
                request_permission,
                check_permissions,
                request_permissions,
                notify,
                *map(_refusal, _MOBILE),
            )
        )
        .permissions(
            default=identifiers,
            # Tauri has these permissions, of commands of phones and of no command at all.
            unavailable=[
                f"{verb}-{name}" for verb in ("allow", "deny") for name in ("batch", "permission-state", "show")
            ],
        )
        .build()
    )
