from __future__ import annotations

import threading
from typing import Any

from tests.mock_app import SOON, running
from transom.app import Builder
from transom.core import PageLoadPayload, PluginBuilder
from transom.handles import Webview


def test_every_hook_hears_of_every_load_in_order_whatever_others_raise() -> None:
    seen: list[Any] = []
    all_seen = threading.Semaphore(0)

    def note(who: str, webview: Webview, payload: PageLoadPayload) -> None:
        assert type(webview) is Webview
        seen.append((who, webview.label, *payload))
        all_seen.release()

    def fails(webview: Webview, payload: PageLoadPayload) -> None:
        raise ValueError("a hook")

    async def later(webview: Webview, payload: PageLoadPayload) -> None:
        note("later", webview, payload)

    builder = (
        Builder()
        .plugin(PluginBuilder("first").on_page_load(lambda *load: note("plugin", *load)).build())
        .plugin(PluginBuilder("second").on_page_load(fails).build())
        .on_page_load(later)
    )
    with running(builder=builder, windows=()) as application:
        application.core.page_load("a", "started", "tauri://localhost/")
        application.core.page_load("a", "finished", "tauri://localhost/")
        application.core.page_load("b", "started", "tauri://localhost/b")
        for _ in range(6):
            assert all_seen.acquire(timeout=SOON)
    assert seen == [
        (who, label, event, f"tauri://localhost/{path}")
        for label, event, path in (("a", "started", ""), ("a", "finished", ""), ("b", "started", "b"))
        for who in ("plugin", "later")
    ]


def test_the_builder_hears_of_the_pages_of_its_windows() -> None:
    seen: list[str] = []
    finished = threading.Event()

    def hook(webview: Webview, payload: PageLoadPayload) -> None:
        seen.append(payload.event)
        if payload.event == "finished":
            finished.set()

    with running(builder=Builder().on_page_load(hook)):
        assert finished.wait(SOON)
    assert seen == ["started", "finished"]
