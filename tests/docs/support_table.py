"""`docs/support.md`: which command of the npm package works in which runtime.

Nothing of it is written by hand: every command is called once in an application on the mock runtime, which notes the
operations that it asks for, and the runtimes say themselves which of these they do. `python -m tests.docs.support_table`
writes the page; it needs WebKitGTK, pywebview and the npm packages of `tests/js`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.docs.support_samples import SAMPLES
from tests.mock_app import running
from tests.repository.tree import ROOT
from tests.requirements import NODE_MODULES
from transom.plugins import core_plugins
from transom.runtimes import Op, Runtime
from transom.runtimes._mock import MockRejection, MockRuntime

__all__ = ["HEAD", "PAGE", "commands_of_clients", "operations", "page", "rows"]

PAGE = ROOT / "docs" / "support.md"
CLIENTS = ("tauri-api-2.0", "tauri-api-2.12")
# Commands that the page's own script calls, beside those of the npm package.
INTERNAL = {
    "plugin:webview|internal_toggle_devtools",
    "plugin:webview|print",
    "plugin:window|internal_toggle_maximize",
}
HEAD = """# Which commands work where

Every command of `@tauri-apps/api`, from 2.0.0 to 2.12.5, and what becomes of it in each runtime. This page is generated
from what the runtimes say about themselves. A command that a runtime does not support rejects with an object:

```json
{"kind": "unsupported", "command": "plugin:window|set_shadow", "runtime": "webkitgtk", "reason": "…", "message": "…"}
```

In Python the same is the exception `Unsupported`, with the attributes `operation`, `runtime` and `reason`.

| command | webkitgtk | pywebview | web | mock |
|---|---|---|---|---|
"""


def commands_of_clients() -> set[str]:
    """Return the commands that the files of the npm packages call, those of any plugin with a placeholder left out."""
    found: set[str] = set()
    for client in CLIENTS:
        for file in sorted((NODE_MODULES / client).rglob("*.js")):
            found |= set(re.findall(r"plugin:[a-z-]+\|\w+", _code_of(file)))
    return found


def _code_of(file: Path) -> str:
    """Return the text of a file without its comments, which have examples."""
    return re.sub(r"/\*.*?\*/|(?<![:'\"])//[^\n]*", "", file.read_text("utf-8"), flags=re.DOTALL)


def handled() -> list[str]:
    """Return the commands that core plugins handle, in their order."""
    return [f"plugin:{plugin.name}|{name}" for plugin in core_plugins() for name in plugin.commands or ()]


def operations() -> dict[str, set[type[Op[Any]]]]:
    """Call every command that core plugins handle, and return the operations that it asked for.

    Raises:
        AssertionError: A call was rejected: its arguments in `SAMPLES` are wrong.
    """
    everything = [
        f"core:{plugin.name}:allow-{name.replace('_', '-')}"
        for plugin in core_plugins()
        for name in plugin.commands or ()
    ]
    found: dict[str, set[type[Op[Any]]]] = {}
    unsupported = MockRuntime.UNSUPPORTED
    MockRuntime.UNSUPPORTED = {}  # so that it notes each operation
    try:
        for command in handled():
            with running(windows=("main", "other")) as application:
                application.app.add_capability(_capability(everything))
                runtime = application.runtime  # a command may end the application
                before = len(runtime.performed)
                arguments = SAMPLES.get(command, {})
                try:
                    application.page.invoke(
                        command, arguments(application) if callable(arguments) else arguments, timeout=60
                    )
                except MockRejection as error:
                    raise AssertionError(f"{command} rejected: {error.value}") from None
                found[command] = {type(op) for op in runtime.performed[before:]}
    finally:
        MockRuntime.UNSUPPORTED = unsupported
    return found


def _capability(permissions: list[str]) -> str:
    listed = ", ".join(f'"{permission}"' for permission in permissions)
    return f'{{"identifier": "everything", "windows": ["*"], "permissions": [{listed}]}}'


def rows(runtimes: tuple[type[Runtime], ...]) -> Iterator[tuple[str, ...]]:
    """Yield each command, and for each runtime what becomes of it."""
    found = operations()
    for command in sorted({*commands_of_clients(), *INTERNAL, *found}):
        name = f"`{command.removeprefix('plugin:').replace('|', ' ')}`"
        asked = found.get(command)
        yield name, *("not yet" if asked is None else _cell(asked, runtime) for runtime in runtimes)


def _cell(asked: set[type[Op[Any]]], runtime: type[Runtime]) -> str:
    for table, word in ((runtime.UNSUPPORTED, "not here"), (runtime.PARTIAL, "partial")):
        reasons = _reasons(asked, table)
        if reasons:
            return f"{word}: {reasons}"
    return "works"


def _reasons(asked: set[type[Op[Any]]], table: Mapping[type[Op[Any]], str]) -> str:
    return "; ".join(sorted({table[op] for op in asked if op in table}))


def page() -> str:
    """Return the page."""
    from transom.runtimes.pywebview._runtime import PywebviewRuntime
    from transom.runtimes.web._runtime import WebRuntime
    from transom.runtimes.webkitgtk._runtime import WebKitGtk

    runtimes: tuple[type[Runtime], ...] = (WebKitGtk, PywebviewRuntime, WebRuntime, MockRuntime)
    return HEAD + "".join(f"| {' | '.join(row)} |\n" for row in rows(runtimes))


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
    sys.stdout.write(f"{PAGE} is written\n")
