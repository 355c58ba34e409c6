"""Chooses the web runtime: for the one user of this machine, or for many."""

from __future__ import annotations

from .. import Host, Settings
from ._runtime import WebRuntime

__all__ = ["create"]


def create(host: Host, settings: Settings) -> WebRuntime:
    """Return the runtime; that for many users where the settings hold the options of a server.

    Raises:
        RuntimeUnavailable: There is no folder of built files to serve.
    """
    if "server" in settings.options:
        from ._sessions_runtime import ServerRuntime

        return ServerRuntime(host, settings)
    return WebRuntime(host, settings)
