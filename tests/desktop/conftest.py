"""One desktop and one application for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.desktop.desktop import App, Desktop, application, desktop


@pytest.fixture(scope="session")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desktop]:
    """The desktop."""
    with desktop(tmp_path_factory.mktemp("desktop")) as found:
        yield found


@pytest.fixture(scope="module")
def app(screen: Desktop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The application, whose first window is at 100, 80."""
    with application(screen, tmp_path_factory.mktemp("application") / "project", x=100, y=80) as found:
        yield found


@pytest.fixture
def xid(app: App) -> str:
    """The id of its first window."""
    return app.desktop.window("Desktop")


@pytest.fixture(autouse=True)
def _as_it_was(app: App) -> Iterator[None]:
    """Give the window its size and place back."""
    yield
    app.run(
        "const w = api.window.getCurrentWindow(); await w.show();"
        "await w.setSize(new api.window.LogicalSize(400, 300)); await w.setPosition(new api.window.LogicalPosition(100, 80));"
    )
