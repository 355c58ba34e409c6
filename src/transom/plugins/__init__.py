"""Built-in plugins, each written as a stranger would write one: with public names only."""

from ._core import core_plugins

__all__ = ["core_plugins"]
