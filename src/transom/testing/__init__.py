"""Test an application without a window: its commands, events and channels, called as a page calls them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..later import import_later

if TYPE_CHECKING:
    from ._page import Channel, Events, PageGone, PendingCall, Rejected, TestPage
    from ._replay import Difference, RecordingDiffers, replay
    from ._running import RunningApp, running
else:

    def __getattr__(name: str) -> Any:  # pytest imports this room at its start, for `fixtures`
        return import_later(__name__, name, "._page", "._replay", "._running")


__all__ = [
    "Channel",
    "Difference",
    "Events",
    "PageGone",
    "PendingCall",
    "RecordingDiffers",
    "Rejected",
    "RunningApp",
    "TestPage",
    "replay",
    "running",
]
