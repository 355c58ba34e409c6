"""Tray icons as a window system sees them: their state, the operations on them, and clicks."""

from ._tray import MouseButton, RemoveTray, SetTray, TrayClick, TrayState

__all__ = ["MouseButton", "RemoveTray", "SetTray", "TrayClick", "TrayState"]
