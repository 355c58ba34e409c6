"""The rules of moving sessions, model-checked: every order of steps in small worlds, and long histories of larger ones."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.property import examples
from tests.server.moving_actors import Broken, Store
from tests.server.moving_model import Budget, World
from transom.runtimes.web.sessions import Sessions
from transom.server.moving import Saver

# A page has the session at the process A, and the result of its call is stored.
_STORED = ("connect 0 A", "drain", "call 0", "drain")
_BOTH = ("main", "settings")


class Small(NamedTuple):
    """A small world, of which every state is visited.

    Attributes:
        budget: What may happen, the start included.
        pages: The labels of the windows that there are pages of.
        start: The steps before everything else.
    """

    budget: Budget
    pages: tuple[str, ...] = ("main",)
    start: Sequence[str] = _STORED


SMALL = {
    "two pages of one window": Small(Budget(connects=2, calls=2), ("main", "main")),
    "pages of two windows": Small(Budget(connects=2, calls=2), _BOTH),
    "a connection breaks": Small(Budget(connects=2, calls=1, cuts=1)),
    "a process dies": Small(Budget(connects=2, calls=2, kills=1)),
    "a process is stopped in order": Small(Budget(connects=3, calls=2, stops=1)),
    "a process that lives is thought dead": Small(
        Budget(connects=2, calls=3, silences=1), ("main", "main"), (*_STORED, "connect 1 B", "drain")
    ),
    "the user chooses another page": Small(
        Budget(connects=3, calls=2, times=2),
        ("main", "main"),
        (*_STORED, "connect 1 B", "drain", "time", "drain", "time", "drain", "take 1"),
    ),
    "the engine fails": Small(Budget(connects=3, calls=2, cuts=1, failures=1)),
}


def _steps(world: World, history: Sequence[str]) -> None:
    for step in history:
        world.do(step)


def _visited(small: Small) -> int:
    """Visit every state, let the world end well after each history that ends, and return how many states there are."""
    seen: set[tuple[object, ...]] = set()
    waiting: list[tuple[str, ...]] = [tuple(small.start)]
    while waiting:
        history = waiting.pop()
        world = World(small.budget, tuple(dict.fromkeys(small.pages)), small.pages)
        try:
            _steps(world, history)
            if (state := world.state()) not in seen:
                seen.add(state)
                steps = list(world.steps())
                waiting += [(*history, step) for step in steps]
                if not steps:
                    world.end_well()
        except Broken as error:
            raise Broken(f"{error}, after {' / '.join(history)}") from None
        finally:
            world.close()
    return len(seen)


@pytest.mark.parametrize("name", SMALL)
def test_in_every_order_of_steps_no_rule_is_broken(name: str) -> None:
    assert _visited(SMALL[name]) > 8


LARGE = Budget(connects=6, calls=4, cuts=2, kills=1, stops=1, silences=1, failures=3, times=8)


@settings(max_examples=examples(60), deadline=None)
@given(
    st.lists(st.integers(0, 999), min_size=10, max_size=60),
    st.sampled_from([("main",), ("main", "main"), _BOTH, (*_BOTH, "main")]),
    st.sampled_from([LARGE, LARGE._replace(failures=0), LARGE._replace(failures=0, silences=0)]),
)
def test_in_a_long_history_no_rule_is_broken(choices: list[int], pages: tuple[str, ...], budget: Budget) -> None:
    world = World(budget, tuple(dict.fromkeys(pages)), pages, processes=3)
    history: list[str] = []
    try:
        for choice in choices:
            steps = list(world.steps())
            if not steps:
                break
            step = steps[choice % len(steps)]
            history.append(step)
            world.do(step)
        world.end_well()
    except Broken as error:
        raise Broken(f"{error}, after {' / '.join(history)}") from None
    finally:
        world.close()


# Histories by which rules were found to be missing.
FOUND = {
    "begins again where it ends": (
        Budget(connects=5, calls=3, silences=2, times=6),
        (
            "connect 0 A / connect 1 A / op 0 load / call 0 / op 0 save / call 0 / op 0 save / time / call 0 / op 0 save / time / "
            "op 0 save / time / take 1 / connect 1 B / op 0 load / op 0 ask / connect 0 B / time / op 2 answer / op 0 save / time / "
            "connect 0 A / op 2 load / op 2 save / op 0 load / op 0 load / op 1 save"
        ),
    ),
    "begins again after it was released": (
        Budget(connects=5, calls=3, silences=2, times=6),
        (
            "connect 1 B / call 1 / connect 0 B / call 1 / call 1 / op 0 load / op 0 save / time / op 0 save / take 0 / connect 0 A / "
            "op 0 load / op 0 ask / time / connect 1 B / time / op 1 answer / op 0 save / connect 1 B / op 1 load / op 1 save / "
            "op 1 save / op 0 load / op 0 save"
        ),
    ),
    "began without the engine": (
        Budget(connects=5, calls=3, failures=3, times=6),
        (
            "call 1 / connect 1 A / op 0 load / call 1 / op 0 save / connect 0 A / op 0 save / call 0 / time / take 0 / connect 0 B / "
            "fail 0 / time / op 0 load / op 0 ask / op 0 save / connect 1 B / op 0 answer / time / fail 1 / op 0 load / connect 1 B / "
            "time / op 0 load / lose 0 / op 0 save / op 0 load / time / take 1 / op 0 save"
        ),
    ),
    "is asked for while it ends": (
        Budget(connects=3, calls=2, stops=1),
        (
            "connect 0 A / drain / call 0 / drain / call 0 / stop A / connect 1 B / op 1 load / op 1 ask / op 1 answer / op 1 save"
        ),
    ),
    "is stored for the last time after it has begun again": (
        Budget(connects=5, calls=2, times=2),
        (
            "connect 0 A / drain / call 0 / drain / connect 1 B / drain / time / drain / time / drain / take 1 / connect 1 B / "
            "op 0 load / op 0 ask / connect 0 A / op 1 load / connect 0 A / op 1 load / op 1 save / op 0 save / op 1 load / op 1 save / "
            "call 0"
        ),
    ),
}


@pytest.mark.parametrize("name", FOUND)
def test_histories_that_broke_a_rule_do_not_any_more(name: str) -> None:
    budget, history = FOUND[name]
    world = World(budget, pages=("main", "main"))
    try:
        for step in history.split(" / "):
            if step == "drain" or step in list(world.steps()):  # the others cannot happen any more
                world.do(step)
        world.end_well()
    finally:
        world.close()


class Rule(NamedTuple):
    """A rule that is broken on purpose.

    Attributes:
        where: What keeps to it.
        name: The name of its method.
        wrong: What it is replaced with.
        seen_in: The small world in which this is seen.
    """

    where: type
    name: str
    wrong: Callable[..., Any]
    seen_in: str


def _save_without_mark(self: World, process: str, session_id: str, mark: str, data: bytes) -> str:
    return _save(self, process, session_id, self.stored_of(session_id).mark, data)


_save = World.save


async def _ask_nobody(*_: object) -> None:
    """Return that the other process is gone."""


async def _put_over_others(self: Saver, data: bytes) -> None:
    self._mark = await self._store.save(self._id, (await self._store.load(self._id)).mark, data)


async def _release_with_pages(self: Sessions, session_id: str, label: str, takes: bool) -> str:
    if (task := self.end(session_id, keep=True)) is not None:
        await asyncio.wait((task,))
    return "released"


async def _release_before_the_end(self: Sessions, session_id: str, label: str, takes: bool) -> str:
    if not takes and await self._sessions[session_id].windows.stays(label):
        return "elsewhere"
    self.end(session_id, keep=True)
    return "released"


async def _end_without_storing(self: Saver, *, keep: bool) -> None:
    self._over = True


async def _is_nowhere(*_: object) -> bool:
    return False


# Add a row for a rule.
RULES = {
    "a write names the record that it replaces": Rule(
        World, "save", _save_without_mark, "a process that lives is thought dead"
    ),
    "the owner is asked": Rule(Store, "ask", _ask_nobody, "two pages of one window"),
    "a write does not replace another owner's": Rule(
        Saver, "_put", _put_over_others, "a process that lives is thought dead"
    ),
    "a session stays with its pages": Rule(Sessions, "release", _release_with_pages, "pages of two windows"),
    "it is released when it has ended": Rule(
        Sessions, "release", _release_before_the_end, "the user chooses another page"
    ),
}


@pytest.mark.parametrize("name", RULES)
def test_a_rule_that_is_broken_is_seen(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rule = RULES[name]
    monkeypatch.setattr(rule.where, rule.name, rule.wrong)
    with pytest.raises(Broken):
        _visited(SMALL[rule.seen_in])
