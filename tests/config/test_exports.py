"""Tests of the face of the room."""

from __future__ import annotations

from transom import config


def test_the_exports_are_sorted_and_exist() -> None:
    assert list(config.__all__) == sorted(config.__all__)
    assert all(hasattr(config, name) for name in config.__all__)
