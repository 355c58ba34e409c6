"""`python board.py --check`: two people in two browsers, at two processes that share a Redis. Status 0 if all of it worked."""

from __future__ import annotations

import base64
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.request import urlopen

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from websockets.sync.client import connect

from transom import User, command

RESULTS = "BOARD_CHECK"
"""The environment variable of a folder for results; without it there is nothing of this in the application."""
SECONDS = 60.0
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")


@command
def checked(user: User, failures: list[str]) -> None:
    """Note what a page has found, and which process it talks to."""
    path = Path(os.environ[RESULTS]) / f"{user.name}.json"
    path.with_suffix(".part").write_text(json.dumps({"failures": failures, "process": os.getpid()}), "utf-8")
    path.with_suffix(".part").replace(path)


async def enter(request: Request) -> Response:
    """Log in without a form; see `board.login`."""
    from board import entered

    return entered(request.path_params["name"], RedirectResponse("/?check", 303))


ROUTE = Route("/check/{name}", enter)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _until(what: str, condition: Callable[[], bool]) -> None:
    end = time.monotonic() + SECONDS
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(what)
        time.sleep(0.05)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _program(*names: str) -> str:
    found = next(filter(None, map(shutil.which, (*names, *(f"/usr/sbin/{name}" for name in names)))), None)
    if found is None:
        sys.exit(f"the check needs {names[0]}; install it first")
    return found


@contextmanager
def _running(arguments: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(  # noqa: S603 - its own programs
        arguments, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _picture(profile: Path, path: Path) -> None:
    """Write what a browser shows to a file, by its DevTools."""
    port = (profile / "DevToolsActivePort").read_text("ascii").split()[0]
    with urlopen(f"http://127.0.0.1:{port}/json", timeout=10) as answer:
        page = next(target for target in json.load(answer) if target["type"] == "page")
    with connect(page["webSocketDebuggerUrl"], max_size=None) as devtools:
        devtools.send(json.dumps({"id": 1, "method": "Page.captureScreenshot"}))
        while (answer := json.loads(devtools.recv(10))).get("id") != 1:
            pass
    path.write_bytes(base64.b64decode(answer["result"]["data"]))


def main(pictures: Path | None) -> int:
    """Run the check.

    Args:
        pictures: A folder for pictures of both browsers; `None` for none.
    """
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home, ExitStack() as programs:
        folder = Path(home)
        redis = _free_port()
        options = ["--port", str(redis), "--bind", "127.0.0.1", "--save", "", "--dir", home]
        programs.enter_context(_running([_program("redis-server"), *options], dict(os.environ)))
        _until("redis-server did not start", lambda: _answers(redis))
        environment = {
            **os.environ,
            "TRANSOM_BUS": f"redis://127.0.0.1:{redis}",
            "TRANSOM_SECRET": "a secret of the check",
            "BOARD_KEY": "a key of the check",
            "BOARD_DATA": str(folder / "board.sqlite3"),
            RESULTS: home,
            "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *filter(None, [os.environ.get("PYTHONPATH")])]),
        }
        ports = [_free_port(), _free_port()]
        for port in ports:
            serve = [sys.executable, "-m", "transom.cli", "serve", "board:site", "--factory", "--port", str(port)]
            programs.enter_context(_running(serve, environment))
        browsers = {}
        for name, port in zip(("Ada", "Ben"), ports, strict=True):
            _until(f"the process of {name} did not start", lambda port=port: _answers(port))
            sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
            shown = ["--headless=new", "--remote-debugging-port=0", "--window-size=560,420", *sandbox]
            browser = [_program(*BROWSERS), *shown, f"--user-data-dir={folder / name}"]
            window = _running([*browser, f"http://127.0.0.1:{port}/check/{name}"], environment)
            browsers[name] = programs.enter_context(window)
        _until("the people did not meet", (folder / "Ben.json").exists)
        for name in browsers if pictures is not None else ():
            _picture(folder / name, pictures / f"{name.lower()}.png")
        browsers["Ben"].kill()  # Ada is told that Ben has left
        _until("Ada has found nothing", (folder / "Ada.json").exists)
        found = {name: json.loads((folder / f"{name}.json").read_text("utf-8")) for name in browsers}
    failures = [f"{name}: {failure}" for name, result in found.items() for failure in result["failures"]]
    if len({result["process"] for result in found.values()}) < 2:
        failures.append("both were at one process")
    print(*(failures or ["Ada and Ben have shared a board over two processes"]), sep="\n")
    return int(bool(failures))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else None))
