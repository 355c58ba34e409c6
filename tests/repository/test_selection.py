"""`make test-fast` leaves out what is slow."""

from __future__ import annotations

import ast
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import requirements
from tests.conformance import application
from tests.repository.tree import ROOT, relative, tracked_files
from tests.requirements import may_be_slow, needs_node, needs_numpy
from tests.selection import reaches_slow

SLOW = sorted(name for name, value in vars(requirements).items() if getattr(value, "slow", False))


def uses_a_browser() -> None:
    requirements.needs_chromium()


class Page:
    def open(self) -> str:
        return needs_node()


class MadeByItself:
    @classmethod
    def started(cls) -> str:
        return needs_node()


@contextmanager
def inside_a_context() -> None:
    needs_node()


@given(st.none())
def given_by_hypothesis(_: None) -> None:
    needs_node()


def starts_python() -> None:
    subprocess.run([sys.executable, "-c", ""], check=True)


def in_a_nested_function() -> None:
    def inner() -> None:
        uses_a_browser()

    inner()


@pytest.mark.parametrize(
    "function",
    [
        needs_node,
        uses_a_browser,
        Page.open,
        lambda: Page(),
        lambda: MadeByItself.started(),
        inside_a_context,
        given_by_hypothesis,
        in_a_nested_function,
        starts_python,
        lambda: starts_python(),
        lambda: [uses_a_browser() for _ in range(2)],
    ],
)
def test_what_is_slow_is_found_however_it_is_reached(function: Callable[..., object]) -> None:
    assert reaches_slow(function)


@pytest.mark.parametrize(
    "function", [needs_numpy, lambda: "needs_node", lambda: application.COMMANDS, lambda: repr(1), lambda: sys.platform]
)
def test_what_is_not_slow_is_fast(function: Callable[..., object]) -> None:
    assert not reaches_slow(function)


def test_a_slow_requirement_fails_in_a_test_that_is_not_marked() -> None:
    token = may_be_slow.set(False)
    try:
        with pytest.raises(pytest.fail.Exception, match="needs_node is slow, but tests/selection.py does not see"):
            vars(requirements)["needs_node"]()
    finally:
        may_be_slow.reset(token)


def naming_a_slow_requirement() -> set[str]:
    """Return the tests that call a slow requirement themselves, as their source says."""
    found = set()
    for path in tracked_files():
        if not re.fullmatch(r"tests/.*/test_\w+\.py", relative(path)):
            continue
        for node in ast.parse(path.read_bytes()).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and path.stem != "test_selection":
                called = {
                    each.func.id
                    for each in ast.walk(node)
                    if isinstance(each, ast.Call) and isinstance(each.func, ast.Name)
                }
                if called & set(SLOW):
                    found.add(f"{relative(path)}::{node.name}")
    return found


@pytest.mark.slow
def test_the_fast_verb_leaves_slow_tests_out_and_keeps_the_others() -> None:
    slow = naming_a_slow_requirement()
    assert len(slow) > 10
    makefile = (ROOT / "Makefile").read_text("utf-8")
    [options] = re.findall(r"^test-fast:\n\t.+\n\t\$\(PYTEST\) (.+) \$\(ARGS\)$", makefile, re.MULTILINE)
    files = sorted({name.partition("::")[0] for name in slow} | {"tests/repository/test_selection.py"})
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *shlex.split(options), "--collect-only", "-q", *files],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    collected = {line.partition("[")[0] for line in done.stdout.splitlines() if "::" in line}
    assert collected & slow == set()
    assert "tests/repository/test_selection.py::test_what_is_not_slow_is_fast" in collected
