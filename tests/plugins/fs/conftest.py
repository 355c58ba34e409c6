"""An application whose pages may use every command of files, in its data folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mock_app import Running
from tests.plugins.fs.pages import EVERYTHING
from tests.plugins.plugin_app import at_home, with_plugins
from tests.requirements import needs_posix
from transom.plugins import fs


@pytest.fixture
def data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    needs_posix()
    folder = at_home(monkeypatch, tmp_path)
    folder.mkdir(parents=True)
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/secret.txt").write_text("secret", "utf-8")
    return folder


@pytest.fixture
def application(data: Path) -> Iterator[Running]:
    with with_plugins(fs.init(), permissions=EVERYTHING) as application:
        yield application
