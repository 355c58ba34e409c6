"""Rooms whose modules are imported when one of their names is first used (PEP 562)."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

__all__ = ["import_later"]


def import_later(package: str, name: str, *modules: str) -> Any:
    """Return what a package calls `name`, and let it keep that; for the `__getattr__` of a package.

    Type checkers read the same names from imports under `TYPE_CHECKING`.

    Args:
        package: Its `__name__`.
        name: The name.
        *modules: The modules, such as `._menu`, each with `__all__`; they are imported in this order until one has the
            name.

    Raises:
        AttributeError: None has it.
    """
    if not name.startswith("_"):  # else the import system asks, for a module of the package
        for module in modules:
            home = import_module(module, package)
            if name in home.__all__:
                value = getattr(home, name)
                setattr(sys.modules[package], name, value)
                return value
    raise AttributeError(f"module {package!r} has no attribute {name!r}")
