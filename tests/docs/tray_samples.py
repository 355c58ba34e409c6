"""Arguments with which each command of tray icons can be called once; see `support_samples.py`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.mock_app import Running

__all__ = ["TRAY_SAMPLES"]

_NEW: dict[str, Any] = {"options": {"id": "a"}, "handler": "__CHANNEL__:1"}


def _on(**arguments: Any) -> Callable[[Running], dict[str, Any]]:
    """Return what makes arguments with a new icon."""

    def make(application: Running) -> dict[str, Any]:
        rid, _ = application.page.invoke("plugin:tray|new", _NEW)
        return {"rid": rid, "id": "a", **arguments}

    return make


TRAY_SAMPLES: dict[str, Any] = {
    "plugin:tray|new": _NEW,
    "plugin:tray|get_by_id": _on(),
    "plugin:tray|remove_by_id": _on(),
    "plugin:tray|set_icon": _on(icon=None),
    "plugin:tray|set_menu": _on(menu=None),
    "plugin:tray|set_tooltip": _on(tooltip="b"),
    "plugin:tray|set_title": _on(title="b"),
    "plugin:tray|set_visible": _on(visible=False),
    "plugin:tray|set_temp_dir_path": _on(path=None),
    "plugin:tray|set_icon_as_template": _on(asTemplate=True),
    "plugin:tray|set_icon_with_as_template": _on(icon=None, asTemplate=True),
    "plugin:tray|set_show_menu_on_left_click": _on(onLeft=True),
}
