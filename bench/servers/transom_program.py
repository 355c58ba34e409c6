"""The benchmark's application of transom: `transom serve bench.servers.transom_program:builder`."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from typing import Any

from transom import AppHandle, Builder, User, command, generate_handler

__all__ = ["builder"]


class Kept:
    """A resource of a session."""

    def close(self) -> None:
        """Nothing is to be closed."""


@command
async def echo(text: str) -> str:
    return text


@command
async def tell(app: AppHandle, user: str, text: str) -> None:
    app.emit_to(None, "told", text, user=user)


@command
async def shout(app: AppHandle, text: str) -> None:
    app.broadcast("told", text)


@command
async def use(app: AppHandle) -> int:
    """Use what a session has: a group, a resource, a listener, a task."""
    app.join("all")
    app.listen("told", lambda _event: None)
    return app.resources_table().add(Kept())


@command
async def leave(app: AppHandle) -> None:
    app.exit()


@command
def figures() -> dict[str, Any]:
    """Return the process, its memory in kB, and how many blocks of memory Python holds."""
    gc.unfreeze()  # the application keeps what is left after long runs apart, for a minute or more
    gc.collect()
    gc.unfreeze()
    memory = Path("/proc/self/statm").read_text("ascii").split()
    cores = sum(type(each).__name__ == "SessionCore" for each in gc.get_objects())
    size = int(memory[1]) * os.sysconf("SC_PAGE_SIZE") // 1024
    return {"pid": os.getpid(), "kB": size, "blocks": sys.getallocatedblocks(), "sessions": cores}


def authenticate(connection: Any) -> User | None:
    """Return the user that the cookie names: this is a benchmark."""
    who = connection.cookies.get("who")
    return User(who) if who else None


async def _authenticate(connection: Any) -> User | None:
    return authenticate(connection)


builder = (
    Builder()
    .web(reconnect_seconds=1)
    .server(authenticate=_authenticate, max_sessions=100_000, max_user_sessions=100_000, idle_seconds=1)
    .invoke_handler(generate_handler(echo, tell, shout, use, leave, figures))
)
