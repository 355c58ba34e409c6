"""Opens the sealed calls of one page generation. `wire/js/isolation_frame.js` is the half that seals them."""

from __future__ import annotations

import logging
from base64 import b64decode
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import msgspec

from ...errors import MalformedMessage
from ...values import encode_json
from ...wire import BinaryBatch, InvokeFrame, ReceivedPack, Span, check_spans, parse_binary

__all__ = ["REPLAY_WINDOW", "SealedCalls"]

_log = logging.getLogger("transom")
_NONCE_BYTES = 12
# Calls may overtake each other. One that is further behind than this is refused like one that was seen before.
REPLAY_WINDOW = 1 << 17
_content = msgspec.json.Decoder(tuple[msgspec.Raw, dict[str, str] | None, tuple[Span, ...]])
_text = msgspec.json.Decoder(str)
_Dispatch: TypeAlias = "Callable[[Any, Any, InvokeFrame, Sequence[memoryview]], None]"


class SealedCalls:
    """Takes the calls of one page, opens them, and passes them on.

    A sealed call is `nonce + AES-256-GCM(content)`, as the raw body of a call or, when it is short, as base64 text. The
    number of the call and its command are authenticated with it, and each number counts once. So a page can neither make a
    call that the isolation application has not seen, nor alter one, nor send one twice.

    Args:
        key: The key of the page generation, which only its isolation frame has; 32 bytes.
        dispatch: Gives the opened call its answer.
        max_buffers: The most buffers in the arguments of one call.
    """

    def __init__(self, key: bytes, dispatch: _Dispatch, max_buffers: int) -> None:
        # The package is an extra, and the application has not started without it.
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        self._cipher = AESGCM(key)
        self._invalid = InvalidTag
        self._dispatch = dispatch
        self._max_buffers = max_buffers
        self._seen: set[int] = set()
        self._oldest = 0
        self._told = False

    def dispatch(self, session: Any, call: Any, frame: InvokeFrame, buffers: Sequence[memoryview]) -> None:
        """Open a call and pass it on, or reject it."""
        try:
            opened, views = self._open(frame, buffers)
        except MalformedMessage as error:
            if not self._told:
                self._told = True
                _log.warning("page %r: %s; further ones are not logged", session.page.label, error)
            call.answer(False, encode_json(str(error)))
            return
        self._dispatch(session, call, opened, views)

    def _open(self, frame: InvokeFrame, buffers: Sequence[memoryview]) -> tuple[InvokeFrame, Sequence[memoryview]]:
        sealed = _sealed_bytes(frame, buffers)
        if sealed is None or len(sealed) <= _NONCE_BYTES:
            raise _refused(frame.command, "it was not sealed by the isolation frame")
        nonce, content = bytes(sealed[:_NONCE_BYTES]), sealed[_NONCE_BYTES:]
        try:
            plain = self._cipher.decrypt(nonce, content, f"{frame.id} {frame.command}".encode("utf-8", "surrogatepass"))
        except self._invalid:
            raise _refused(
                frame.command, "it was altered, or sealed for another call or by the frame of another page"
            ) from None
        self._note(frame)
        batch = parse_binary(plain)
        if not isinstance(batch, BinaryBatch):
            raise _refused(frame.command, "its content is of an unknown form")
        try:
            payload, headers, spans = _content.decode(batch.text)
        except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
            raise _refused(frame.command, f"its content is of an unknown form ({error})") from None
        check_spans(frame.command, spans, self._max_buffers)
        tail = ReceivedPack(0, batch.tail)
        views = [tail.cut(frame.command, span) for span in spans]
        return InvokeFrame(frame.id, frame.command, payload, headers, spans), views

    def _note(self, frame: InvokeFrame) -> None:
        """Note the number of an authentic call.

        Raises:
            MalformedMessage: A call of this number came before, or it is too old to tell.
        """
        if frame.id in self._seen or frame.id < self._oldest:
            raise _refused(frame.command, "it was sent before")
        self._seen.add(frame.id)
        if len(self._seen) > 2 * REPLAY_WINDOW:
            self._oldest = max(self._seen) - REPLAY_WINDOW
            self._seen = {number for number in self._seen if number >= self._oldest}


def _refused(command: str, reason: str) -> MalformedMessage:
    # Tauri: the beginning of the sentence.
    return MalformedMessage(f"isolation pattern error: the call of {command[:200]} is refused: {reason}")


def _sealed_bytes(frame: InvokeFrame, buffers: Sequence[memoryview]) -> memoryview | bytes | None:
    """Return the sealed bytes that a call carries; `None` when it carries none."""
    if frame.spans:
        whole = len(frame.spans) == 1 and not frame.spans[0].path
        return buffers[0] if whole else None
    try:
        return b64decode(_text.decode(frame.payload), validate=True)
    except (msgspec.DecodeError, UnicodeError, ValueError):
        return None
