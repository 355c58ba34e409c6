"""An authority that allows local pages everything and records their calls, to generate a capability."""

from __future__ import annotations

from typing import Any

import msgspec

from ..errors import NotAllowed
from ._advice import smallest_permission
from ._authority import RuntimeAuthority
from ._decision import Reason
from ._grant import Grant
from ._origin import Origin

__all__ = ["RecordedCall", "RecordingAuthority"]

_MOST_CALLS = 10_000


class RecordedCall(msgspec.Struct, frozen=True):
    """A command that pages of a window called.

    Attributes:
        window: The window's label.
        command: The whole name.
        permission: The permission that allows it and little else; `None` if every local page may call it.
        scoped: Whether a capability gives it a scope, or denies something.
    """

    window: str
    command: str
    permission: str | None
    scoped: bool


class RecordingAuthority(RuntimeAuthority):
    """Allows local pages every existing command unless a capability denies it, and records it. For development.

    Args:
        options: As for `RuntimeAuthority`.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._calls: dict[tuple[str, str], RecordedCall] = {}

    @property
    def calls(self) -> tuple[RecordedCall, ...]:
        """The recorded calls, in the order in which they were first made."""
        return tuple(self._calls.copy().values())

    def authorize(self, command: str, window: str, webview: str, origin: Origin) -> Grant:
        """Return the grant for a call; see `RuntimeAuthority.authorize`.

        Raises:
            NotAllowed: The page is remote, or a capability denies the command, or the command does not exist.
        """
        try:
            grant = super().authorize(command, window, webview, origin)
        except NotAllowed:
            if self.decide(command, window, webview, origin).reason is not Reason.NO_CAPABILITY:
                raise
            grant = Grant(command, webview)
        if origin.url is None and (window, command) not in self._calls and len(self._calls) < _MOST_CALLS:
            needed = self._declared.permissions(command) if self._declared.needs_permission(command) else ()
            permission = smallest_permission(needed) if needed else None
            self._calls[window, command] = RecordedCall(window, command, permission, grant.command_scope is not None)
        return grant
