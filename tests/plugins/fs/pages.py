"""How the tests of files call the plugin, as the npm package does."""

from __future__ import annotations

import json
from itertools import count
from typing import Any
from urllib.parse import quote

import msgspec

from tests.plugins.plugin_app import rejection
from transom.handles import BaseDirectory
from transom.runtimes._mock import MockPage

__all__ = ["APP_DATA", "EVERYTHING", "base", "call", "refused", "send", "write"]

APP_DATA = int(BaseDirectory.APP_DATA)
NUMBERS = count(90_000)  # of calls: far above those that pages count themselves
EVERYTHING = ["fs:read-all", "fs:write-all", "fs:allow-size", "fs:scope-appdata-recursive"]


def call(page: MockPage, name: str, **args: Any) -> Any:
    return page.invoke(f"plugin:fs|{name}", args)


def write(page: MockPage, name: str, path: str, body: bytes, **options: Any) -> Any:
    """Call `write_file` or `write_text_file` as the npm package does: the content is the body."""
    headers = {"path": quote(path, safe=""), "options": json.dumps(options) if options else "undefined"}
    return page.answer(send(page, name, body, headers))


def send(page: MockPage, name: str, body: bytes, headers: dict[str, str]) -> int:
    number = next(NUMBERS)
    message = [0, number, f"plugin:fs|{name}", None, headers, [[[], "Uint8Array", 0, 0, len(body)]]]
    session: Any = page.session
    session.receive(msgspec.json.encode([message]).decode(), memoryview(body))
    return number


def refused(page: MockPage, name: str, **args: Any) -> str:
    text = rejection(page, f"plugin:fs|{name}", args)
    assert isinstance(text, str)
    return text


def base(**more: Any) -> dict[str, Any]:
    return {"baseDir": APP_DATA, **more}
