"""The bounds of one page."""

from __future__ import annotations

from ..wire import MAX_BUFFERS

__all__ = ["QueueLimits"]


class QueueLimits:
    """Bounds of one page.

    Args:
        max_message_bytes: The largest batch or pack that the page may send.
        max_queued_bytes: Above this, channels refuse messages until the page has caught up.
        max_queued_messages: The same, in messages.
        max_buffers: The most buffers in the arguments of one call.
    """

    MAX_MESSAGE_BYTES = 256 * 1024 * 1024
    MAX_QUEUED_BYTES = 64 * 1024 * 1024
    MAX_QUEUED_MESSAGES = 100_000

    def __init__(
        self,
        max_message_bytes: int = MAX_MESSAGE_BYTES,
        max_queued_bytes: int = MAX_QUEUED_BYTES,
        max_queued_messages: int = MAX_QUEUED_MESSAGES,
        max_buffers: int = MAX_BUFFERS,
    ) -> None:
        self.max_message_bytes = max_message_bytes
        self.max_queued_bytes = max_queued_bytes
        self.max_queued_messages = max_queued_messages
        self.max_buffers = max_buffers
