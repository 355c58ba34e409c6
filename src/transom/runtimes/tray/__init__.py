"""Tray icons of Linux desktops: StatusNotifierItem and com.canonical.dbusmenu over D-Bus, spoken through Gio."""

from ._trays import TrayIcons

__all__ = ["TrayIcons"]
