"""The habits of the repository: sizes, names, what no file may say, lock files, exports, changelog fragments."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.repository.tree import ROOT, relative, text_of, tracked_files

LONGEST_FILE = 450
LONGEST_FUNCTION = 60
"""Lines without the docstring. The aim is 40; this is where a function has become two."""

CODE = {".py", ".js", ".mjs", ".ts"}
NOTHING_NAMES = frozenset({"utils", "util", "helpers", "helper", "common", "manager", "misc"})
KINDS = ("added", "changed", "deprecated", "removed", "fixed", "security")


def joined(*parts: str) -> str:
    """Write a forbidden word without this file containing it."""
    return "".join(parts)


# What no tracked file may contain, as patterns: places of one machine, and hosts that a lock file or a script would
# then depend on. Add here to forbid something.
FORBIDDEN = {
    "a path of one machine": joined(r"(?<![\w.-])/(wo", r"rk/main|wo", r"rk/shared|ro", r"ot/\.|tmp/ba", r"sh_jobs|tmp/wo", r"rk|op", r"t/pypi)"),
    "a package registry's host": joined(
        r"registry\.npm", r"js\.org|registry\.yarn", r"pkg\.com|pypi\.org/sim", r"ple|files\.python", r"hosted\.org",
        r"|(deb|security)\.deb", r"ian\.org|archive\.ubu", r"ntu\.com",
    ),
    "work left open": joined(r"\b(TO", r"DO|FIX", r"ME|XX", r"X)\b"),
}  # fmt: skip


def code_files(*folders: str) -> list[Path]:
    roots = [ROOT / folder for folder in folders]
    return [p for p in tracked_files() if p.suffix in CODE and any(root in p.parents for root in roots)]


def function_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    whole = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is None:
        return whole
    return whole - ((first.end_lineno or first.lineno) - first.lineno + 1)


def functions_in(node: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield every function under a node. Only statements are gone through: expressions are most of a tree, and hold none."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield child
        if isinstance(child, ast.stmt | ast.excepthandler | ast.match_case):
            yield from functions_in(child)


def test_no_file_is_longer_than_can_be_read_at_once() -> None:
    files = code_files("src", "tests", "scripts", "bench", "examples")
    lengths = {relative(path): len(path.read_bytes().splitlines()) for path in files}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    long = {}
    for path in code_files("src", "scripts", "bench", "examples"):
        if path.suffix != ".py":
            continue
        for node in functions_in(ast.parse(path.read_bytes())):
            if function_lines(node) > LONGEST_FUNCTION:
                long[f"{relative(path)}:{node.lineno} {node.name}"] = function_lines(node)
    assert long == {}


def test_what_programs_write_is_read_whatever_its_encoding_is() -> None:
    """`text=True` alone raises a UnicodeDecodeError in place of the message of a program that failed."""
    strict = [
        f"{relative(path)}:{node.lineno}"
        for path in code_files("src")
        if path.suffix == ".py"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).startswith("subprocess.")
        and "text" in (names := {keyword.arg for keyword in node.keywords})
        and "errors" not in names
    ]
    assert strict == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    named = {
        relative(p): {part.strip("_") for part in p.relative_to(ROOT).with_suffix("").parts}
        for p in tracked_files()
        if p.suffix in CODE
    }
    assert [name for name, parts in named.items() if parts & NOTHING_NAMES] == []


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_says_what_none_should(what: str) -> None:
    pattern = re.compile(FORBIDDEN[what])
    found = []
    for path in tracked_files():
        text = text_of(path) or ""
        for number, line in enumerate(text.splitlines() if pattern.search(text) else (), 1):
            if match := pattern.search(line):
                found.append(f"{relative(path)}:{number}: {match[0]}")
    assert found == []


def test_a_function_is_found_wherever_it_is() -> None:
    source = (
        "class A:\n def a(self):\n  if 1:\n   pass\n  else:\n   async def b(): ...\ntry: ...\nexcept E:\n def c(): ..."
    )
    source += "\nmatch x:\n case 1:\n  with y:\n   def d(): ..."
    assert [function.name for function in functions_in(ast.parse(source))] == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("what", "line"),
    [
        ("a path of one machine", joined('open("/wo', 'rk/main/x")')),
        ("a path of one machine", joined("/ro", "ot/.cache/pip")),
        ("a package registry's host", joined("https://registry.npm", "js.org/ws/-/ws-8.tgz")),
        ("work left open", joined("# TO", "DO: later")),
    ],
)
def test_what_none_should_say_is_recognised(what: str, line: str) -> None:
    assert re.search(FORBIDDEN[what], line)


SKIPS = {"skip", "skipif", "importorskip"}


def skips_in(source: str) -> list[tuple[int, str]]:
    """Return line and name of each of pytest's ways to skip a test."""
    found: list[tuple[int, str]] = []
    if "skip" not in source and "from pytest" not in source:
        return found
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr in SKIPS and ast.unparse(node).startswith("pytest."):
            found.append((node.lineno, ast.unparse(node)))
        elif isinstance(node, ast.ImportFrom) and node.module == "pytest":
            found += [(node.lineno, f"pytest.{alias.name}") for alias in node.names if alias.name in {*SKIPS, "mark"}]
    return found


