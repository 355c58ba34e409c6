"""The pictures of examples in `docs/images`: `python -m tests.docs.pictures [NAME ...]` takes them.

Each example runs in its real window, on a display with a window manager, or in a browser; a driver does what a user would do. It
needs what the tests of windows and browsers need: Xvfb, openbox, WebKitWebDriver, Selenium, Chromium, Playwright, and ImageMagick.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from tests.docs.tutorial import write_tutorial
from tests.examples.generations import build_generations
from tests.requirements import ROOT, needs_chromium
from transom.testing.browser import served
from transom.testing.window import driver

__all__ = ["PICTURES", "Picture", "take"]

IMAGES = ROOT / "docs" / "images"
_BACKGROUND = "#3d5b78"
_POLL = "const done = arguments[0]; const look = () => ({ready}) ? done(true) : setTimeout(look, 50); look();"


class Picture(NamedTuple):
    """A picture of an example.

    Attributes:
        name: The file without its ending.
        program: The program, from the root, or its text; empty for the tutorial's.
        size: Width and height of the display, in pixels.
        script: JavaScript that does what a user would do, in the first window.
        ready: An expression that is true when the picture can be taken.
        arguments: The program's, in which `{folder}` is a folder with two texts in `books`.
        windows: What each window does then, and where it is put, by its label and title.
        keys: What is then pressed, as xdotool names it.
        dark: Whether the picture is of a page in a browser whose user prefers dark colours.
    """

    name: str
    program: str
    size: tuple[int, int]
    script: str
    ready: str
    arguments: tuple[str, ...] = ()
    windows: Mapping[tuple[str, str], tuple[str, int, int]] = MappingProxyType({})
    keys: str | None = None
    dark: bool = False


# Where a program that is given as a text finds the examples.
_PATHS = tuple(ROOT / "examples" / name for name in ("atlas", "splash", "timer"))
_ATLAS = """
from pathlib import Path

from atlas.app import build, context

build(Path(sys.argv[1])).run(context())
"""
_TYPE = """
document.querySelector('#text').value = '{}';
document.querySelector('#text').dispatchEvent(new Event('input'));
"""
_SUBMIT = "document.querySelector('form').requestSubmit();"
_SAY = "return window.__TAURI__.core.invoke('say', {{ text: '{}' }});"
# Add here to take a picture of another example.
PICTURES = (
    Picture(
        "tutorial",
        "",
        (760, 540),
        """
        document.querySelector('#folder').value = '~/books';
        document.querySelector('#text').value = 'whale';
        document.querySelector('form').requestSubmit();
        """,
        "document.querySelector('#status').textContent.endsWith('lines')",
    ),
    Picture("frameless", "examples/frameless/frameless.py", (560, 360), "", "document.readyState === 'complete'"),
    Picture(
        "timer",
        """
import timer

begin = timer.setup
timer.setup = lambda app, **options: (begin(app, **options), timer.open_window(app))
timer.main()
""",
        (320, 240),
        "",
        "document.querySelector('#left').textContent === '4:58'",
        arguments=("5",),
    ),
    Picture(
        "atlas-webkitgtk",
        _ATLAS,
        (1280, 800),
        "",
        "document.body.innerText.includes('live')",
        arguments=("/usr/share/doc",),
    ),
    Picture(
        "atlas-web-dark",
        _ATLAS,
        (1280, 760),
        "",
        "document.body.innerText.includes('live')",
        arguments=("/usr/share/doc",),
        dark=True,
    ),
    Picture(
        "generations",
        "{generations}/generations.py",
        (1180, 380),
        "",
        "document.readyState === 'complete'",
        windows={
            ("zero", "tauri 0.15"): (_TYPE.format("hello from 0.15") + _SUBMIT, 20, 20),
            ("one", "@tauri-apps/api 1.6"): (_TYPE.format("hello from 1.6") + _SUBMIT, 400, 20),
            ("two", "@tauri-apps/api 2.12"): (
                _TYPE.format("hello from 2.12") + _SUBMIT + _TYPE.format("and another one"),
                780,
                20,
            ),
        },
    ),
    Picture(
        "editor",
        "examples/editor/editor.py",
        (680, 480),
        """
        const text = document.querySelector('#text');
        text.value = 'A text editor with a native menu.\\n\\nThe page is HTML; the menu bar is made in Python.\\n'
            + 'A window with text that is not saved asks before it closes.\\n';
        text.dispatchEvent(new Event('input'));
        """,
        "!document.querySelector('#text').readOnly",
        arguments=("{folder}/books/letters.txt",),
        keys="alt+f",
    ),
    Picture(
        "chat",
        "examples/chat/chat.py",
        (800, 470),
        "document.querySelector('#invite').click();",
        "document.querySelectorAll('#said li').length > 1",
        windows={
            ("guest-2", "Guest 2"): (_SAY.format("Hello! How did you make this window?"), 426, 16),
            ("guest-1", "Guest 1"): (_SAY.format("My page made it with WebviewWindow"), 16, 16),
        },
    ),
    Picture(
        "splash",
        """
import types

import splash

get_ready = splash.get_ready


def keep_both(app):
    # The splash screen stops at two thirds and stays beside the window that takes its place.
    def emit_to(label, event, payload):
        if event != "progress" or payload < 2 / 3:
            app.emit_to(label, event, payload)

    def webview_windows():
        return {"main": app.webview_windows()["main"]}

    get_ready(types.SimpleNamespace(emit_to=emit_to, state=app.state, webview_windows=webview_windows))


