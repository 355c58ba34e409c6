"""The bounds of one page."""

from __future__ import annotations

from typing import ClassVar, Protocol

import msgspec

from ..errors import ConfigError
from ..threads import MAX_WORKERS
from ..wire import MAX_BUFFERS

__all__ = ["BEHIND", "OVERRUN", "Allowance", "QueueLimits"]

BEHIND = "it is behind by more events than Builder.limits allows; the oldest are dropped until it has caught up"
OVERRUN = (
    "too many calls wait until this page reads the answers to its calls before them; no further call is made: load the "
    "page again, wait for answers before further calls, or raise Builder.limits(max_queued_bytes=..., max_calls=...)"
)


class Allowance(Protocol):
    """Bounds that several pages share, such as those of one user of a server."""

    def admit_channel(self) -> None:
        """Check that a page may have one more channel.

        Raises:
            LimitReached: The pages have too many.
        """

    def admit_upload(self, size: int) -> None:
        """Check that a page may send so many bytes more.

        Raises:
            LimitReached: The application has too many bytes from the pages that it has not used.
        """


class QueueLimits(msgspec.Struct, frozen=True):
    """Bounds of one page.

    Args:
        max_message_bytes: The largest batch or pack that the page may send.
        max_queued_bytes: Above this, channels refuse messages, and no further call of the page begins, until the page has
            caught up.
        max_queued_messages: Above this many messages, channels refuse messages until the page has caught up.
        max_buffers: The most buffers in the arguments of one call.
        max_calls: The most calls without an answer; further ones are rejected, or end the link of a page that reads no
            answers.
        max_listeners: The most event listeners of the page; further ones are rejected.
        max_resources: The most resources in one resource table; further ones are refused.
        max_channels: The most channels of the page that the application keeps; further ones are refused.
        max_workers: The most `def` commands of one window that run at once; the others are queued. The same for the
            `def` scheme handlers of one webview, for `def` listeners together, for files that pages load, and for
            `asyncio.to_thread`.

    Raises:
        ConfigError: A bound is not a whole number of at least 1.
    """

    MAX_MESSAGE_BYTES: ClassVar[int] = 256 * 1024 * 1024
    MAX_QUEUED_BYTES: ClassVar[int] = 64 * 1024 * 1024
    MAX_QUEUED_MESSAGES: ClassVar[int] = 100_000
    MAX_CALLS: ClassVar[int] = 100_000
    MAX_LISTENERS: ClassVar[int] = 10_000
    MAX_RESOURCES: ClassVar[int] = 10_000
    MAX_CHANNELS: ClassVar[int] = 10_000

    max_message_bytes: int = MAX_MESSAGE_BYTES
    max_queued_bytes: int = MAX_QUEUED_BYTES
    max_queued_messages: int = MAX_QUEUED_MESSAGES
    max_buffers: int = MAX_BUFFERS
    max_calls: int = MAX_CALLS
    max_listeners: int = MAX_LISTENERS
    max_resources: int = MAX_RESOURCES
    max_channels: int = MAX_CHANNELS
    max_workers: int = MAX_WORKERS

    @property
    def max_waiting_bytes(self) -> int:
        """The most bytes of calls that wait for their turn: those of one message, and as many as may wait for the page."""
        return self.max_message_bytes + self.max_queued_bytes

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            bound = getattr(self, name)
            if type(bound) is not int or bound < 1:
                raise ConfigError(f"Builder.limits: {name} is {bound!r}; it must be a whole number of at least 1")