def test_tests_skip_through_the_functions_of_requirements_only() -> None:
    files = [
        path for path in code_files("tests") if path.suffix == ".py" and path != ROOT / "tests" / "requirements.py"
    ]
    found = {relative(path): skips_in(path.read_text(encoding="utf-8")) for path in files}
    assert {name: lines for name, lines in found.items() if lines} == {}, "CI skips nothing that can be installed"


@pytest.mark.parametrize(
    "line",
    [
        "pytest.importorskip('gi')",
        "pytest.skip('why')",
        "@pytest.mark.skip\ndef f(): ...",
        "linux = pytest.mark.skipif(True, reason='why')",
        "from pytest import skip",
    ],
)
def test_every_way_to_skip_is_recognised(line: str) -> None:
    assert len(skips_in(line)) == 1


def lock_files() -> list[Path]:
    return [path for path in tracked_files() if path.name == "package-lock.json"]


def test_there_are_lock_files() -> None:
    assert "tests/js/package-lock.json" in map(relative, lock_files())


def test_lock_files_hold_no_addresses() -> None:
    assert [relative(path) for path in lock_files() if '"resolved"' in path.read_text(encoding="utf-8")] == []


def test_lock_files_name_the_packages_of_every_platform() -> None:
    # npm writes an incomplete lock file when a registry or a node_modules folder lacks some: `npm ci` then fails elsewhere.
    missing = []
    for path in lock_files():
        packages = json.loads(path.read_text(encoding="utf-8"))["packages"]
        there = {name.rpartition("node_modules/")[2] for name in packages}
        for package in packages.values():
            missing += [
                f"{relative(path)}: {name}" for name in package.get("optionalDependencies", {}) if name not in there
            ]
    assert missing == []


def test_folders_with_a_lock_file_keep_addresses_out_of_it() -> None:
    # npm reads only the .npmrc beside package.json, not one further up.
    settings = [path.with_name(".npmrc") for path in lock_files()]
    assert [
        relative(p) for p in settings if "omit-lockfile-registry-resolved=true" not in p.read_text(encoding="utf-8")
    ] == []


def exported(tree: ast.Module) -> list[str] | None:
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "__all__" for t in node.targets):
            return [element.value for element in node.value.elts]  # type: ignore[attr-defined]
    return None


def room_inits() -> list[Path]:
    return sorted((ROOT / "src" / "transom").glob("**/__init__.py"))


@pytest.mark.parametrize("path", room_inits(), ids=lambda path: relative(path))
def test_a_room_exports_every_name_it_gathers_and_no_other(path: Path) -> None:
    tree = ast.parse(path.read_bytes())
    gathered = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.level == 1
        for alias in node.names
    }
    gathered = {name for name in gathered if not name.startswith("_")}
    defined = {
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
    }
    names = exported(tree)
    if not gathered and not defined:
        return
    assert names is not None, "a room says in __all__ what strangers may import"
    assert len(names) == len(set(names))
    assert gathered | defined <= set(names)
    assert all(not name.startswith("_") or name == "__version__" for name in names)


def test_changelog_fragments_are_named_and_written_by_the_rule() -> None:
    wrong = []
    for path in tracked_files():
        if path.parent != ROOT / "changelog.d" or path.name == "README.md":
            continue
        text = path.read_text(encoding="utf-8")
        if not re.fullmatch(rf"[a-z0-9]+(-[a-z0-9]+)*\.({'|'.join(KINDS)})\.md", path.name):
            wrong.append(f"{path.name}: the name is not <what>.<kind>.md")
        if not text.strip() or text.lstrip().startswith("#") or "\n\n" in text.strip():
            wrong.append(f"{path.name}: the text is one paragraph without a heading")
        wrong += [f"{path.name}: a line of more than 120 characters" for line in text.splitlines() if len(line) > 120]
    assert wrong == []


def test_the_runner_of_checks_calls_the_verbs_that_people_call() -> None:
    text = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert re.findall(r"^(?:if ! )?make (\w+)(?:; then)?$", text, re.MULTILINE) == ["check", "test"]
    assert "set -euo pipefail" in text
