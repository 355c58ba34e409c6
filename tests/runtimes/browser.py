"""A real browser whose tabs a test drives one step at a time."""

from __future__ import annotations

import atexit
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.conformance.application import Program
from tests.requirements import NODE_MODULES, needs_chromium, needs_node, needs_npm_package

__all__ = ["Browser", "Tab", "browser"]


class Tab:
    """A tab, by its number."""

    def __init__(self, owner: Browser, number: int) -> None:
        self._owner = owner
        self.number = number

    def goto(self, address: str) -> int | None:
        """Open an address as a user does who types it, and return the status."""
        return self._owner.do("goto", self.number, address)

    def eval(self, script: str) -> Any:
        """Run JavaScript in the page and return its value, awaited."""
        return self._owner.do("eval", self.number, script)

    def wait(self, script: str) -> None:
        """Wait until an expression is true in the page, also in one that is loaded meanwhile."""
        self._owner.do("wait", self.number, script)

    def do(self, verb: str, *arguments: Any) -> Any:
        """Do something else; see `browser_driver.mjs`."""
        return self._owner.do(verb, self.number, *arguments)


class Browser:
    """A browser with an empty profile."""

    def __init__(self, program: Program) -> None:
        self._program = program

    def do(self, verb: str, *arguments: Any) -> Any:
        """Send one line to the driver and return its value.

        Raises:
            AssertionError: It failed.
        """
        assert self._program.process.stdin is not None
        self._program.process.stdin.write(json.dumps([verb, *arguments]) + "\n")
        self._program.process.stdin.flush()
        done, value = json.loads(self._program.line())
        assert done, f"{verb} {arguments}: {value}"
        return value

    def tab(self) -> Tab:
        """Open an empty tab."""
        return Tab(self, self.do("open", 0))

    def tab_number(self, number: int) -> Tab:
        """Wait until there are so many tabs and one more, and return that one."""
        assert self.do("tabs", 0, number + 1) > number
        return Tab(self, number)


_IDLE: list[Program] = []
"""A Chromium that no test uses, if there is one: its start costs two seconds of processor time, an empty profile nothing."""


@contextmanager
def browser() -> Iterator[Browser]:
    """Yield a headless Chromium with an empty profile; it may be one that another test has used."""
    needs_npm_package("playwright-core")
    command = [needs_node(), NODE_MODULES.parent / "browser_driver.mjs", needs_chromium()]
    program = _IDLE.pop() if _IDLE else Program(command)
    found = Browser(program)
    try:
        yield found
        is_fresh = found.do("fresh", 0)
    except BaseException:  # in whatever state it is, no other test shall meet it
        _end(program)
        raise
    if _IDLE or not is_fresh:  # there were two at a time, or its tabs do not close
        _end(program)
    else:
        _IDLE.append(program)


def _end(program: Program) -> None:
    with program:
        program.close_input()
        program.status()


@atexit.register
def _end_idle() -> None:
    while _IDLE:
        _end(_IDLE.pop())
