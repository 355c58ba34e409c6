"""The functions of `transom bindings` in tests of a front end, with `@tauri-apps/api/mocks` in place of the application."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

from tests.requirements import NODE_MODULES, ROOT, needs_node, needs_npm_package
from transom import Channel, CommandError, TypedEvent, command, generate_handler
from transom.bindings import bindings_of


class NotFound(CommandError):
    path: str


@command
def greet(name: str) -> str:
    return name


@command(raises=NotFound)
def read_note(path: str, on_line: Channel[str]) -> bytes:
    return b""


def test_calls_channels_errors_and_events_are_mocked_as_with_tauri(tmp_path: Path) -> None:
    needs_npm_package("@tauri-apps/api")
    needs_npm_package("esbuild")
    module = bindings_of(generate_handler(greet, read_note).specs, [TypedEvent("saved", str)])
    (tmp_path / "bindings.ts").write_text(module, "utf-8")
    command = [needs_node(), NODE_MODULES.parent / "mocks.mjs", tmp_path / "bindings.ts"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "greeting": "Hello, Ada!",
        "rejection": {"kind": "notFound", "path": "x"},
        "lines": ["first line"],
        "heard": ["a.txt"],
        "label": "main",
        "address": "asset://localhost/%2Fa%20b.png",
        "calls": ["greet", "read_note"],
        "cleared": "rejected",
    }


def test_the_example_of_the_documentation_runs(tmp_path: Path) -> None:
    needs_npm_package("@tauri-apps/api")
    text = (ROOT / "docs/testing.md").read_text("utf-8")
    [example] = re.findall(r"```javascript\n(.*?)```", text, re.DOTALL)
    (tmp_path / "node_modules").symlink_to(NODE_MODULES)
    example = example.replace(
        "await invoke('greet', { name: 'Ada' });", "console.log(await invoke('greet', { name: 'Ada' }));"
    )
    (tmp_path / "example.mjs").write_text(example, "utf-8")
    window = "data:text/javascript,globalThis.window = globalThis"
    command = [needs_node(), "--import", window, tmp_path / "example.mjs"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout, done.stderr) == ("Hello, Ada!\n", "")
