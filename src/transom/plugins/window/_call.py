"""How a command of a page becomes the method of a window, and its errors the page's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from ...commands import command
from ...errors import CommandError, Unsupported, WindowError
from ...handles import Window

__all__ = ["getter", "on_window", "setter"]

T = TypeVar("T")


def on_window(window: Window, label: str | None, act: Callable[[Window], T]) -> T:
    """Return what `act` does with the window of this label; `None` or an empty one is the calling page's own window.

    Raises:
        CommandError: There is no such window, or it cannot do this now; the value is the reason, a text.
        Unsupported: The runtime cannot do this.
    """
    label = label or window.label  # Tauri: an empty label is the calling window's, too
    found = window.get_window(label)
    if found is None:
        raise CommandError(f"window not found: no window has the label `{label}`")
    try:
        return act(found)
    except Unsupported:
        raise
    except WindowError as error:  # it was closed just now, say
        raise CommandError(str(error)) from None


# In workers: methods of windows wait for the window system's thread, which may wait for the page.
def getter(method: Callable[[Window], T], returns: Any = None) -> Callable[..., T]:
    """Return the command that calls a method without arguments, and has its name.

    Args:
        method: A method of `Window`.
        returns: The type of its result.
    """

    def run(window: Window, label: str | None = None) -> T:
        return on_window(window, label, method)

    marked: Callable[..., Any] = _marked(run, method, {"window": Window, "label": str | None, "return": returns})
    return marked


def setter(method: Callable[[Window, Any], None], value_type: Any) -> Callable[..., None]:
    """Return the command that calls a method with the argument `value`, and has its name.

    Args:
        method: A method of `Window`.
        value_type: The type of `value`; with `None` in it, a page may leave it out.
    """

    def run(window: Window, value: Any, label: str | None = None) -> None:
        on_window(window, label, lambda found: method(found, value))

    marked: Callable[..., Any] = _marked(
        run, method, {"window": Window, "value": value_type, "label": str | None, "return": None}
    )
    return marked


def _marked(run: Any, method: Any, annotations: dict[str, Any]) -> Any:
    run.__name__ = run.__qualname__ = method.__name__
    run.__doc__ = method.__doc__
    run.__annotations__ = annotations
    return command(run)
