"""The check of a hook that must have done its work when it returns."""

from __future__ import annotations

from ..callables import is_async, what_is
from ..errors import ConfigError

__all__ = ["check_hook"]


def check_hook(where: str, hook: object) -> None:
    """Refuse a hook that is an `async def`, whose coroutine nobody would await.

    Raises:
        ConfigError: It is one.
    """
    if is_async(hook):
        raise ConfigError(f"{where}: {what_is(hook)} is an `async def`; make it a `def` (`app.spawn` starts a task)")
