"""The desktop of the tests of menus, with a tray."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.menu.conftest import Desktop, Program, desktop, front_end, start

__all__ = ["Tray", "desktop", "front_end", "start", "tray"]


class Tray:
    """The desktop's tray, which tells what icons tell and does what a user does."""

    def __init__(self, desktop: Desktop) -> None:
        self.program = Program(desktop, "tests.tray.watcher")
        assert self.program.next() == {"owned": True}
        self._early: list[Any] = []

    def wait(self, key: str, *others: str) -> Any:
        """Return the next value that has a key; those of other kinds are kept for later."""
        for early in self._early:
            if key in early:
                self._early.remove(early)
                return early[key]
        while key not in (found := self.program.next()):
            self._early.append(found)
        return found[key]

    def signal(self, name: str) -> Any:
        """Return the arguments of the next signal of this name; other signals are forgotten."""
        while True:
            for early in list(self._early):
                if "signal" in early:
                    self._early.remove(early)
                    if early["signal"] == name:
                        return early["arguments"]
            self._early.append(self.program.next())

    def get(self, owner: str) -> dict[str, Any]:
        """Return the properties of an icon."""
        self.program.tell(json.dumps(["get", owner]))
        found: dict[str, Any] = self.wait("answer")
        return found

    def call(self, owner: str, method: str, kind: str, *arguments: Any, error: bool = False) -> Any:
        """Call a method of an icon or of its menu, and return the answer."""
        icon = method in ("Activate", "SecondaryActivate", "ContextMenu", "Scroll")
        path, interface = (
            ("/StatusNotifierItem", "org.kde.StatusNotifierItem") if icon else ("/MenuBar", "com.canonical.dbusmenu")
        )
        self.program.tell(json.dumps(["call", owner, path, interface, method, kind, arguments]))
        return self.wait("error" if error else "answer")

    def labels(self, owner: str) -> dict[str, int]:
        """Return the numbers of all items of an icon's menu by their labels."""
        _, root = self.call(owner, "GetLayout", "(iias)", 0, -1, [])
        found: dict[str, int] = {}

        def look(item: Any) -> None:
            number, properties, children = item
            found[properties.get("label", "")] = number
            for child in children:
                look(child)

        look(root)
        return found


@pytest.fixture
def tray(desktop: Desktop) -> Iterator[Callable[[], Tray]]:
    """Start a tray; several tests have several."""
    trays: list[Tray] = []

    def begin() -> Tray:
        trays.append(Tray(desktop))
        return trays[-1]

    yield begin
    for one in trays:
        one.program.end()
