"""The desktop of the tests of menus, for what people do with a pointer."""

from __future__ import annotations

from tests.menu.conftest import desktop, front_end, start

__all__ = ["desktop", "front_end", "start"]
