"""`transom plugin`: the official plugins, and what a project needs to use one."""

from __future__ import annotations

from pathlib import Path

from ...acl import OFFICIAL_PLUGINS, WITHOUT_PACKAGE
from ...errors import ConfigError
from ...names import nearest_name
from ._capabilities import add_permission

__all__ = ["add_plugin", "list_plugins"]


def list_plugins() -> list[dict[str, str | None]]:
    """Return the official plugins: name, the extra of transom that it needs, and its npm package; `None` for none."""
    return [
        {
            "name": name,
            "extra": extra,
            "package": None if name in WITHOUT_PACKAGE else f"@tauri-apps/plugin-{name}",
        }
        for name, extra in sorted(OFFICIAL_PLUGINS.items())
    ]


def add_plugin(folder: Path, name: str, capability: str | None) -> list[str]:
    """Allow pages what the plugin's default set allows, and return what is left for the author to do, as commands and lines.

    Args:
        folder: The project's folder.
        name: The plugin's name.
        capability: The identifier of the capability; `None` for the only one that there is.

    Raises:
        ConfigError: There is no such plugin, or the capability cannot be changed.
    """
    if name not in OFFICIAL_PLUGINS:
        near = nearest_name(name, OFFICIAL_PLUGINS)
        hint = f" (did you mean {near}?)" if near else ""
        raise ConfigError(f"there is no official plugin {name!r}{hint}; `transom plugin list` names them")
    extra = OFFICIAL_PLUGINS[name]
    module = name.replace("-", "_")
    steps = []
    if extra is not None:
        steps.append(f"pip install 'transom[{extra}]'")
    if name not in WITHOUT_PACKAGE:
        steps.append(f"npm install @tauri-apps/plugin-{name}")
        files = add_permission(folder, f"{name}:default", capability, check=False)
        steps += [f"# {file} allows {name}:default now" for file in files]
    steps += [f"from transom.plugins import {module}", f"Builder().plugin({module}.init())"]
    return steps
