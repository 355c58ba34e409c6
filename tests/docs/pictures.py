"""The pictures of examples in `docs/images`: `python -m tests.docs.pictures [NAME ...]` takes them.

Each example runs in its real window, on a display with a window manager; a driver does what a user would do. It needs what the
tests of windows need: Xvfb, openbox, WebKitWebDriver, Selenium, and ImageMagick.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.docs.tutorial import write_tutorial
from tests.requirements import ROOT
from transom.testing.window import driver

__all__ = ["PICTURES", "Picture", "take"]

IMAGES = ROOT / "docs" / "images"
_BACKGROUND = "#3d5b78"
_POLL = "const done = arguments[0]; const look = () => ({ready}) ? done(true) : setTimeout(look, 50); look();"


class Picture(NamedTuple):
    """A picture of an example.

    Attributes:
        name: The file without its ending.
        program: The program, from the root; empty for the tutorial's.
        size: Width and height of the display, in pixels.
        script: JavaScript that does what a user would do, in the first window.
        ready: An expression that is true when the picture can be taken.
    """

    name: str
    program: str
    size: tuple[int, int]
    script: str
    ready: str


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
            yield display
            manager.terminate()
        server.terminate()


def take(picture: Picture, folder: Path) -> None:
    """Take a picture.

    Args:
        picture: Which one.
        folder: An empty folder, for what the application writes.
    """
    from selenium import webdriver
    from selenium.webdriver.common.options import ArgOptions

    warnings.filterwarnings("ignore", "setting remote_server_addr", DeprecationWarning)
    data = folder / "books"
    data.mkdir()
    for name, text in _TEXTS.items():
        (data / name).write_text(text, "utf-8")
    program = ROOT / picture.program
    if not picture.program:
        write_tutorial(folder)
        program = folder / "app.py"
    with _desktop(*picture.size) as display:
        environment = {
            "DISPLAY": display,
            "GDK_BACKEND": "x11",
            "HOME": str(folder),
            "WAYLAND_DISPLAY": "",
        }
        with driver(program, environment=environment) as server:
            options = ArgOptions()
            for name, value in server.capabilities.items():
                options.set_capability(name, value)
            window = webdriver.Remote(server.address, options=options)
            window.execute_script(picture.script)
            window.execute_async_script(_POLL.replace("{ready}", picture.ready))
            # What is true in the page is on the screen two frames later.
            window.execute_async_script(
                "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 300)));"
            )
            file = IMAGES / f"{picture.name}.png"
            command = ["import", "-window", "root", "-colors", "256", "-strip", f"PNG8:{file}"]
            subprocess.run(command, env={**os.environ, "DISPLAY": display}, check=True)
            window.quit()


def main(names: list[str]) -> None:
    """Take the pictures of these names, or all."""
    for picture in PICTURES:
        if not names or picture.name in names:
            with tempfile.TemporaryDirectory() as folder:
                take(picture, Path(folder))
            print(IMAGES / f"{picture.name}.png")  # noqa: T201 - a program


if __name__ == "__main__":
    main(sys.argv[1:])
