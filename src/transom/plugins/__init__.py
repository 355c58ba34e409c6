"""Built-in plugins, each written as a stranger would write one: with public names only."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from ..acl import OFFICIAL_PLUGINS
from ._core import core_plugins

__all__ = ["core_plugins"]


def __getattr__(name: str) -> ModuleType:
    """Import an official plugin when it is first used, so that `transom.plugins.fs.init()` needs no import of its own."""
    if name.replace("_", "-") in OFFICIAL_PLUGINS:
        return import_module(f".{name}", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
