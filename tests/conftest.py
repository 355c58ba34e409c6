"""Fixtures of more than one folder of tests."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.mock_app import Running, running
from tests.requirements import needs_xvfb

# A busy machine is no counterexample.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


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