splash.get_ready = keep_both
splash.main()
""",
        (1060, 470),
        "",
        "document.readyState === 'complete'",
        windows={
            ("splash", "Words is starting"): ("", 20, 135),
            ("main", "Words"): ("document.querySelector('#start').focus();", 410, 15),
        },
    ),
)
_TEXTS = {
    "moby-dick.txt": "Call me Ishmael.\nA whale ship was my Yale College and my Harvard.\n",
    "letters.txt": "Have you seen the whale?\nThe whale, the whale!\n",
}


@contextmanager
def _desktop(width: int, height: int) -> Iterator[str]:
    with subprocess.Popen(
        ["Xvfb", "-displayfd", "1", "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp", "-noreset"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        assert server.stdout is not None
        display = f":{server.stdout.readline().strip()}"
        environment = {**os.environ, "DISPLAY": display}
        subprocess.run(["xsetroot", "-solid", _BACKGROUND], env=environment, check=True)
        with subprocess.Popen(["openbox"], env=environment, stderr=subprocess.DEVNULL) as manager:
            try:
                yield display
            finally:
                manager.terminate()
                server.terminate()


def take(picture: Picture, folder: Path) -> None:
    """Take a picture.

    Args:
        picture: Which one.
        folder: An empty folder, for what the application writes.
    """
    if picture.dark:
        _take_in_browser(picture, folder)
        return
    from selenium import webdriver
    from selenium.webdriver.common.options import ArgOptions

    warnings.filterwarnings("ignore", "setting remote_server_addr", DeprecationWarning)
    program = _program(picture, folder)
    arguments = [argument.replace("{folder}", str(folder)) for argument in picture.arguments]
    # What is not on the display is not drawn: windows that are moved have more room before.
    room = 200 if picture.windows else 0
    with _desktop(picture.size[0] + room, picture.size[1] + room) as display:
        environment = {"DISPLAY": display, "GDK_BACKEND": "x11", "HOME": str(folder), "WAYLAND_DISPLAY": ""}
        with driver(program, arguments, environment=environment) as server:
            options = ArgOptions()
            for name, value in server.capabilities.items():
                options.set_capability(name, value)
            window = webdriver.Remote(server.address, options=options)
            _act(picture, window, display)
            _shoot(picture, display)
            window.quit()


def _take_in_browser(picture: Picture, folder: Path) -> None:
    from playwright.sync_api import sync_playwright

    width, height = picture.size
    file = folder / "page.png"
    with served(_program(picture, folder), picture.arguments) as address, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=needs_chromium(), args=["--no-sandbox"])
        page = chromium.new_page(viewport={"width": width, "height": height}, color_scheme="dark")
        page.goto(address)
        # Not `wait_for_function`, which the policy of the page forbids.
        while not page.evaluate(picture.ready):
            page.wait_for_timeout(100)
        page.screenshot(path=file, animations="disabled")
        chromium.close()
    subprocess.run(["convert", file, "-colors", "128", "-strip", f"PNG8:{IMAGES / picture.name}.png"], check=True)


def _program(picture: Picture, folder: Path) -> Path:
    data = folder / "books"
    data.mkdir()
    for name, text in _TEXTS.items():
        (data / name).write_text(text, "utf-8")
    if not picture.program:
        write_tutorial(folder)
        return folder / "app.py"
    if "{generations}" in picture.program:
        return Path(picture.program.format(generations=build_generations(folder / "generations")))
    if picture.program.endswith(".py"):
        return ROOT / picture.program
    program = folder / "program.py"
    program.write_text(f"import sys\n\nsys.path[:0] = {[str(path) for path in _PATHS]}\n{picture.program}", "utf-8")
    return program


def _act(picture: Picture, window: Any, display: str) -> None:
    window.execute_script(picture.script)
    window.execute_async_script(_POLL.replace("{ready}", picture.ready))
    for (label, title), (script, x, y) in picture.windows.items():
        _switch(window, label)
        window.execute_script(script)
        _run(
            display,
            "xdotool",
            "search",
            "--sync",
            "--onlyvisible",
            "--name",
            f"^{title}$",
            "windowmove",
            str(x),
            str(y),
        )
    # What is true in the page is on the screen two frames later.
    window.execute_async_script(
        "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 300)));"
    )
    if picture.keys is not None:
        _run(display, "xdotool", "key", picture.keys)
        time.sleep(1)


def _shoot(picture: Picture, display: str) -> None:
    width, height = picture.size
    file = f"PNG8:{IMAGES / picture.name}.png"
    _run(display, "import", "-window", "root", "-crop", f"{width}x{height}+0+0", "-colors", "256", "-strip", file)


def _run(display: str, *command: str) -> None:
    subprocess.run(command, env={**os.environ, "DISPLAY": display}, check=True)


def _switch(driver: Any, label: str) -> None:
    for handle in driver.window_handles:
        driver.switch_to.window(handle)
        if driver.execute_script("return window.__TAURI_INTERNALS__.metadata.currentWindow.label") == label:
            return
    raise LookupError(f"no window has the label {label!r}")


def main(names: list[str]) -> None:
    """Take the pictures of these names, or all."""
    for picture in PICTURES:
        if not names or picture.name in names:
            with tempfile.TemporaryDirectory() as folder:
                take(picture, Path(folder))
            print(IMAGES / f"{picture.name}.png")  # noqa: T201 - a program


if __name__ == "__main__":
    main(sys.argv[1:])
