"""Guest packages of Tauri's plugins, unmodified, in Node.js against an application on the web runtime in this process."""

from __future__ import annotations

import asyncio
import json
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from tests.mock_app import context
from tests.requirements import NODE_MODULES, needs_node, needs_npm_package
from tests.runtimes.served import served
from transom.app import Builder
from transom.core import Plugin
from transom.handles import AppHandle
from transom.ipc import CapabilityBuilder

__all__ = ["GuestError", "Guests", "guests"]


class GuestError(Exception):
    """What a promise of a guest package rejected with.

    Attributes:
        value: The value.
    """

    def __init__(self, value: Any) -> None:
        super().__init__(value)
        self.value = value


class Guests:
    """A page with the guest packages, and its application."""

    def __init__(self, app: AppHandle, page: subprocess.Popen[str]) -> None:
        self.app = app
        self.page = page

    def run(self, package: str, script: str) -> Any:
        """Run the body of an async function with a package's exports as `plugin`; return its result.

        Raises:
            GuestError: It threw, or a promise in it rejected.
        """
        assert self.page.stdin is not None
        assert self.page.stdout is not None
        body = f"const plugin = await load({json.dumps(package)});\n{script}"
        self.page.stdin.write(json.dumps(body) + "\n")
        self.page.stdin.flush()
        line = self.page.stdout.readline()
        assert line, "the page ended"
        answer = json.loads(line)
        if "error" in answer:
            raise GuestError(answer["error"])
        return answer["ok"]

    def fails(self, package: str, script: str) -> Any:
        """Run a script that has to reject, and return with what."""
        try:
            result = self.run(package, script)
        except GuestError as error:
            return error.value
        raise AssertionError(f"it did not reject but gave {result!r}")


def _closing_all(asgi: Any) -> Any:
    """Return an ASGI application that gives what was closed at its end the turns of the loop that closing takes."""

    async def application(scope: Any, receive: Any, send: Any) -> None:
        async def send_after(message: Any) -> None:
            if message["type"] == "lifespan.shutdown.complete":
                for _ in range(50):
                    await asyncio.sleep(0)
            await send(message)

        await asgi(scope, receive, send_after if scope["type"] == "lifespan" else send)

    return application


@contextmanager
def guests(
    folder: Path,
    *plugins: Plugin,
    permissions: Sequence[str | tuple[str, Any, Any]] = (),
    packages: Sequence[str] = (),
    setup: Callable[[AppHandle], object] = lambda app: None,
    **config: Any,
) -> Iterator[Guests]:
    """Run an application with plugins and a page that can call them.

    Args:
        folder: Where the front end is written.
        *plugins: The plugins.
        permissions: Identifiers that the page has; a tuple has scopes: identifier, allow, deny.
        packages: npm packages that have to be installed.
        setup: Called when the application starts.
        **config: Fields of the configuration.
    """
    node = needs_node()
    for package in ("ws", *packages):
        needs_npm_package(package)
    (folder / "index.html").write_text("<!doctype html><title>guests</title><body></body>", "utf-8")

    def ready(app: AppHandle) -> None:
        capability = CapabilityBuilder("guests").window("*")
        for permission in permissions:
            if isinstance(permission, str):
                capability.permission(permission)
            else:
                capability.permission_scoped(*permission)
        app.add_capability(capability)
        setup(app)

    builder = Builder().web(token="t").setup(ready)
    for plugin in plugins:
        builder.plugin(plugin)
    made = context("main", **config)
    app = builder.build(
        msgspec.structs.replace(made, config=msgspec.structs.replace(made.config, folder=folder)), "web"
    )
    with served(_closing_all(app.asgi())) as base:
        page = subprocess.Popen(
            [node, NODE_MODULES.parent / "guest_page.mjs", f"{base}/?token=t"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            yield Guests(app.handle(), page)
        finally:
            assert page.stdin is not None
            assert page.stdout is not None
            page.stdin.close()
            try:
                page.wait(10)
            finally:
                page.kill()
                page.wait()
                page.stdout.close()
