"""What blocks in workers while the web runtime serves."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

from tests.conformance.application import write_project
from tests.conformance.raw_page import RawPage
from tests.mock_app import SOON
from tests.runtimes.served import served
from transom import (
    AppHandle,
    Builder,
    UriSchemeContext,
    UriSchemeRequest,
    UriSchemeResponse,
    WebviewWindowBuilder,
    command,
    generate_context,
    generate_handler,
)
from transom.threads import MAX_WORKERS


def test_what_blocks_on_every_thread_of_the_server_stops_no_files_and_no_other_window(tmp_path: Path) -> None:
    go = threading.Event()
    write_project(tmp_path)
    (tmp_path / "dist").mkdir(exist_ok=True)
    (tmp_path / "dist" / "index.html").write_text("<!doctype html>", "utf-8")
    (tmp_path / "dist" / "app.js").write_text("1", "utf-8")
    context = generate_context(tmp_path)
    begun = SimpleQueue[None]()

    @command
    async def block(app: AppHandle) -> None:
        async def wait() -> None:
            await asyncio.to_thread(lambda: (begun.put(None), go.wait(SOON)))

        tasks = [app.spawn(wait()) for _ in range(2 * MAX_WORKERS)]
        del tasks

    def scheme(context: UriSchemeContext[AppHandle], request: UriSchemeRequest) -> UriSchemeResponse:
        if "slow" in request.uri:
            begun.put(None)
            go.wait(SOON)
        return UriSchemeResponse(b"answered")

    def second(app: AppHandle) -> None:
        WebviewWindowBuilder(app, "other").build()

    asgi = (
        Builder()
        .invoke_handler(generate_handler(block))
        .register_uri_scheme_protocol("pic", scheme)
        .setup(second)
        .web(token="t")
        .build(context)
        .asgi()
    )
    with served(asgi) as base, RawPage(f"{base}/?token=t") as page, ThreadPoolExecutor(MAX_WORKERS) as asking:
        try:
            page.invoke("block", {})
            begun.get(timeout=SOON)
            slow = [asking.submit(page.get, "/.transom/pic/main/slow") for _ in range(MAX_WORKERS)]
            for _ in slow:
                begun.get(timeout=SOON)
            assert page.get("app.js").text == "1"
            assert page.get("/").status == 200
            assert page.get("/.transom/pic/other/x").text == "answered"
        finally:
            go.set()
        assert {answer.result().text for answer in slow} == {"answered"}
