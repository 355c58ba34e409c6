"""`plugin:log|*`, and Python's `logging` as its source."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ...commands import command, generate_handler
from ...core import Plugin, PluginApi, PluginBuilder
from ...handles import AppHandle, State
from ._log import Level, Log, Record, Rotation, Target

__all__ = ["init"]


class _Handler(logging.Handler):
    """Hands the records of Python's `logging` to the log.

    Args:
        target: The log.
    """

    def __init__(self, target: Log) -> None:
        super().__init__()
        self._log = target
        self._before = logging.getLogger().level

    def emit(self, record: logging.LogRecord) -> None:
        try:
            message = record.getMessage()
            if record.exc_info:
                message += "\n" + (self.formatter or logging.Formatter()).formatException(record.exc_info)
            self._log.write(Level.of_logging(record.levelno), record.name, message)
        except Exception:  # noqa: BLE001 - as every handler of logging does
            self.handleError(record)

    def attach(self) -> None:
        """Begin to get records."""
        root = logging.getLogger()
        self._before = root.level
        root.setLevel(self._log.lowest.number)
        root.addHandler(self)

    def detach(self) -> None:
        """Get no more."""
        root = logging.getLogger()
        root.removeHandler(self)
        root.setLevel(self._before)


# On the loop: the messages of a page keep their order.
@command
async def log(
    writer: State[Log],
    level: Level,
    message: str,
    location: str | None = None,
    file: str | None = None,
    line: int | None = None,
    key_values: dict[str, Any] | None = None,
) -> None:
    """Write a message of a page."""
    place = location or (None if file is None else file if line is None else f"{file}:{line}")
    writer.write(level, "webview" if place is None else f"webview:{place[:1000]}", message, key_values)


def init(
    *,
    level: Level = Level.TRACE,
    level_for: Mapping[str, Level] | None = None,
    targets: Sequence[Target] = (Target("stdout"), Target("log_dir")),
    max_file_size: int = 40_000,
    rotation: Rotation = "keep-one",
    local_time: bool = False,
    formatter: Callable[[Record], str] | None = None,
    python: bool = True,
) -> Plugin:
    """Return the plugin; `log:default` allows its command.

    Args:
        level: Records below it are dropped.
        level_for: The level for loggers or pages whose target begins with a name: `{"asyncio": Level.WARN}`.
        targets: Where records go.
        max_file_size: Bytes after which a file is full.
        rotation: What becomes of a full file: `keep-one` deletes it, `keep-all` keeps it under a name with the time.
        local_time: Whether times are those of the machine's zone; otherwise UTC.
        formatter: Makes the line of a record; `None` for Tauri's form.
        python: Whether Python's `logging` is written too. It then gets every record from `level` on.
    """
    handlers: list[_Handler] = []

    def setup(app: AppHandle, _: PluginApi) -> None:
        made = Log(
            targets,
            level=level,
            level_for=level_for or {},
            formatter=formatter,
            log_dir=app.path().app_log_dir(),
            file_name=re.sub(r"[/\\\0]", "-", app.package_info().name),
            max_file_size=max_file_size,
            rotation=rotation,
            local_time=local_time,
            emit=lambda payload: app.emit("log://log", payload),
        )
        app.manage(made)
        if python:
            handler = _Handler(made)
            handler.attach()
            handlers.append(handler)

    def drop(app: AppHandle) -> None:
        while handlers:
            handlers.pop().detach()
        made = app.try_state(Log)
        if made is not None:
            made.close()

    return (
        PluginBuilder("log")
        .setup(setup)
        .on_drop(drop)
        .invoke_handler(generate_handler(log))
        .permissions(default=("allow-log",))
        .build()
    )
