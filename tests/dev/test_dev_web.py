"""`transom dev` with pages in a browser."""

from __future__ import annotations

from pathlib import Path

from tests.dev.test_dev import Dev, is_gone, write_config
from tests.runtimes.browser import browser

PROGRAM = """
import os
from transom import Builder, command, generate_context, generate_handler

@command
def answer() -> list[int]:
    return [1, os.getpid()]

Builder().invoke_handler(generate_handler(answer)).run(generate_context())
"""
PAGE = """<!doctype html><title>Page</title><script>
  const ask = () => window.__TAURI_INTERNALS__.invoke('answer').then((value) => (window.value = value), () => setTimeout(ask, 20));
  ask();
</script>"""
OVERLAY = "document.querySelector('#transom-overlay')?.textContent ?? ''"


def _project(folder: Path) -> Path:
    folder.mkdir()
    (folder / "app.py").write_text(PROGRAM, "utf-8")
    (folder / "ui").mkdir()
    (folder / "ui" / "index.html").write_text(PAGE, "utf-8")
    write_config(folder, frontendDist="ui")
    return folder


def test_a_page_gets_new_code_new_files_and_the_traceback_of_code_that_fails(tmp_path: Path) -> None:
    dev = Dev(_project(tmp_path / "project"), runtime="web")
    with dev.program, browser() as chromium:
        tab = chromium.tab()
        tab.goto(dev.program.address())
        tab.wait("window.value?.[0] === 1")
        first = tab.eval("window.value[1]")
        dev.change("[1,", "[2,")
        tab.wait("window.value?.[0] === 2")
        assert is_gone(first)
        dev.change("[2,", "[(,")
        tab.wait(f"({OVERLAY}).includes('SyntaxError')")
        assert f'File "{dev.file}", line 7' in tab.eval(OVERLAY)
        tab.eval("void window.__TAURI_INTERNALS__.invoke('answer').then((value) => (window.still = value))")
        tab.wait("window.still?.[0] === 2")
        dev.change("[(,", "[3,")
        tab.wait("window.value?.[0] === 3")
        assert tab.eval(OVERLAY) == ""
        third = tab.eval("window.value[1]")
        dev.change("<script>", "<script> window.fresh = true;", dev.project / "ui" / "index.html")
        tab.wait("window.fresh === true")
        assert not is_gone(third)
