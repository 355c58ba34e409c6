"""The plugin, as it is added to an application."""

from __future__ import annotations

import os
from typing import Literal

import msgspec

from ...commands import generate_handler
from ...core import Plugin, PluginApi, PluginBuilder
from ...handles import AppHandle
from . import _commands, _handles, _watch, _write
from ._permissions import DEFAULT, PERMISSIONS, SETS
from ._scope import Scopes
from ._watch import Watchers

__all__ = ["init"]


class FsConfig(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """`plugins.fs` of the configuration file."""

    require_literal_leading_dot: bool | None = None


def init(*, guest: Literal["2.0", "2.x"] = "2.x") -> Plugin:
    """Return the plugin of files.

    Args:
        guest: The version of the npm package that pages have; `2.0` reads texts and lines otherwise than later ones.
    """

    def setup(app: AppHandle, api: PluginApi) -> None:
        config = api.config_as(FsConfig) if api.config is not None else FsConfig()
        literal = config.require_literal_leading_dot
        app.manage(Scopes(app, literal_dot=os.name == "posix" if literal is None else literal))
        app.manage(Watchers(app))

    commands = (*_commands.COMMANDS, *_handles.COMMANDS, *_write.COMMANDS, *_watch.COMMANDS)
    if guest == "2.0":
        from . import _older

        names = {function.__name__ for function in _older.COMMANDS}
        commands = (*(function for function in commands if function.__name__ not in names), *_older.COMMANDS)
    return (
        PluginBuilder("fs")
        .invoke_handler(generate_handler(*commands))
        .permissions(default=DEFAULT, sets=SETS, permissions=PERMISSIONS)
        .setup(setup)
        .build()
    )
