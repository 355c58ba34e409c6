"""The rooms of `src/transom` import in one direction, and the pure ones stay pure."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.repository import rooms
from tests.repository.tree import ROOT

LINE = (
    "names | callables | later | explanations < errors < children | threads | values < acl | config < wire | project < runtimes < remote < dev < pages < observe < events < menu < tray < handles"
    " < calls < commands < bindings < core < server < ipc < plugins < inspector < app < v0 | v1_beta | v1 < testing < bundler < cli"
)
LAYERS = [[room.strip() for room in layer.split("|")] for layer in LINE.split("<")]

SOUND = {
    "__init__.py": "from .app import Builder\nfrom .core import command\n__all__ = ['Builder', 'command']",
    "__main__.py": "from .cli import main\nmain()",
    "errors.py": "class TransomError(Exception): ...",
    "wire/__init__.py": "from ._frame import Frame\n__all__ = ['Frame']",
    "wire/_frame.py": "from __future__ import annotations\nimport json\nfrom pathlib import PurePosixPath\nclass Frame: ...",
    "wire/_scripts.py": "from importlib.resources import files\nfrom importlib import resources",
    "acl/__init__.py": "from urllib.parse import urlsplit\nfrom ..errors import TransomError\nTABLE = {'a': 1}",
    "runtimes/__init__.py": "from ..wire import Frame\nimport threading",
    "runtimes/_web.py": "import uvicorn\nfrom starlette.applications import Starlette\nfrom . import other",
    "core/__init__.py": "import logging\nlogger = logging.getLogger('transom')\nfrom ..runtimes import x\nfrom .. import wire",
    "app.py": "from .core import command",
    "cli/__init__.py": "import transom\nfrom transom.app import Builder",
}

# One row per rule: the file that breaks it, its text, and what the checker must say. Add here to test a rule.
BROKEN = [
    ("wire/_x.py", "from ..core import command", "wire imports core, which is right of it"),
    ("acl/_x.py", "from ..config import Config", "acl imports config, which is beside it"),
    ("acl/_x.py", "from transom.config import Config", "acl imports config, which is beside it"),
    ("errors.py", "import transom.cli", "errors imports cli"),
    ("core/_x.py", "from ..app import Builder", "core imports app"),
    ("core/_x.py", "from .. import plugins", "core imports plugins"),
    ("core/deep/_x.py", "from ...app import Builder", "core imports app"),
    ("core/_x.py", "def f():\n    from ..cli import main", "core imports cli"),
    (
        "core/_x.py",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from ..app import App",
        "core imports app",
    ),
    ("core/_x.py", "import importlib\nimportlib.import_module('transom.cli')", "core imports cli"),
    ("core/_x.py", "from importlib import import_module\nimport_module('..cli', __package__)", "core imports cli"),
    ("core/_x.py", "from ..wire._frame import Frame", "wire._frame is inside a room"),
    ("core/_x.py", "from ..wire import _frame", "wire._frame is inside a room"),
    ("core/_x.py", "import transom.wire._frame", "wire._frame is inside a room"),
    ("__init__.py", "from .wire._frame import Frame", "wire._frame is inside a room"),
    ("core/_x.py", "from transom import Builder", "core imports transom itself"),
    ("core/_x.py", "from .. import Builder", "core imports transom itself"),
    ("wire/_x.py", "import asyncio", "wire/ does no I/O"),
    ("wire/_x.py", "import os.path", "wire/ does no I/O"),
    ("wire/_x.py", "from concurrent.futures import Future", "wire/ does no I/O"),
    ("wire/_x.py", "from importlib.resources import files", "wire/ does no I/O"),
    ("acl/_x.py", "from pathlib import Path", "acl/ does no I/O"),
    ("acl/_x.py", "from pathlib import PurePath, Path", "acl/ does no I/O"),
    ("wire/_x.py", "from io import BytesIO, FileIO", "wire/ does no I/O"),
    ("acl/_x.py", "def f():\n    import threading", "acl/ does no I/O"),
    ("acl/_x.py", "import urllib.request", "acl/ does no I/O"),
    ("acl/_x.py", "def f(path):\n    return open(path)", "calls open()"),
    ("core/_x.py", "import gi", "only runtimes/ may import gi"),
    ("cli/_x.py", "from gi.repository import Gtk", "only runtimes/ may import gi"),
    ("core/_x.py", "def f():\n    from starlette.responses import Response", "only runtimes/ may import starlette"),
    ("plugins/a/_x.py", "import starlette", "only runtimes/ may import starlette"),
    ("app.py", "import uvicorn", "only runtimes/ may import uvicorn"),
    ("runtimes/_x.py", "from .web._link import Link", "runtimes.web._link is inside a room"),
    ("runtimes/gtk/_x.py", "from ..web._link import Link", "runtimes.web._link is inside a room"),
    ("windows.py", "", "windows is not a room"),
    ("core/__init__.py", "from ._a import A\n" * 2101, "2101 lines in one room, the limit is 2100"),
    ("core/_x.py", "commands = {}", "commands is mutable state"),
    ("core/_x.py", "commands: dict[str, int] = {}", "commands is mutable state"),
    ("core/_x.py", "from collections import deque\nwaiting = deque()", "waiting is mutable state"),
    ("core/_x.py", "if True:\n    seen = set()", "seen is mutable state"),
    ("core/_x.py", "registry = Registry()", "registry is an object of the module"),
    ("core/_x.py", "TABLE = {}\ndef add(k):\n    TABLE[k] = 1", "TABLE is a table, and this changes it"),
    ("core/_x.py", "TABLE = []\ndef add(k):\n    TABLE.append(k)", "TABLE is a table, and this changes it"),
    ("core/_x.py", "n = 0\ndef f():\n    global n\n    n = 1", "`global n`"),
]


def tree_of(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_the_line_of_rooms_is_the_one_that_was_decided() -> None:
    assert rooms.read_layers((ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")) == LAYERS


def test_every_module_keeps_the_rules_of_the_rooms() -> None:
    package = ROOT / "src" / "transom"
    assert "\n".join(rooms.problems(package, rooms.read_layers((ROOT / "ARCHITECTURE.md").read_text("utf-8")))) == ""


def test_the_package_is_really_looked_at() -> None:
    seen = {rooms.room_of(p.relative_to(ROOT / "src" / "transom").as_posix()) for p in (ROOT / "src").rglob("*.py")}
    assert {room for layer in LAYERS for room in layer} <= seen


def test_a_tree_that_keeps_the_rules_has_no_problems(tmp_path: Path) -> None:
    assert rooms.problems(tree_of(tmp_path, SOUND), LAYERS) == []


@pytest.mark.parametrize(
    ("name", "text", "said"), BROKEN, ids=[f"{name}: {text.splitlines()[-1:]}" for name, text, _ in BROKEN]
)
def test_what_breaks_a_rule_is_found_and_named(tmp_path: Path, name: str, text: str, said: str) -> None:
    (problem,) = rooms.problems(tree_of(tmp_path, SOUND | {name: text}), LAYERS)
    assert problem.startswith((f"{name}:", f"{name.removesuffix('/__init__.py')}:"))
    assert said in problem


# Files that import each other in a circle: at the top, for type checkers only, and inside a function.
CIRCLES = [
    {"core/_a.py": "from ._b import B", "core/_b.py": "from ._a import A"},
    {
        "core/_a.py": "from ._b import B",
        "core/_b.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from ._a import A",
    },
    {
        "core/_a.py": "from ._b import B",
        "core/_b.py": "from ._c import C",
        "core/_c.py": "def f():\n    from . import _a",
    },
    {"core/__init__.py": "from ._a import A\n__all__ = ['A']", "core/_a.py": "from . import A"},
]


@pytest.mark.parametrize("files", CIRCLES)
def test_files_that_import_each_other_in_a_circle_are_found_and_named(tmp_path: Path, files: dict[str, str]) -> None:
    (problem,) = rooms.problems(tree_of(tmp_path, SOUND | files), LAYERS)
    assert problem.startswith("import circle: ")
    assert all(name in problem for name in files)


@pytest.mark.parametrize("text", ["no line", "errors < wire", "```\na < b\nc < d\n```\n"])
def test_a_text_without_exactly_one_line_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="one line of rooms"):
        rooms.read_layers(text)


def test_the_line_is_read_from_a_code_block_of_any_language() -> None:
    assert rooms.read_layers(f"# A\n\n```text\n{LINE}\n```\n") == LAYERS
