from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.runtimes.browser import browser
from tests.runtimes.served import served_runtime
from transom.config import WindowConfig
from transom.runtimes import (
    ClearBrowsingData,
    CreateWindow,
    EvaluateScript,
    FocusWebview,
    Image,
    NavigateWebview,
    PrintWebview,
    ReloadPage,
    Runtime,
    SetFullscreen,
    SetIcon,
    SetPosition,
    SetSize,
    SetWebviewBackground,
    SetWebviewZoom,
)
from transom.runtimes.web.state import PAGE_SCRIPTS, TAB_SCRIPTS, in_the_page
from transom.runtimes.web.windows import UNSUPPORTED
from transom.values import LogicalSize, PhysicalPosition, Position


@pytest.mark.parametrize(
    ("op", "script"),
    [
        (NavigateWebview("main", 'https://example.com/"</script>'), 'location.assign("https://example.com/\\"\\u003C/script>");'),
        (PrintWebview("main"), "window.print();"),
        (SetWebviewZoom("main", 1.5), "document.documentElement.style.zoom = 1.5;"),
        (FocusWebview("main"), "window.focus();"),
        (SetSize("main", LogicalSize(300, 200)), "resizeTo(300 / 1 + outerWidth - innerWidth, 200 / 1 + outerHeight - innerHeight);"),
        (SetPosition("main", Position(physical=PhysicalPosition(-4, 8))), "moveTo(-4 / devicePixelRatio, 8 / devicePixelRatio);"),
        (SetWebviewBackground("main", (1, 2, 3, 255)), "document.documentElement.style.backgroundColor = 'rgb(1 2 3 / 1.0000)';"),
        (SetWebviewBackground("main", None), "document.documentElement.style.backgroundColor = '';"),
    ],
)  # fmt: skip
def test_what_a_page_can_do_by_itself_is_a_script(op: Any, script: str) -> None:
    made = in_the_page(op)
    assert isinstance(made, EvaluateScript)
    assert made.label == "main"
    assert made.script.lower() == script.lower()


def test_other_operations_stay_as_they_are() -> None:
    assert in_the_page(ReloadPage("main")) == ReloadPage("main")
    assert not TAB_SCRIPTS.keys() & UNSUPPORTED.keys()
    assert in_the_page(SetIcon("main", Image(bytes(4), 1, 1))) == SetIcon("main", Image(bytes(4), 1, 1))


def test_a_tab_has_an_icon_and_forgets_what_its_page_stored(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<!doctype html><title>t</title>", "utf-8")
    runtimes: list[Runtime] = []

    def start(runtime: Runtime) -> None:
        runtimes.append(runtime)
        runtime.perform(CreateWindow(WindowConfig(label="main")))

    label = "window.__TAURI_INTERNALS__?.metadata.currentWindow.label"
    stored = "[localStorage.length, sessionStorage.length, document.cookie, (await indexedDB.databases()).length, (await caches.keys()).length]"
    with served_runtime(tmp_path, start=start, csp=None) as (_, address), browser() as found:
        tab = found.tab()
        tab.goto(address)
        tab.wait(f"{label} === 'main'")
        (runtime,) = runtimes
        tab.eval(
            "localStorage.a = 1; sessionStorage.b = 2; document.cookie = 'c=3'; globalThis.left = 0;"
            "const asked = indexedDB.open('d'); asked.onsuccess = () => (asked.result.close(), caches.open('e').then(() => (globalThis.made = true))); 1"
        )
        tab.wait("globalThis.made")
        check = f"(async () => (globalThis.stored = JSON.stringify({stored})))(), globalThis.stored"
        tab.wait(f"({check}) === '[1,2,\"c=3\",1,1]'")
        runtime.perform(ClearBrowsingData("main"))
        runtime.perform(SetIcon("main", Image(bytes((255, 0, 0, 255)) * 4, 2, 2)))
        tab.wait(f"({check}) === '[0,1,\"\",0,0]'")
        tab.wait("document.querySelector('link[rel=icon]') !== null")
        tab.eval(
            "const drawn = new Image(); drawn.onload = () => (globalThis.size = [drawn.width, drawn.height]); drawn.src = document.querySelector('link[rel=icon]').href; 1"
        )
        tab.wait("globalThis.size?.join() === '2,2'")
        tab.eval("location.reload(); 1")
        tab.wait(f"{label} === 'main' && !globalThis.size")


def test_a_page_that_does_not_fill_the_screen_is_not_asked_to_leave_it() -> None:
    left = PAGE_SCRIPTS[SetFullscreen](SetFullscreen("main", False))
    entered = PAGE_SCRIPTS[SetFullscreen](SetFullscreen("main", True))
    assert left.startswith("if (document.fullscreenElement) document.exitFullscreen()")  # else it rejects, and warns
    assert entered.startswith("document.documentElement.requestFullscreen()")
