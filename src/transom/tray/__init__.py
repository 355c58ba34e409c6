"""Tray icons under Tauri's names."""

from ._builder import TrayIconBuilder
from ._event import TrayIconEvent
from ._icon import TrayIcon
from ._trays import Trays, TraysApplication

__all__ = ["TrayIcon", "TrayIconBuilder", "TrayIconEvent", "Trays", "TraysApplication"]
