"""Fixtures of more than one folder of tests, and how all tests are marked and ordered."""

from __future__ import annotations

import gc
import os
import subprocess
from collections.abc import Generator, Iterator
from typing import Any

import pytest

from tests.mock_app import Running, running
from tests.property import register_profiles
from tests.requirements import may_be_slow, needs_xvfb
from tests.selection import is_slow


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker that `make test-fast` selects by."""
    config.addinivalue_line(
        "markers",
        "slow: takes seconds, starts a program, or needs a browser, GTK, Node.js or a wheel, which tests/conftest.py sets",
    )


@pytest.hookimpl(tryfirst=True)  # before `-m` selects
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark slow tests, and let several workers begin with them.

    A worker runs the tests of a file together (`--dist loadfile`), so they share its fixtures. Files without a slow test
    are short: at the end they keep all workers busy to the last.
    """
    slow = [item for item in items if is_slow(item)]
    for item in slow:
        item.add_marker(pytest.mark.slow)
    if hasattr(config, "workerinput"):  # a worker of pytest-xdist
        files = {item.path for item in slow}
        items.sort(key=lambda item: item.path not in files)


def pytest_collection_finish() -> None:
    """Keep the collector from what was collected: thousands of tests would be gone through at each full run."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Tell the slow requirements whether this test may use them."""
    token = may_be_slow.set(item.get_closest_marker("slow") is not None)
    try:
        return (yield)
    finally:
        may_be_slow.reset(token)


@pytest.hookimpl(wrapper=True)
def pytest_report_to_serializable() -> Generator[None, Any, Any]:
    """Let a worker send what a test logged, even if it is not UTF-8: pytest-xdist would break off."""
    return _encodable((yield))


def _encodable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {key: _encodable(item) for key, item in value.items()}
    return type(value)(map(_encodable, value)) if isinstance(value, list | tuple) else value


register_profiles()


@pytest.fixture(scope="session", autouse=True)
def _data_of_applications(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Let no test write into the folders of whoever runs it, nor find there what another left."""
    os.environ["XDG_DATA_HOME"] = str(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    """Return the name of an X display without a monitor, which all tests share."""
    with subprocess.Popen(
        [needs_xvfb(), "-displayfd", "1", "-screen", "0", "1280x900x24", "-nolisten", "tcp"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "DISPLAY": ""},
        text=True,
    ) as server:
        assert server.stdout is not None
        number = server.stdout.readline().strip()  # written when it is ready
        assert number, "Xvfb did not start"
        yield f":{number}"
        server.terminate()


@pytest.fixture
def application() -> Iterator[Running]:
    """An application without commands of its own, with one window."""
    with running() as application:
        yield application
