"""Fixtures of the tests of `core`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.mock_app import Running, running


@pytest.fixture
def application() -> Iterator[Running]:
    """An application without commands of its own, with one window."""
    with running() as application:
        yield application
