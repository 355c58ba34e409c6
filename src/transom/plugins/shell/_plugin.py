"""`plugin:shell|*`."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from typing import Any, TypeAlias

import msgspec

from ...acl import CommandScope, GlobalScope
from ...children import ChildGuard
from ...commands import command, generate_handler
from ...core import Plugin, PluginApi, PluginBuilder
from ...errors import ChannelError, CommandError, ConfigError, RequestError
from ...handles import AppHandle, State, Webview
from ...values import Channel
from ..opener import UnsafeUrl, check_url, links_script, open_in_page, open_url, run_detached
from ._child import Child, Environment, start
from ._encoding import Decoder, Lines, decoder_of
from ._scope import Entry, arguments_of, find_entry
from ._sidecar import sidecar
from ._validator import Matcher, matcher_of

__all__ = ["init"]

Allowed: TypeAlias = CommandScope[Entry]
Everywhere: TypeAlias = GlobalScope[Entry]

_CHUNK = 1 << 16  # bytes read at once
# After so many lines at once, those of the next 2 ms are sent together: sent by the 8 KiB that a writer of a pipe has at a
# time, they cost twice the processor time.
_FLOOD, _GATHER = 32, 0.002
_MAX_OUTPUT = 64 << 20  # bytes that `execute` collects of each stream
_DEFAULT_OPEN = re.compile(r"^((mailto:\w+)|(tel:\w+)|(https?://\w+)).+")  # Tauri: the same
# What `open` may be told to open with (Tauri: the same names) -> the command.
_PROGRAMS = {
    "open": ("open",),
    "start": ("start",),
    "xdg-open": ("xdg-open",),
    "gio": ("gio", "open"),
    "gnome-open": ("gnome-open",),
    "kde-open": ("kde-open",),
    "wslview": ("wslview",),
    "firefox": ("firefox",),
    "chrome": ("google-chrome",),
    "google chrome": ("google-chrome",),
    "chromium": ("chromium",),
    "safari": ("safari",),
}


class ShellConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`plugins.shell` of the configuration.

    Attributes:
        open: What `open` takes: `True` for addresses of http, https, mailto and tel, `False` for nothing, or a regular
            expression for the whole address.
    """

    open: bool | str = True


class OpenRule:
    """Decides which addresses `open` takes.

    Args:
        config: The configuration.

    Raises:
        ConfigError: The expression is wrong.
    """

    def __init__(self, config: ShellConfig) -> None:
        self._text = config.open if isinstance(config.open, str) else _DEFAULT_OPEN.pattern if config.open else None
        self._matches: Matcher = lambda address: _DEFAULT_OPEN.search(address) is not None
        if isinstance(config.open, str):
            try:
                self._matches = matcher_of(config.open, raw=False)
            except ValueError as error:
                raise ConfigError(f"plugins.shell.open in the configuration, {config.open!r}: {error}") from None

    def check(self, address: str) -> None:
        """Check an address.

        Raises:
            CommandError: It is not allowed.
        """
        if self._text is None:
            # Tauri takes everything then.
            raise CommandError("shell|open: `plugins.shell.open` in the configuration is false, so nothing is opened")
        if not self._matches(address):
            raise CommandError(
                f"Scoped command argument at position 0 was found, but failed regex validation {self._text}"
            )


async def _start(
    app: AppHandle, scopes: tuple[Allowed, Everywhere], program: str, args: str | Sequence[str], how: Environment
) -> Child:
    allow = [entry for scope in scopes for entry in scope.allows]
    deny = [entry for scope in scopes for entry in scope.denies]
    entry = find_entry(allow, deny, program, sidecar=how.sidecar)
    arguments = arguments_of(entry, [args] if isinstance(args, str) else args)
    path = sidecar(app, program) if entry.sidecar else app.path().parse(entry.cmd)
    return await start(str(path), arguments, how, app.state(ChildGuard))


@command
async def execute(
    app: AppHandle,
    webview: Webview,
    scope: CommandScope[Entry],
    everywhere: GlobalScope[Entry],
    program: str,
    args: str | list[str] | None = None,
    options: Environment | None = None,
) -> dict[str, Any]:
    """Run a program to its end and return `{code, signal, stdout, stderr}`."""
    how = options or Environment()
    decoder = decoder_of(how.encoding)
    child = await _start(app, (scope, everywhere), program, args or [], how)
    table = webview.resources_table()
    rid = table.add(child)
    try:
        assert child.process.stdin is not None
        child.process.stdin.close()
        stdout, stderr, ended = await asyncio.gather(
            _collect(child.process.stdout, program), _collect(child.process.stderr, program), child.wait()
        )
    finally:
        child.release()
        if table.has(rid):
            table.close(rid)
    try:
        return {**ended, "stdout": decoder.decode(stdout), "stderr": decoder.decode(stderr)}
    except UnicodeDecodeError as error:
        raise CommandError(f"{_not_utf8(error)}; pass an encoding in the options, or `raw`") from None


async def _collect(stream: asyncio.StreamReader | None, program: str) -> bytes:
    assert stream is not None
    parts, size = [], 0
    while data := await stream.read(_CHUNK):
        parts.append(data)
        size += len(data)
        if size > _MAX_OUTPUT:
            raise CommandError(
                f"`{program}` wrote more than {_MAX_OUTPUT >> 20} MiB; use spawn, which hands on its output"
            )
    return b"".join(parts)


