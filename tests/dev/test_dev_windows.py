"""`transom dev` with windows that stay while the back end is replaced."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.dev.test_dev import Dev, is_gone, write_config
from tests.requirements import needs_npm_package, needs_webkitgtk
from tests.server.engines import until

PROGRAM = """
import asyncio, os
from transom import AppHandle, Builder, Channel, WebviewWindowBuilder, command, generate_context, generate_handler
ANSWER = 1

@command
def answer() -> int:
    return ANSWER

@command
async def wait(channel: Channel[int]) -> None:
    channel.send(1)
    await asyncio.Event().wait()

@command
async def say(text: str) -> None:
    print(text, flush=True)

@command
def ring(app: AppHandle) -> None:
    app.emit("ring", ANSWER)

@command
def second(app: AppHandle) -> None:
    WebviewWindowBuilder(app, "second", "index.html").title("Second window").build()

@command
def die() -> None:
    os._exit(3)

def setup(app):
    print("setup", ANSWER, os.getpid(), flush=True)

handler = generate_handler(answer, wait, say, ring, second, die)
Builder().setup(setup).invoke_handler(handler).run(generate_context())
"""
# The page of each window says what it sees; `loaded` is made once, when its document is loaded.
PAGE = """<!doctype html><title>Page</title><body><script type="module">
  import { Channel, invoke } from './core.js';
  import { listen } from './event.js';
  const loaded = Math.random();
  const label = window.__TAURI_INTERNALS__.metadata.currentWindow.label;
  const say = (...words) => invoke('say', { text: [label, ...words].join(' ') });
  const pending = (channel) => invoke('wait', { channel }).catch(({ kind, message }) => (window.rejected = kind));
  addEventListener('transom:back', async () => {
    await say('rejected', window.rejected, window.channel);
    await say('kept', loaded, await invoke('answer'));
    await invoke('ring');
  });
  const stop = await listen('ring', async ({ payload }) => {
    await say('rang', payload, document.querySelector('#transom-overlay')?.textContent.includes('SyntaxError') ?? false);
    if (payload === 9) {
      await stop();
      await invoke('ring');
      await say('unheard');
    }
  });
  const channel = new Channel();
  channel.onmessage = (value) => (window.channel = value);
  pending(channel);
  await say('loaded', loaded, await invoke('answer'));
  if (label === 'main' && location.hash === '#two') await invoke('second');
</script></body>"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    needs_webkitgtk()
    package = needs_npm_package("tauri-api-2.12")
    folder = tmp_path / "project"
    (folder / "ui" / "external" / "tslib").mkdir(parents=True)
    (folder / "app.py").write_text(PROGRAM, "utf-8")
    (folder / "ui" / "index.html").write_text(PAGE, "utf-8")
    for name in ("core.js", "event.js", "external/tslib/tslib.es6.js"):
        (folder / "ui" / name).write_text((package / name).read_text("utf-8"), "utf-8")
    write_config(folder, frontendDist="ui")
    return folder


@pytest.fixture
def dev(project: Path, display: str) -> Iterator[Dev]:
    dev = Dev(project, runtime="webkitgtk", display=display)
    with dev.program:
        yield dev


def _words(dev: Dev) -> list[str]:
    return dev.program.line(60).split()


def windows_of(display: str, title: str) -> list[str]:
    """Return the numbers of the windows with a title."""
    command = ["xwininfo", "-display", display, "-root", "-tree"]
    tree = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30)
    return re.findall(rf'(0x[0-9a-f]+) "{title}"', tree.stdout)


def _loaded(dev: Dev) -> tuple[int, str]:
    """Wait for the page; return the back end's process and what the document is known by."""
    pid = int(_words(dev)[2])
    words = _words(dev)
    assert words[:2] == ["main", "loaded"]
    return pid, words[2]


def _changed(dev: Dev, number: int, loaded: str, kind: str = "backendReplaced") -> int:
    """Wait for new code and for what the page has to say of it; return the back end's process."""
    setup = _words(dev)
    assert setup[:2] == ["setup", str(number)]
    said = [_words(dev) for _ in range(3)]
    assert said == [
        ["main", "rejected", kind, "1"],
        ["main", "kept", loaded, str(number)],
        ["main", "rang", str(number), "false"],
    ]
    return int(setup[2])


def test_the_window_and_its_page_stay_while_the_code_changes(dev: Dev, display: str) -> None:
    first, loaded = _loaded(dev)
    windows = windows_of(display, "Dev window")
    assert len(windows) == 1
    for number in (2, 3):
        dev.change(f"ANSWER = {number - 1}", f"ANSWER = {number}")
        second = _changed(dev, number, loaded)
        assert is_gone(first)
        first = second
    assert windows_of(display, "Dev window") == windows
    # The function that `listen` returned before the changes ends the listener after them.
    dev.change("ANSWER = 3", "ANSWER = 9")
    _changed(dev, 9, loaded)
    assert _words(dev) == ["main", "unheard"]


def test_code_that_fails_shows_its_traceback_in_the_window_until_it_is_mended(dev: Dev) -> None:
    first, loaded = _loaded(dev)
    dev.change("ANSWER = 1", "ANSWER = (")
    dev.said("the back end before it goes on")
    dev.change("const channel = new", "await invoke('ring'); const channel = new", dev.page)
    words = [_words(dev) for _ in range(2)]  # the page was loaded again, by the back end that is still there
    assert ["main", "rang", "1", "true"] in words
    loaded = next(words[2] for words in words if words[1] == "loaded")
    assert not is_gone(first)
    dev.change("ANSWER = (", "ANSWER = 2")
    _changed(dev, 2, loaded)


