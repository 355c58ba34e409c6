"""The operations in groups, for tables of runtimes that know a part of them."""

from __future__ import annotations

from typing import Any, Final

from . import _desktop, _pointer, _window_getters, _window_setters
from ._op import Op

__all__ = ["DESKTOP_OPERATIONS", "GETTERS", "SETTERS"]

DESKTOP_OPERATIONS: Final[tuple[type[Op[Any]], ...]] = tuple(getattr(_desktop, name) for name in _desktop.__all__)
"""Those on the desktop as a whole."""
GETTERS: Final[tuple[type[Op[Any]], ...]] = tuple(getattr(_window_getters, name) for name in _window_getters.__all__)
"""Those that tell something about a window."""
SETTERS: Final[tuple[type[Op[Any]], ...]] = tuple(
    getattr(module, name) for module in (_window_setters, _pointer) for name in module.__all__
)
"""Those that change a window or its pointer."""
