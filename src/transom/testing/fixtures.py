"""Fixtures for pytest, which pytest finds by itself where transom is installed.

`app` is the application of the project, running without a window, and `page` its first page. Where the plugin
pytest-playwright is installed, its own `page` keeps the name; `transom_page` is there too.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from ..app import Builder, Context
    from ._page import TestPage
    from ._running import RunningApp

__all__ = ["transom_app", "transom_builder", "transom_context", "transom_options", "transom_page"]

_PLAYWRIGHT = "playwright"


class _ShortNames:
    """The fixtures under short names."""

    @pytest.fixture
    def app(self, transom_app: RunningApp) -> RunningApp:
        """The application of the project, running without a window."""
        return transom_app

    @pytest.fixture
    def page(self, transom_page: TestPage) -> TestPage:
        """The page of the application's first window."""
        return transom_page


def pytest_configure(config: pytest.Config) -> None:
    """Give the fixtures short names, unless another plugin has them."""
    if not config.pluginmanager.hasplugin(_PLAYWRIGHT):
        config.pluginmanager.register(_ShortNames(), "transom-short-names")


@pytest.fixture
def transom_builder(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Builder:
    """The application under test: what the function `builder` in the project's `app.py` returns.

    Define a fixture of this name to test another one.
    """
    folder = Path(request.config.rootpath)
    file = folder / "app.py"
    if not file.is_file():
        pytest.fail(
            f"{folder} has no app.py; define a fixture `transom_builder` that returns the Builder", pytrace=False
        )
    monkeypatch.syspath_prepend(str(folder))
    module = importlib.import_module("app")
    if Path(str(module.__file__)).resolve() != file.resolve():
        del sys.modules["app"]
        module = importlib.import_module("app")
    if not callable(getattr(module, "builder", None)):
        pytest.fail(f"{file} has no function `builder` that returns the application's Builder", pytrace=False)
    built: Builder = module.builder()
    return built


@pytest.fixture
def transom_context(request: pytest.FixtureRequest) -> Context | None:
    """The project's files: those of the folder that pytest runs in; `None` where there is no configuration."""
    from ..app import generate_context
    from ..project import has_config

    folder = Path(request.config.rootpath)
    return generate_context(folder) if has_config(folder) else None


@pytest.fixture
def transom_options() -> dict[str, Any]:
    """What `running` is given beside the application: none of its options.

    Define a fixture of this name to replace managed state or plugins, to set the permissions, or to record.
    """
    return {}


@pytest.fixture
def transom_app(
    transom_builder: Builder, transom_context: Context | None, transom_options: dict[str, Any]
) -> Iterator[RunningApp]:
    """The application of the project, running without a window."""
    from ._running import running

    with running(transom_builder, transom_context, **transom_options) as app:
        yield app


@pytest.fixture
def transom_page(transom_app: RunningApp) -> TestPage:
    """The page of the application's first window."""
    return transom_app.page
