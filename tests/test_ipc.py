from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import pytest

from transom import ipc

# The items of Tauri's module page, and after them what transom's page needs beside them.
ITEMS = """
    CallbackFn CapabilityBuilder Channel CommandItem CommandScope GlobalScope Invoke InvokeError InvokeMessage InvokeResolver
    JavaScriptChannelId Request Response RuntimeAuthority ScopeValue SerializeOptions InvokeBody InvokeResponse
    InvokeResponseBody Origin CommandArg IpcResponse RuntimeCapability ScopeObject ScopeObjectMatch InvokeHandler
    InvokeResponder OwnedInvokeResponder
""".split()


@pytest.mark.parametrize("name", ITEMS)
def test_every_item_of_tauris_module_is_here_and_explained(name: str) -> None:
    assert name in ipc.__all__
    item: Any = getattr(ipc, name)
    if inspect.isclass(item):
        assert item.__doc__, f"{name} has no docstring"
        assert not item.__doc__.startswith(f"{name}("), f"{name} has no docstring of its own"
    else:  # an alias: its file says above it what it is
        sources = Path(ipc.__file__).parent.glob("*/_*.py")
        lines = [line for source in sources for line in source.read_text("utf-8").splitlines()]
        at = next(index for index, line in enumerate(lines) if line.startswith(f"{name}: TypeAlias"))
        assert lines[at - 1].startswith("# "), f"nothing is said above {name}"


def test_format_callback_has_tauris_functions() -> None:
    assert sorted(ipc.format_callback.__all__) == ["format", "format_raw", "format_result", "format_result_raw"]


def test_all_names_exist() -> None:
    assert [name for name in ipc.__all__ if not hasattr(ipc, name)] == []
