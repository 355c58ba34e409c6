"""The plugins that every application has."""

from __future__ import annotations

from ..core import Plugin
from .app import app_plugin
from .event import event_plugin
from .image import image_plugin
from .menu import menu_plugin
from .path import path_plugin
from .resources import resources_plugin
from .stream import stream_plugin
from .tray import tray_plugin
from .webview import webview_plugin
from .window import window_plugin

__all__ = ["core_plugins"]


def core_plugins() -> tuple[Plugin, ...]:
    """Return the plugins that every application has."""
    return (
        app_plugin(),
        event_plugin(),
        image_plugin(),
        menu_plugin(),
        path_plugin(),
        resources_plugin(),
        stream_plugin(),
        tray_plugin(),
        webview_plugin(),
        window_plugin(),
    )
