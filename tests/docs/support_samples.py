"""Arguments with which each command of a core plugin can be called once; `tests/docs/support_table.py` calls them.

A function gets the running application, whose windows are `main`, which calls, and `other`.
"""

from __future__ import annotations

import struct
import tempfile
import zlib
from typing import Any

from tests.docs.menu_samples import MENU_SAMPLES
from tests.docs.tray_samples import TRAY_SAMPLES
from tests.mock_app import Running
from transom.handles import WebviewBuilder
from transom.runtimes import CursorIcon, Image
from transom.values import LogicalPosition, LogicalSize

__all__ = ["SAMPLES"]


class Thing:
    """A resource."""

    def close(self) -> None:
        """Nothing is left to do."""


def _rid(application: Running) -> dict[str, int]:
    return {"rid": application.session.resources.add(Thing())}


def _image(application: Running) -> dict[str, int]:
    return {"rid": application.session.resources.add(Image(b"\0\0\0\xff", 1, 1))}


def _png() -> bytes:
    """Return the file of a picture of one black pixel."""
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(bytes(4))),
        (b"IEND", b""),
    )
    chunks = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _png_file(_: Running) -> dict[str, str]:
    with tempfile.NamedTemporaryFile(suffix=".png", delete=False) as file:
        file.write(_png())
    return {"path": file.name}


_ANY = {"kind": "Any"}
_SIZE = {"Logical": {"width": 300, "height": 200}}
_PLACE = {"Physical": {"x": 10, "y": 20}}
_TRUE = {"value": True}
_WINDOW: dict[str, Any] = {
    "close": {"label": "other"},
    "create": {"options": {"label": "made"}},
    "destroy": {"label": "other"},
    "monitor_from_point": {"x": 1, "y": 1.5},
    "request_user_attention": {"value": {"type": "Critical"}},
    "set_background_color": {"value": "#ff8000"},
    "set_badge_count": {"value": 3},
    "set_badge_label": {"value": "new"},
    "set_cursor_icon": {"value": CursorIcon.NOT_ALLOWED.value},
    "set_cursor_position": {"value": _PLACE},
    "set_effects": {"value": {"effects": ["mica"]}},
    "set_fullscreen_on_monitor": {"value": {"x": 1, "y": 1}},
    "set_icon": {"value": {"rgba": [0, 0, 0, 255], "width": 1, "height": 1}},
    "set_max_size": {"value": _SIZE},
    "set_min_size": {"value": None},
    "set_overlay_icon": {"value": None},
    "set_position": {"value": _PLACE},
    "set_progress_bar": {"value": {"status": "normal", "progress": 40}},
    "set_size": {"value": _SIZE},
    "set_size_constraints": {"value": {"minWidth": {"Logical": 100}, "minHeight": None}},
    "set_theme": {"value": "dark"},
    "set_title": {"value": "title"},
    "set_title_bar_style": {"value": "overlay"},
    "start_resize_dragging": {"value": "SouthEast"},
    **{
        f"set_{name}": _TRUE
        for name in (
            "resizable enabled maximizable minimizable closable decorations shadow always_on_top always_on_bottom "
            "content_protected fullscreen simple_fullscreen focusable skip_taskbar cursor_grab cursor_visible "
            "ignore_cursor_events visible_on_all_workspaces"
        ).split()
    },
}
_CHILD = {"url": "index.html", "label": "child", "x": 1, "y": 2, "width": 30, "height": 40}


def _child(**arguments: Any) -> Any:
    """Return what makes a webview, and the arguments of a command about it."""

    def make(application: Running) -> dict[str, Any]:
        if "child" not in application.app.webviews():
            window = application.app.get_window("main")
            assert window is not None
            window.add_child(WebviewBuilder.from_options(_CHILD), LogicalPosition(1, 2), LogicalSize(30, 40))
        return {"label": "child", **arguments}

    return make


_WEBVIEW: dict[str, Any] = {
    "create_webview": {"windowLabel": "main", "options": {**_CHILD, "label": "made"}},
    "create_webview_window": {"options": {"label": "made"}},
    "webview_close": _child(),
    "close": _child(),
    "set_webview_size": _child(value=_SIZE),
    "set_webview_position": _child(value=_PLACE),
    "set_webview_auto_resize": _child(value=True),
    "set_webview_zoom": {"value": 2},
    "set_webview_background_color": {"value": "#ff8000"},
    "reparent": _child(window="other"),
}
# Command -> its arguments; a command that is not here takes none. Add here the commands of a new core plugin.
SAMPLES: dict[str, Any] = {
    "plugin:event|listen": {"event": "a", "target": _ANY, "handler": 1},
    "plugin:event|unlisten": {"event": "a", "eventId": 1},
    "plugin:event|emit": {"event": "a"},
    "plugin:event|emit_to": {"event": "a", "target": _ANY},
    "plugin:app|exit": {"code": 0},
    "plugin:app|remove_data_store": {"uuid": [0] * 16},
    "plugin:app|set_dock_visibility": {"visible": True},
    "plugin:image|new": {"rgba": [0, 0, 0, 255], "width": 1, "height": 1},
    "plugin:image|from_bytes": {"bytes": list(_png())},
    "plugin:image|from_path": _png_file,
    "plugin:image|rgba": _image,
    "plugin:image|size": _image,
    **MENU_SAMPLES,
    **TRAY_SAMPLES,
    "plugin:path|resolve_directory": {"directory": 21},
    **{
        f"plugin:path|{name}": {"path": "/a/b.c"}
        for name in "normalize dirname extname basename is_absolute isAbsolute".split()
    },
    "plugin:path|resolve": {"paths": ["a", "b"]},
    "plugin:path|join": {"paths": ["a", "b"]},
    "plugin:resources|close": _rid,
    "plugin:stream|pull": {"channel": 1, "count": 1},
    **{f"plugin:webview|{name}": arguments for name, arguments in _WEBVIEW.items()},
    **{f"plugin:window|{name}": arguments for name, arguments in _WINDOW.items()},
}
