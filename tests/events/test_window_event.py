from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from transom.events import (
    CloseRequestApi,
    DragDropEvent,
    RunEvent,
    WebviewEvent,
    WindowEvent,
    webview_event,
    window_event,
)
from transom.values import PhysicalPosition, PhysicalSize

DROPPED = {"paths": ["/a/b", "/c"], "position": {"x": 3, "y": 4}}
PATHS = (Path("/a/b"), Path("/c"))
AT = PhysicalPosition(3, 4)


@pytest.mark.parametrize(
    ("name", "payload", "event"),
    [
        ("destroyed", None, WindowEvent.Destroyed()),
        ("resize", {"width": 1, "height": 2}, WindowEvent.Resized(PhysicalSize(1, 2))),
        ("move", {"x": -1, "y": 2}, WindowEvent.Moved(PhysicalPosition(-1, 2))),
        ("focus", None, WindowEvent.Focused(True)),
        ("blur", None, WindowEvent.Focused(False)),
        (
            "scale-change",
            {"scaleFactor": 2, "size": {"width": 1, "height": 2}},
            WindowEvent.ScaleFactorChanged(2.0, PhysicalSize(1, 2)),
        ),
        ("theme-changed", "dark", WindowEvent.ThemeChanged("dark")),
        ("drag-enter", DROPPED, WindowEvent.DragDrop(DragDropEvent.Enter(PATHS, AT))),
        ("drag-over", {"position": {"x": 3, "y": 4}}, WindowEvent.DragDrop(DragDropEvent.Over(AT))),
        ("drag-drop", DROPPED, WindowEvent.DragDrop(DragDropEvent.Drop(PATHS, AT))),
        ("drag-leave", None, WindowEvent.DragDrop(DragDropEvent.Leave())),
        ("unheard-of", None, None),
    ],
)
def test_what_a_runtime_tells_becomes_an_event_of_tauris_kinds(name: str, payload: Any, event: Any) -> None:
    found = window_event(name, payload)
    assert found == event
    assert isinstance(found, WindowEvent | None)
    dragged = webview_event(name, payload)
    assert isinstance(dragged, WebviewEvent | None)
    assert (dragged is not None) is name.startswith("drag-")
    if isinstance(found, WindowEvent.DragDrop):
        assert isinstance(dragged, WebviewEvent.DragDrop)
        assert dragged.event == found.event


def test_a_payload_of_another_form_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError):
        window_event("resize", {"width": "wide"})


def test_a_close_is_prevented_by_its_api() -> None:
    match window_event("close-requested", None):
        case WindowEvent.CloseRequested(api=api):
            assert isinstance(api, CloseRequestApi)
            assert not api.prevented
            api.prevent_close()
            assert api.prevented
        case other:
            raise AssertionError(other)


def test_events_show_the_names_under_which_they_are_reached() -> None:
    assert repr(WindowEvent.Focused(True)) == "WindowEvent.Focused(focused=True)"
    assert repr(RunEvent.WindowEvent("main", WindowEvent.Destroyed())) == (
        "RunEvent.WindowEvent(label='main', event=WindowEvent.Destroyed())"
    )
