"""Sends an open file in pieces, or the part of it that a request wants, and reads it in a worker."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any, TypeAlias

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from ....runtimes import OpenFile, part_for

__all__ = ["InThread", "file_response"]

# Runs a function with its arguments in a worker.
InThread: TypeAlias = Callable[..., Awaitable[Any]]

_PIECE_BYTES = 256 * 1024


async def file_response(request: Request, file: OpenFile, headers: Mapping[str, str], in_thread: InThread) -> Response:
    """Return the response for a GET or HEAD request for a file, and close the file when it has been sent.

    It honours ranges and conditional requests; see `part_for`.

    Args:
        request: The request.
        file: The file.
        headers: More header fields.
        in_thread: Reads the file.
    """
    status, span, fields = part_for(request.headers, file.size, etag=file.etag, modified=file.modified)
    fields = {"Content-Type": file.media_type, **headers, **fields}
    if status != 304:
        fields["Content-Length"] = str(len(span))
    if request.method == "HEAD" or not span:
        file.close()
        return Response(status_code=status, headers=fields)
    try:
        first = await in_thread(file.read, span.start, min(len(span), _PIECE_BYTES))
    except BaseException:
        file.close()
        raise
    if len(first) == len(span):
        file.close()
        return Response(first, status, fields)
    return _FileResponse(file, span, first, status, fields, in_thread)


class _FileResponse(StreamingResponse):
    """A response in several pieces. It ends when the client disconnects."""

    def __init__(
        self, file: OpenFile, span: range, first: bytes, status: int, headers: Mapping[str, str], in_thread: InThread
    ) -> None:
        super().__init__(_pieces(file, span, first, in_thread), status, headers)
        self._file = file

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._file.close()


async def _pieces(file: OpenFile, span: range, piece: bytes, in_thread: InThread) -> AsyncIterator[bytes]:
    at = span.start
    while True:
        yield piece
        at += len(piece)
        if at == span.stop:
            return
        piece = await in_thread(file.read, at, min(span.stop - at, _PIECE_BYTES))
        if not piece:
            raise OSError("a file became shorter while it was sent")
