"""The state of a window as its page reports it: size, place, scale, theme and screen."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

from ....values import PhysicalPosition, PhysicalSize
from ... import ops

__all__ = ["STATE_READS", "PageState", "changes", "parse_state"]

_NUMBER = re.compile(r"-?[0-9]{1,6}")


class PageState(NamedTuple):
    """A window as its page sees it. Lengths are physical pixels.

    Attributes:
        scale: Physical pixels for each logical one, times 1000.
        dark: 1 for a dark look.
        fullscreen: 1 if the page covers the screen.
        x: Place of the browser's window; `y` likewise.
        inner_x: Place of the page; `inner_y` likewise.
        width: Size of the page; `height` likewise.
        outer_width: Size of the browser's window; `outer_height` likewise.
        screen_x: Place of the screen; `screen_y` likewise.
        screen_width: Size of the screen; `screen_height` likewise.
        free_x: Place of the part of the screen that no panel covers; `free_y` likewise.
        free_width: Its size; `free_height` likewise.
    """

    scale: int
    dark: int
    fullscreen: int
    x: int
    y: int
    inner_x: int
    inner_y: int
    width: int
    height: int
    outer_width: int
    outer_height: int
    screen_x: int
    screen_y: int
    screen_width: int
    screen_height: int
    free_x: int
    free_y: int
    free_width: int
    free_height: int

    @property
    def scale_factor(self) -> float:
        """Physical pixels for each logical one."""
        return self.scale / 1000

    @property
    def theme(self) -> ops.Theme:
        """The look."""
        return ops.Theme.DARK if self.dark else ops.Theme.LIGHT


def parse_state(words: Sequence[str]) -> PageState | None:
    """Return what a page tells, in the order of the fields; `None` if it is not a state."""
    if len(words) != len(PageState._fields) or not all(map(_NUMBER.fullmatch, words)):
        return None
    state = PageState(*map(int, words))
    lengths = (
        state.width,
        state.height,
        state.outer_width,
        state.outer_height,
        state.screen_width,
        state.screen_height,
    )
    return state if state.scale > 0 and min(*lengths, state.free_width, state.free_height) >= 0 else None


def _monitor(state: PageState) -> ops.Monitor:
    free = PhysicalPosition(state.free_x, state.free_y), PhysicalSize(state.free_width, state.free_height)
    return ops.Monitor(
        name=None,
        size=PhysicalSize(state.screen_width, state.screen_height),
        position=PhysicalPosition(state.screen_x, state.screen_y),
        scale_factor=state.scale_factor,
        work_area=ops.PhysicalRect(*free),
    )


# Operation -> what it returns. Add here what a page can tell.
STATE_READS: Final[dict[type[ops.Op[Any]], Callable[[PageState], Any]]] = {
    ops.CurrentMonitor: _monitor,
    ops.GetTheme: lambda state: state.theme,
    ops.InnerPosition: lambda state: PhysicalPosition(state.inner_x, state.inner_y),
    ops.InnerSize: lambda state: PhysicalSize(state.width, state.height),
    ops.IsFullscreen: lambda state: bool(state.fullscreen),
    ops.OuterPosition: lambda state: PhysicalPosition(state.x, state.y),
    ops.OuterSize: lambda state: PhysicalSize(state.outer_width, state.outer_height),
    ops.ScaleFactor: lambda state: state.scale_factor,
    # The one webview of a window is its page.
    ops.WebviewPosition: lambda _: PhysicalPosition(0, 0),
    ops.WebviewSize: lambda state: PhysicalSize(state.width, state.height),
}


def changes(before: PageState | None, now: PageState) -> list[tuple[Any, Any]]:
    """Return the events of a window, name and payload, that tell what is another than before; none for the first state."""
    if before is None:
        return []
    told: list[tuple[Any, Any]] = []
    size = {"width": now.width, "height": now.height}
    if now.scale != before.scale:
        told.append(("scale-change", {"scaleFactor": now.scale_factor, "size": size}))
    if (now.width, now.height) != (before.width, before.height):
        told.append(("resize", size))
    if (now.x, now.y) != (before.x, before.y):
        told.append(("move", {"x": now.x, "y": now.y}))
    if now.dark != before.dark:
        told.append(("theme-changed", now.theme.value))
    return told
