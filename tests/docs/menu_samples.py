"""Arguments with which each command of menus can be called once; see `support_samples.py`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.mock_app import Running

__all__ = ["MENU_SAMPLES"]


def _of(kind: str, **arguments: Any) -> Callable[[Running], dict[str, Any]]:
    """Return what makes arguments with a new item of this kind."""

    def make(application: Running) -> dict[str, Any]:
        options = {"text": "a", "items": [{"text": "b"}], "checked": True}
        rid, _ = application.page.invoke("plugin:menu|new", {"kind": kind, "options": options})
        return {"rid": rid, "kind": kind, **arguments}

    return make


def _remove(application: Running) -> dict[str, Any]:
    menu = _of("Menu")(application)
    [rid, _, kind] = application.page.invoke("plugin:menu|items", menu)[0]
    return {**menu, "item": [rid, kind]}


_NEW = [{"text": "c"}]

MENU_SAMPLES: dict[str, Any] = {
    "plugin:menu|new": {"kind": "Menu", "options": {}, "handler": "__CHANNEL__:1"},
    "plugin:menu|append": _of("Menu", items=_NEW),
    "plugin:menu|prepend": _of("Menu", items=_NEW),
    "plugin:menu|insert": _of("Menu", items=_NEW, position=0),
    "plugin:menu|remove": _remove,
    "plugin:menu|remove_at": _of("Menu", position=0),
    "plugin:menu|items": _of("Menu"),
    "plugin:menu|get": _of("Menu", id="a"),
    "plugin:menu|popup": _of("Menu", window=None, at=None),
    "plugin:menu|set_as_app_menu": _of("Menu"),
    "plugin:menu|set_as_window_menu": _of("Menu", window=None),
    "plugin:menu|text": _of("MenuItem"),
    "plugin:menu|set_text": _of("MenuItem", text="d"),
    "plugin:menu|is_enabled": _of("MenuItem"),
    "plugin:menu|set_enabled": _of("MenuItem", enabled=False),
    "plugin:menu|set_accelerator": _of("MenuItem", accelerator="F5"),
    "plugin:menu|set_as_windows_menu_for_nsapp": _of("Submenu"),
    "plugin:menu|set_as_help_menu_for_nsapp": _of("Submenu"),
    "plugin:menu|is_checked": _of("Check"),
    "plugin:menu|set_checked": _of("Check", checked=False),
    "plugin:menu|set_icon": _of("Icon", icon=None),
}
