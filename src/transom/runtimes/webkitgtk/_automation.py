"""Lets WebKitWebDriver drive the windows of an application, for end-to-end tests."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from ._gi import WebKit2

__all__ = ["allow_automation"]

_NAME = "transom"
"""What a driver calls the browser."""
_logger = logging.getLogger(__name__)


def allow_automation(context: Any, find_view: Callable[[], Any]) -> None:
    """Let a driver connect to a web context. WebKit allows it for one context of a process.

    The driver starts the program with the address of its own server in `WEBKIT_INSPECTOR_SERVER`; without it, nothing
    connects.

    Args:
        context: The context.
        find_view: Returns the view that a test begins with; `None` if there is none.
    """

    def started(_context: Any, session: Any) -> None:
        info = WebKit2.ApplicationInfo()
        info.set_name(_NAME)
        session.set_application_info(info)
        # Tauri: the same view for each request, because pages do not make windows by a driver's wish.
        session.connect("create-web-view", lambda _session: find_view())
        _logger.warning("a WebDriver drives the windows of this application")

    context.set_automation_allowed(True)
    context.connect("automation-started", started)
