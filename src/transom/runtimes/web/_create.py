"""Chooses the web runtime: for the one user of this machine, or for many."""

from __future__ import annotations

from .. import Host, Runtime, Settings

__all__ = ["create"]


def create(host: Host, settings: Settings) -> Runtime:
    """Return the runtime; that for many users where the settings hold the options of a server.

    Raises:
        RuntimeUnavailable: There is no folder of built files to serve.
    """
    if "server" in settings.options:
        from ._sessions_runtime import create as create_for_users

        return create_for_users(host, settings)
    from ._runtime import create as create_for_one

    return create_for_one(host, settings)
