"""`transom plugin`: the official plugins and the installed ones, and what a project needs to use one."""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

from ...acl import OFFICIAL_PLUGINS, WITHOUT_PACKAGE
from ...errors import ConfigError
from ...names import nearest_name
from ._capabilities import add_permission

__all__ = ["add_plugin", "list_plugins"]

# A package with a plugin names it here: plugin = "module", whose `init()` returns it.
_GROUP = "transom.plugins"


def list_plugins() -> list[dict[str, str | None]]:
    """Return the official plugins, and behind them those of installed packages.

    Each has its name, the extra of transom that it needs, its npm package, and the installed package that it is from;
    `None` for none. An installed package does not say which npm package belongs to it.
    """
    official: list[dict[str, str | None]] = [
        {
            "name": name,
            "extra": extra,
            "package": None if name in WITHOUT_PACKAGE else f"@tauri-apps/plugin-{name}",
            "distribution": None,
        }
        for name, extra in sorted(OFFICIAL_PLUGINS.items())
    ]
    return official + [
        {"name": name, "extra": None, "package": None, "distribution": point.dist.name if point.dist else name}
        for name, point in sorted(_installed().items())
    ]


def _installed() -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=_GROUP) if point.name not in OFFICIAL_PLUGINS}


def add_plugin(folder: Path, name: str, capability: str | None) -> list[str]:
    """Allow pages what the plugin's default set allows, and return what is left for the author to do, as commands and lines.

    Args:
        folder: The project's folder.
        name: The plugin's name: an official one, or one of an installed package.
        capability: The identifier of the capability; `None` for the only one that there is.

    Raises:
        ConfigError: There is no such plugin, or the capability cannot be changed.
    """
    installed = _installed()
    if name in installed:
        module = installed[name].module
        return [*_allow(folder, name, capability), f"import {module}", f"Builder().plugin({module}.init())"]
    if name not in OFFICIAL_PLUGINS:
        near = nearest_name(name, [*OFFICIAL_PLUGINS, *installed])
        hint = f" (did you mean {near}?)" if near else ""
        raise ConfigError(
            f"there is no official or installed plugin {name!r}{hint}; `transom plugin list` names them, and "
            "`transom plugin new` makes one"
        )
    extra = OFFICIAL_PLUGINS[name]
    module = name.replace("-", "_")
    steps = []
    if extra is not None:
        steps.append(f"pip install 'transom[{extra}]'")
    if name not in WITHOUT_PACKAGE:
        steps.append(f"npm install @tauri-apps/plugin-{name}")
        steps += _allow(folder, name, capability)
    steps += [f"from transom.plugins import {module}", f"Builder().plugin({module}.init())"]
    return steps


def _allow(folder: Path, name: str, capability: str | None) -> list[str]:
    files = add_permission(folder, f"{name}:default", capability, check=False)
    return [f"# {file} allows {name}:default now" for file in files]
