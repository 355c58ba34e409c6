"""An application on the mock runtime with official plugins, whose folders are all below one of the test."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.mock_app import Running, running
from transom.app import Builder
from transom.core import Plugin
from transom.runtimes._mock import MockPage, MockRejection

__all__ = ["allow", "at_home", "rejection", "with_plugins"]


def at_home(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Path:
    """Let the system's folders be below this one, and return the application's data folder."""
    monkeypatch.setenv("HOME", str(folder))
    for name, below in {"DATA": "data", "CONFIG": "config", "CACHE": "cache"}.items():
        monkeypatch.setenv(f"XDG_{name}_HOME", str(folder / below))
    return folder / "data" / "org.example.mock"


@contextmanager
def with_plugins(*plugins: Plugin, permissions: Iterable[Any] | None = None, **options: Any) -> Iterator[Running]:
    """Run an application with these plugins.

    Args:
        *plugins: The plugins.
        permissions: What a capability gives every window; `None` for the default permission of every plugin.
        **options: See `running`.
    """
    builder = Builder()
    for plugin in plugins:
        builder.plugin(plugin)
    with running(builder=builder, **options) as application:
        allow(application, *([f"{plugin.name}:default" for plugin in plugins] if permissions is None else permissions))
        yield application


def allow(application: Running, *permissions: Any) -> None:
    """Give every window these permissions."""
    capability = {"identifier": "test", "windows": ["*"], "permissions": list(permissions)}
    application.app.handle().add_capability(json.dumps(capability))


def rejection(page: MockPage, command: str, args: Any = None, **options: Any) -> Any:
    """Return what a call rejects with."""
    with pytest.raises(MockRejection) as caught:
        page.invoke(command, args or {}, **options)
    return caught.value.value
