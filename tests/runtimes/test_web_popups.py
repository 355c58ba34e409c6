"""Windows with a size of their own, which a browser opens as pop-ups."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.runtimes.browser import browser
from tests.runtimes.served import served_runtime
from transom.config import WindowConfig
from transom.runtimes import CreateWindow, Runtime
from transom.runtimes.web.windows._window import WebWindow


def test_a_window_with_a_size_of_its_own_is_a_popup(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<!doctype html><title>t</title>", "utf-8")

    def start(runtime: Runtime) -> None:
        for options in (
            WindowConfig(label="main"),
            WindowConfig(label="small", width=420, height=310),
            WindowConfig(label="plain"),
        ):
            runtime.perform(CreateWindow(options))

    label = "window.__TAURI_INTERNALS__?.metadata.currentWindow.label"
    with served_runtime(tmp_path, start=start) as (_, address), browser() as found:
        tab = found.tab()
        tab.goto(address)
        others = [found.tab_number(1), found.tab_number(2)]
        for other in others:
            other.wait(f"['small', 'plain'].includes({label})")
        seen = {other.eval(label): other.eval("[innerWidth, innerHeight, menubar.visible]") for other in others}
    assert seen["small"] == [420, 310, False]
    assert seen["plain"][2] is True


@pytest.mark.parametrize(
    ("options", "features"),
    [
        (WindowConfig(), ""),
        (WindowConfig(title="t", resizable=False), ""),
        (WindowConfig(width=300.4), "popup,width=300,height=600"),
        (WindowConfig(x=-5, y=0), "popup,width=800,height=600,left=-5,top=0"),
    ],
)
def test_the_features_of_a_window(options: WindowConfig, features: str) -> None:
    assert WebWindow(options).features == features
