"""One page generation's link on WebKitGTK: reply slots that the page keeps open, and packs that wait to be read.

Every message from the page brings a reply object: a slot through which one frame can go down. Everything here runs on
the window system's thread, except `PageLink.wake`. Beside the JSON of a batch or frame, in front of it:

    down    @part,...;part,...@[...]    parts of packs that can be read now: see `Packs.announce`
            base64[...]                 the frame's tail, behind the parts if there are any
    up      @note,note,...[...]         `12`: part 12 is there, or lost; `+token`: the file begins with this; `-`: it cannot be read;
                                        `leaves`: the page has heard that it is to go; `asked`, `stays`: see `leaving.js`
"""

from __future__ import annotations

import base64
import logging
import threading
from collections.abc import Callable
from typing import Any

from ... import Session
from ..bulk import Bulk, Packs, part_number

__all__ = ["PageLink"]

_WORDS = frozenset((b"leaves", b"asked", b"stays"))

# A frame is closed at this size, so that the page handles and paints between frames.
_FRAME_BYTES = 512 * 1024
# Buffers up to this size together go down as base64 in the frame: up to here that is faster than any other way.
_INLINE_BYTES = 128 * 1024
_AT = ord("@")
# A page that only sends, such as one that aborts calls, opens slots that nothing answers; more than these go back empty.
_MAX_SLOTS = 8

_logger = logging.getLogger(__name__)


class PageLink:
    """The runtime's end of a page's link.

    A wake-up cannot be lost. `_pump` stops for one of two reasons: no slot is open, and the message that brings the next
    one pumps; or the session has nothing, and its next message wakes us, and no part has room, and the message with the
    note that makes room pumps.

    Args:
        answer: Sends a frame's text through a slot.
        post: Runs a function on the window system's thread, soon.
        bulk: The file that is shared with the page; `None` for a page that gets none.
        heard: Called with what the page says about being left.
    """

    def __init__(
        self,
        answer: Callable[[Any, bytes], None],
        post: Callable[[Callable[[], None]], None],
        bulk: Bulk | None,
        heard: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._heard = heard
        self._answer = answer
        self._post = post
        self.bulk = bulk
        self._thread = threading.get_ident()
        self._session: Session | None = None
        self._slots: list[Any] = []
        self._packs: Packs | None = None
        self._receiving = self._posted = False

    def open(self, session: Session) -> None:
        """Join the link to the host's end."""
        self._session = session
        self._packs = Packs(self.bulk, session.pack_sent)

    def wake(self) -> None:
        """Note that the session has a frame now."""
        # What is answered while a message is being received goes down right after it, through that message's own slot. It
        # is posted all the same, once: a command may show a dialog, which runs the window system's loop until it is closed.
        if not (self._receiving and threading.get_ident() == self._thread):
            self._post(self._pump)
        elif not self._posted:
            self._posted = True
            self._post(self._pump_posted)

    def _pump_posted(self) -> None:
        self._posted = False
        self._pump()

    def acknowledged(self, frames: int) -> None:
        """Do nothing: the page acknowledges a frame by asking for the next one."""

    def receive(self, batch: memoryview, slot: Any) -> None:
        """Take a batch from the page, with the slot that it opens. An empty batch, `[]`, is there for its slot only."""
        self._slots.append(slot)
        if len(batch) and batch[0] == _AT:
            batch = self._take_notes(batch)
        if len(batch) > 2:
            self._hand(lambda session: session.receive(batch))
        self._pump()
        while len(self._slots) > _MAX_SLOTS:
            self._answer(self._slots.pop(0), b"")

    def receive_binary(self, body: memoryview, batch: str | None) -> None:
        """Take a binary frame from the page; with a `batch` beside it, the body is that batch's only buffer."""
        if batch is None:
            self._hand(lambda session: session.receive_chunk(body))
        else:
            self._hand(lambda session: session.receive(batch, body))
        self._pump()

    def _hand(self, receive: Callable[[Session], None]) -> None:
        if self._session is None:
            return
        self._receiving = True
        try:
            receive(self._session)
        except Exception:
            # The slot must stay of use to the page: a reply that is dropped would end its link.
            _logger.exception("a message from the page could not be taken")
        finally:
            self._receiving = False

    def _pump(self) -> None:
        # The newest slot first: the oldest stays open for what comes unasked, and one call costs one message and one
        # reply. Answered through the last open one, the page has to ask again.
        while self._session and self._packs and self._slots:
            frame = self._session.take(_FRAME_BYTES, _INLINE_BYTES)
            if frame is not None and frame.pack is not None:
                self._packs.add(frame.pack)
            before = self._packs.announce()
            if frame is None and not before:
                return
            if frame is not None and frame.tail:
                before += base64.b64encode(b"".join(frame.tail))
            self._answer(self._slots.pop(), before + (frame.text if frame else b"[]"))

    def _take_notes(self, message: memoryview) -> memoryview:
        """Heed what the page's end of the transport says before a batch, and return the batch."""
        notes, bracket, batch = bytes(message[1:]).partition(b"[")
        for note in notes.split(b","):
            if (part := part_number(note)) is not None:
                if self._packs:
                    self._packs.received(part)
            elif note in _WORDS:
                self._heard(note.decode())
            elif self.bulk and note.startswith(b"+"):
                self.bulk.opened(note[1:])
            elif self.bulk:
                self.bulk.refused()
        return memoryview(bracket + batch)

    def fetch(self, part: int) -> bytes | memoryview | None:
        """Return a part of a pack for the one request that the page makes for it, `None` when there is none (any more)."""
        return self._packs.fetch(part) if self._packs else None

    def leave(self, asked: bool) -> None:
        """Let the page know that it is to go; it says `leaves` when everything before this has reached it."""
        if self._session is not None:
            self._session.operate("leave", asked)

    def close(self) -> None:
        """End the generation. The slots are dropped: nobody is left to read an answer."""
        session, self._session = self._session, None
        self._slots.clear()
        self._packs = None
        if self.bulk:
            self.bulk.close()
        if session is not None:
            session.close()
