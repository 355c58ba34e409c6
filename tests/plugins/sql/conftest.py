from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.plugins.plugin_app import at_home
from tests.plugins.sql import servers


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Return the application's folder for its configuration."""
    at_home(monkeypatch, tmp_path)
    return tmp_path / "config" / "org.example.mock"


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    with servers.postgres() as address:
        yield address


@pytest.fixture(scope="session")
def mariadb() -> Iterator[str]:
    with servers.mariadb() as address:
        yield address
