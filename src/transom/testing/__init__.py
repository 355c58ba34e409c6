"""Test an application without a window: its commands, events and channels, called as a page calls them."""

from ._page import Channel, Events, Rejected, TestPage
from ._running import RunningApp, running

__all__ = ["Channel", "Events", "Rejected", "RunningApp", "TestPage", "running"]
