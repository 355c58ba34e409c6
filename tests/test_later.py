from __future__ import annotations

import sys
from pathlib import Path

import pytest

from transom.later import import_later


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    home = tmp_path / "late"
    home.mkdir()
    (home / "__init__.py").write_text("")
    (home / "_first.py").write_text("__all__ = ['one']\none = 1\nhidden = 2")
    (home / "_second.py").write_text("__all__ = ['two']\ntwo = 2")
    monkeypatch.syspath_prepend(tmp_path)
    for name in ("late", "late._first", "late._second"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    __import__("late")
    return "late"


def test_modules_are_imported_until_one_shows_the_name(package: str) -> None:
    assert import_later(package, "one", "._first", "._second") == 1
    assert "late._second" not in sys.modules
    assert import_later(package, "two", "._first", "._second") == 2
    assert sys.modules[package].__dict__["one"] == 1  # the next use asks nobody


@pytest.mark.parametrize("name", ["hidden", "three", "_first", "__path__x"])
def test_a_name_that_no_module_shows_is_an_attribute_error(package: str, name: str) -> None:
    with pytest.raises(AttributeError, match=f"module 'late' has no attribute '{name}'"):
        import_later(package, name, "._first", "._second")


def test_a_private_name_imports_nothing(package: str) -> None:
    with pytest.raises(AttributeError):
        import_later(package, "_first", "._second")
    assert "late._second" not in sys.modules