@command
async def spawn(
    app: AppHandle,
    webview: Webview,
    scope: CommandScope[Entry],
    everywhere: GlobalScope[Entry],
    program: str,
    on_event: Channel[Any],
    args: str | list[str] | None = None,
    options: Environment | None = None,
) -> int:
    """Start a program and return its process id; what it writes goes to the channel."""
    how = options or Environment()
    decoder = decoder_of(how.encoding)
    child = await _start(app, (scope, everywhere), program, args or [], how)
    webview.resources_table().replace(child.pid, child)
    app.spawn(_follow(webview, child, decoder, on_event))
    return child.pid


async def _follow(webview: Webview, child: Child, decoder: Decoder, events: Channel[Any]) -> None:
    """Hand on what a program writes, then its end. A page that falls behind makes the program wait."""
    try:
        await asyncio.gather(
            _hand_on(child.process.stdout, "Stdout", decoder, events),
            _hand_on(child.process.stderr, "Stderr", decoder, events),
        )
        await events.send_async({"event": "Terminated", "payload": await child.wait()})
        events.close()
    except ChannelError:  # the page is gone, and takes the program with it
        child.kill()
        await child.wait()
    finally:
        child.release()
        table = webview.resources_table()
        if table.has(child.pid):
            table.close(child.pid)


async def _hand_on(stream: asyncio.StreamReader | None, name: str, decoder: Decoder, events: Channel[Any]) -> None:
    assert stream is not None
    lines = Lines()
    while data := await stream.read(_CHUNK):
        parts = [data] if decoder.raw else list(lines.feed(data))
        await events.send_all(_event(part, name, decoder) for part in parts)
        if len(parts) > _FLOOD:
            await asyncio.sleep(_GATHER)
    await events.send_all(_event(part, name, decoder) for part in lines.end())


class Output(msgspec.Struct, frozen=True, gc=False):
    """Text that a program wrote; a type without buffers is sent sooner than a `dict`, in which any may be."""

    event: str
    payload: str


def _event(part: bytes, name: str, decoder: Decoder) -> Output | dict[str, Any]:
    try:
        payload = decoder.decode(part)
    except UnicodeDecodeError as error:
        return Output("Error", _not_utf8(error))
    return Output(name, payload) if isinstance(payload, str) else {"event": name, "payload": payload}


def _not_utf8(error: UnicodeDecodeError) -> str:
    # Tauri: the sentence of Rust's library.
    return f"invalid utf-8 sequence of {max(1, error.end - error.start)} bytes from index {error.start}"


@command
async def stdin_write(webview: Webview, pid: int, buffer: Any) -> None:
    """Write to the input of a program that the page started; one that has ended is ignored, as in Tauri."""
    child = _child(webview, pid)
    if child is not None:
        await child.write(_bytes(buffer))


def _bytes(buffer: Any) -> bytes:
    if isinstance(buffer, str):
        return buffer.encode()
    try:
        if isinstance(buffer, list | bytes | bytearray | memoryview):
            return bytes(buffer)
    except (TypeError, ValueError):
        pass
    raise CommandError("invalid args `buffer` for command `stdin_write`: expected a string or the numbers of bytes")


@command
async def kill(webview: Webview, pid: int) -> None:
    """End a program that the page started, and what that started; one that has ended is ignored, as in Tauri."""
    child = _child(webview, pid)
    if child is not None:
        child.kill()


def _child(webview: Webview, pid: int) -> Child | None:
    try:
        return webview.resources_table().get(pid, Child)
    except RequestError:
        return None


@command
def open(webview: Webview, rule: State[OpenRule], path: str, with_: str | None = None) -> None:  # noqa: A001 - the command's name
    """Open an address with the user's choice, or with one of the programs that Tauri names."""
    rule.check(path)
    if with_ is not None and with_ not in _PROGRAMS:
        raise CommandError(f"unknown program {with_}")
    try:
        address = check_url(path)
        if webview.runtime_name() == "web":
            open_in_page(webview, address)
        elif with_ is None:
            open_url(address)
        else:
            run_detached([*_PROGRAMS[with_], address])
    except (UnsafeUrl, OSError) as error:
        raise CommandError(f"shell|open: {path}: {error}") from None


def _setup(app: AppHandle, api: PluginApi) -> None:
    config = ShellConfig() if api.config is None else api.config_as(ShellConfig)
    app.manage(OpenRule(config))
    app.manage(ChildGuard())


def _end(app: AppHandle) -> None:
    app.state(ChildGuard).close()


def init(*, open_js_links_on_click: bool = True) -> Plugin:
    r"""Return the plugin.

    `shell:default` allows `open`. Programs need `shell:allow-execute` or `shell:allow-spawn` with a scope of entries
    `{"name": "list", "cmd": "ls", "args": ["-l", {"validator": "\\w+"}]}`.

    Args:
        open_js_links_on_click: Whether clicks on `<a target="_blank">` open outside the window.
    """
    builder = (
        PluginBuilder("shell")
        .limited("web", {"open": "the browser that shows the page opens http, https, mailto and tel"})
        .setup(_setup)
        .on_drop(_end)
        .invoke_handler(generate_handler(execute, spawn, stdin_write, kill, open))
        .permissions(default=("allow-open",))
    )
    if open_js_links_on_click:
        for runtime in ("webkitgtk", "pywebview"):  # a browser does so itself
            builder.js_init_script(links_script("plugin:shell|open", "path"), runtime=runtime)
    return builder.build()