def test_a_back_end_that_dies_leaves_its_window_for_the_next_one(dev: Dev, display: str) -> None:
    first, loaded = _loaded(dev)
    windows = windows_of(display, "Dev window")
    os.kill(first, 9)
    dev.said("exit status -9; it starts again when a file is saved")
    assert windows_of(display, "Dev window") == windows
    dev.change("ANSWER = 1", "ANSWER = 2")
    _changed(dev, 2, loaded, "backendGone")
    dev.change('print("setup"', 'raise ValueError("setup"); print("setup"')
    dev.said("ValueError: setup")
    assert windows_of(display, "Dev window") == windows
    dev.change('raise ValueError("setup"); ', "")
    assert _words(dev)[:2] == ["setup", "2"]


def test_windows_that_commands_have_made_stay(dev: Dev, display: str) -> None:
    _, loaded = _loaded(dev)
    dev.change("ANSWER = 1", "ANSWER = 2", dev.file)
    _changed(dev, 2, loaded)
    dev.change("if (payload === 9)", "if (payload === 3) await invoke('second'); if (payload === 9)", dev.page)
    loaded = _words(dev)[2]
    dev.change("ANSWER = 2", "ANSWER = 3")
    _changed(dev, 3, loaded)
    assert _words(dev)[:2] == ["second", "loaded"]
    windows = windows_of(display, "Second window")
    assert len(windows) == 1
    dev.change("ANSWER = 3", "ANSWER = 4")
    assert _words(dev)[:2] == ["setup", "4"]
    said = {tuple(_words(dev)[:2]) for _ in range(8)}
    assert {("second", "kept"), ("second", "rang"), ("main", "kept"), ("main", "rang")} <= said
    assert windows_of(display, "Second window") == windows


def test_a_changed_title_is_set_and_other_changed_options_make_the_window_anew(dev: Dev, display: str) -> None:
    _, loaded = _loaded(dev)
    windows = windows_of(display, "Dev window")
    config = dev.project / "tauri.conf.json"
    dev.change("Dev window", "Other title", config)
    _changed(dev, 1, loaded)
    assert windows_of(display, "Other title") == windows
    dev.change('"Other title"', '"Other title", "width": 321', config)
    assert _words(dev)[0] == "setup"
    assert _words(dev)[:2] == ["main", "loaded"]
    assert windows_of(display, "Other title") != windows


def test_an_application_that_closes_its_last_window_ends_the_loop(dev: Dev, display: str) -> None:
    first, _ = _loaded(dev)
    dev.change(
        "if (payload === 9)", "if (payload === 1) await invoke('plugin:window|close'); if (payload === 9)", dev.page
    )
    _words(dev)
    dev.change("await say('loaded'", "await invoke('ring'); await say('loaded'", dev.page)
    assert dev.program.status() == 0
    assert is_gone(first)
    assert windows_of(display, "Dev window") == []


def test_with_restart_each_back_end_has_windows_of_its_own(project: Path, display: str) -> None:
    dev = Dev(project, "--restart", runtime="webkitgtk", display=display)
    with dev.program:
        _, loaded = _loaded(dev)
        dev.change("ANSWER = 1", "ANSWER = 2")
        assert _words(dev)[:2] == ["setup", "2"]
        said = _words(dev)
        assert said[:2] == ["main", "loaded"]
        assert said[2] != loaded


def test_without_a_display_the_reason_is_told_and_the_next_start_asks_again(project: Path) -> None:
    dev = Dev(project, runtime="webkitgtk", display=":999")
    with dev.program:
        for answer in (1, 2):
            dev.said("the webkitgtk runtime needs a display, and none answers")
            dev.said("it starts again when a file is saved")
            assert "the connection between the back end and its windows has ended" not in "".join(dev.program.errors)
            dev.program.errors.clear()
            dev.change(f"ANSWER = {answer}", f"ANSWER = {answer + 1}")
        dev.said("the webkitgtk runtime needs a display, and none answers")


DIALOGS = """
import threading
from transom import AppHandle, Builder, command, generate_context, generate_handler
ANSWER = 1

@command
def cancelled(app: AppHandle) -> None:
    dialog = app.get_window("main").show_message("Hello", title="First")
    print("open", flush=True)
    input()
    print("cancelled", dialog.cancel(), flush=True)

@command
def left(app: AppHandle) -> None:
    app.get_window("main").choose_files("open", title="Second")
    print("open", flush=True)

Builder().invoke_handler(generate_handler(cancelled, left)).run(generate_context())
"""


def _gone(display: str, title: str) -> None:
    """Wait until no window has the title."""
    until(lambda: not windows_of(display, title))


def test_dialogs_open_and_close_with_the_call_and_with_the_back_end(project: Path, display: str) -> None:
    (project / "app.py").write_text(DIALOGS, "utf-8")
    page = "import { invoke } from './core.js'; await invoke('cancelled'); await invoke('left');"
    (project / "ui" / "index.html").write_text(f"<!doctype html><script type=module>{page}</script>", "utf-8")
    dev = Dev(project, runtime="webkitgtk", display=display)
    with dev.program:
        assert dev.program.line(60).strip() == "open"
        assert windows_of(display, "First")
        dev.program.process.stdin.write("\n")
        dev.program.process.stdin.flush()
        assert dev.program.line().strip() == "cancelled True"
        _gone(display, "First")
        assert dev.program.line().strip() == "open"
        assert windows_of(display, "Second")
        dev.change("ANSWER = 1", "ANSWER = 2")
        dev.said("the back end runs the new code")
        _gone(display, "Second")
