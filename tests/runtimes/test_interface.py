from __future__ import annotations

from typing import Any

import msgspec
import pytest

from transom.config import WindowConfig
from transom.runtimes import (
    CreateBareWindow,
    CreateWebview,
    CreateWindow,
    DesktopOp,
    Op,
    SetTitle,
    WebviewOp,
    WindowOp,
    _interface,
    ops,
)


def operations() -> list[type[Op[Any]]]:
    kinds = (WindowOp, WebviewOp, DesktopOp)
    everything = {**vars(_interface), **vars(ops)}
    found = [kind for kind in everything.values() if isinstance(kind, type) and issubclass(kind, Op)]
    return [kind for kind in found if kind not in (Op, *kinds)]


def test_every_operation_is_of_a_window_a_webview_or_the_desktop_but_those_that_make_one() -> None:
    others = [kind for kind in operations() if not issubclass(kind, WindowOp | WebviewOp | DesktopOp)]
    assert set(others) == {CreateWindow, CreateBareWindow, CreateWebview}
    assert not [kind for kind in operations() if issubclass(kind, WindowOp) and issubclass(kind, WebviewOp)]


@pytest.mark.parametrize("kind", operations())
def test_an_operation_is_a_value_that_names_what_it_is_for(kind: type[Op[Any]]) -> None:
    fields = [field.name for field in msgspec.structs.fields(kind)]
    if not issubclass(kind, DesktopOp):
        assert ("options" if kind in (CreateWindow, CreateBareWindow, CreateWebview) else "label") in fields[:2]
    assert kind.__struct_config__.frozen
    assert kind.__doc__


def test_a_window_is_made_with_the_options_of_the_configuration() -> None:
    op = CreateWindow(WindowConfig(label="main", title="Notes"))
    assert op.label == "main"
    assert op == CreateWindow(WindowConfig(label="main", title="Notes"))
    assert SetTitle("main", "A") != SetTitle("main", "B")


def test_every_operation_is_exported_by_its_room() -> None:
    from transom import runtimes

    assert [kind.__name__ for kind in operations() if kind.__name__ not in runtimes.__all__] == []
