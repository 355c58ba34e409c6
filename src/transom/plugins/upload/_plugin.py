"""`plugin:upload|*`."""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, Literal

from ...acl import CommandScope, GlobalScope
from ...commands import command, generate_handler
from ...core import Plugin, PluginApi, PluginBuilder
from ...errors import CommandError, ConfigError
from ...handles import AppHandle, State
from ...values import Channel
from ._files import Entry, Files, open_regular

__all__ = ["init"]

_PART = 1 << 16
_MAX_ANSWER = 16 << 20  # bytes of the text that a server answers an upload with


class Progress:
    """Tells a page how far a transfer is.

    Args:
        channel: To the page.
        total: All bytes; 0 when nobody knows.
    """

    def __init__(self, channel: Channel[Any], total: int) -> None:
        self._channel = channel
        self._total = total
        self._done = 0
        self._began = time.monotonic()

    async def add(self, size: int) -> None:
        """Tell of another part."""
        self._done += size
        seconds = time.monotonic() - self._began
        speed = int(self._done / seconds) if seconds > 0 else 0
        message = {"progress": size, "progressTotal": self._done, "total": self._total, "transferSpeed": speed}
        await self._channel.send_async(message)


def _check_url(url: str) -> None:
    if not url.lower().startswith(("http://", "https://")):
        raise CommandError(f"upload: the address is neither http nor https: {url}")


@command
async def upload(
    files: State[Files],
    scope: CommandScope[Entry],
    everywhere: GlobalScope[Entry],
    url: str,
    file_path: str,
    headers: dict[str, str],
    on_progress: Channel[Any],
    method: Literal["POST", "PUT", "PATCH"] = "POST",
) -> str:
    """Send a file to a server and return what it answers."""
    import httpx

    _check_url(url)
    path = files.check(file_path, scope, everywhere)
    try:
        file = await asyncio.to_thread(open_regular, path)
    except OSError as error:
        raise CommandError(f"{file_path}: {error.strerror} (os error {error.errno})") from None
    with file:
        size = os.fstat(file.fileno()).st_size
        sent = {name: value for name, value in headers.items() if name.lower() not in ("content-length", "host")}
        sent["content-length"] = str(size)
        sent.setdefault("content-type", "application/octet-stream")
        body = _parts(file, Progress(on_progress, size))
        try:
            async with (
                httpx.AsyncClient(timeout=None) as client,  # noqa: S113 - a large file takes long
                client.stream(method, url, content=body, headers=sent) as response,
            ):
                text = await _text(response)
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, OSError) as error:
            raise CommandError(f"error sending request: {error}") from None
    if not response.is_success:
        # Tauri: the sentence.
        raise CommandError(f"request failed with status code {response.status_code}")
    return text


async def _parts(file: BinaryIO, progress: Progress) -> AsyncIterator[bytes]:
    while data := await asyncio.to_thread(file.read, _PART):
        yield data
        await progress.add(len(data))


async def _text(response: Any) -> str:
    data = bytearray()
    async for part in response.aiter_bytes():
        data += part
        if len(data) > _MAX_ANSWER:
            raise CommandError(f"upload: the server answers with more than {_MAX_ANSWER >> 20} MiB")
    try:
        return data.decode(response.encoding or "utf-8", "replace")
    except LookupError:  # a server may name what is no encoding of text, such as `hex`
        return data.decode("utf-8", "replace")


@command
async def download(
    files: State[Files],
    scope: CommandScope[Entry],
    everywhere: GlobalScope[Entry],
    url: str,
    file_path: str,
    headers: dict[str, str],
    on_progress: Channel[Any],
    body: str | None = None,
) -> None:
    """Write what a server sends into a file: all of it, or nothing."""
    import httpx

    _check_url(url)
    path = files.check(file_path, scope, everywhere)
    method = "GET" if body is None else "POST"
    try:
        async with (
            httpx.AsyncClient(timeout=None, follow_redirects=True) as client,  # noqa: S113 - a large file takes long
            client.stream(method, url, content=body, headers=headers) as response,
        ):
            if not response.is_success:
                raise CommandError(f"request failed with status code {response.status_code}")  # Tauri: the sentence
            total = int(response.headers.get("content-length", "0"))
            await _write(path, response, Progress(on_progress, total))
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, ValueError, OSError) as error:
        text = (
            f"{error.strerror} (os error {error.errno})"
            if isinstance(error, OSError) and error.strerror
            else str(error)
        )
        raise CommandError(f"error sending request: {text}") from None


async def _write(path: Path, response: Any, progress: Progress) -> None:
    """Write beside the file and move it there at the end."""
    file = tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name[:100]}.", delete=False)  # noqa: SIM115
    made = Path(file.name)
    try:
        with file:
            async for data in response.aiter_bytes(_PART):
                await asyncio.to_thread(file.write, data)
                await progress.add(len(data))
        mask = 0o666 & ~_umask()
        await asyncio.to_thread(_put, made, path, mask)
    except BaseException:
        with suppress(OSError):
            made.unlink(missing_ok=True)  # noqa: ASYNC240 - short, and not to be interrupted
        raise


def _umask() -> int:
    with suppress(OSError, ValueError, IndexError):
        text = Path("/proc/self/status").read_text("ascii", "replace")
        return int(text.partition("Umask:")[2].split()[0], 8)
    return 0o022


def _put(made: Path, path: Path, mode: int) -> None:
    made.chmod(mode)
    made.replace(path)


def init(*, anywhere: bool = False) -> Plugin:
    """Return the plugin; `upload:default` allows both commands.

    Args:
        anywhere: Let pages read and write any file of the user, as Tauri does. By default these are the application's own
            folders, Downloads, and what the scope in a capability names: `{"path": "$DOCUMENT/**"}`.

    Raises:
        ConfigError: The extra `transom[http]` is not installed.
    """
    try:
        import httpx  # noqa: F401 - an application should not start without it
    except ImportError:
        raise ConfigError(
            "the plugin upload needs httpx, which is not installed; install it with `pip install 'transom[http]'`"
        ) from None

    def setup(app: AppHandle, _: PluginApi) -> None:
        app.manage(Files(app, anywhere=anywhere))

    return (
        PluginBuilder("upload")
        .setup(setup)
        .invoke_handler(generate_handler(upload, download))
        .permissions(default=("allow-upload", "allow-download"))
        .build()
    )
