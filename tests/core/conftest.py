"""Fixtures of the tests of `core`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.mock_app import Running, running

# A busy machine is no counterexample.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


@pytest.fixture
def application() -> Iterator[Running]:
    """An application without commands of its own, with one window."""
    with running() as application:
        yield application
