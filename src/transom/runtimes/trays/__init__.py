"""What a tray icon is for a window system: its state, the operations on it, and the clicks that come back."""

from ._tray import MouseButton, RemoveTray, SetTray, TrayClick, TrayState

__all__ = ["MouseButton", "RemoveTray", "SetTray", "TrayClick", "TrayState"]
