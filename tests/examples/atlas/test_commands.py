"""The commands, called as the library calls them, with an application and channels that only remember."""

import asyncio
import os
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar

import pytest
from msgspec import to_builtins

from atlas import commands
from atlas._index import Index
from atlas._messages import DuplicatesFound, DuplicatesSummary, Finished, Partial, Progress, ScanEvent, Started
from atlas._settings import Settings
from tests.requirements import needs_names_outside_utf8
from transom import AppHandle, Channel, CommandError, EventTarget, WebviewWindow

T = TypeVar("T")


class App(AppHandle):
    """Remembers what is emitted and ends what is spawned."""

    def __init__(self, *windows: str) -> None:
        self.labels = windows
        self.emitted: list[tuple[EventTarget | str, str, Any]] = []
        self.spawned: list[str] = []

    def spawn(self, coroutine: Coroutine[Any, Any, T]) -> Future[T]:
        self.spawned.append(coroutine.__name__)
        coroutine.close()
        return Future()

    def emit_to(self, target: EventTarget | str, event: str, payload: Any = None) -> None:
        self.emitted.append((target, event, payload))

    def get_webview_window(self, label: str) -> WebviewWindow | None:
        return object.__new__(WebviewWindow) if label in self.labels else None


class Stream(Channel[Any]):
    """A channel that keeps its messages, and may do something on one of them."""

    def __init__(self, react: Callable[[Any], None] = lambda message: None) -> None:
        self.messages: list[Any] = []
        self.react = react

    async def send_async(self, message: Any) -> None:
        self.messages.append(message)
        self.react(message)


def scan(index: Index, folder: Path, stream: Stream | None = None, settings: Settings | None = None) -> Any:
    return commands.scan(App(), index, settings or Settings(), str(folder), stream or Stream())


def scanned(folder: Path) -> tuple[Index, int]:
    index = Index(folder)
    return index, asyncio.run(scan(index, folder)).scan_id


def node(index: Index, scan_id: int, path: Path) -> int:
    entry, exact = index.get(scan_id).tree.find(str(path))
    assert exact
    return entry.id


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.txt").write_text("same text")
    (tmp_path / "b.txt").write_text("same text")
    (tmp_path / "c.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    return tmp_path


def test_a_scan_streams_its_beginning_its_way_and_its_end(folder: Path) -> None:
    stream = Stream()
    info = asyncio.run(scan(Index(folder), folder, stream))
    kinds: list[type[ScanEvent]] = [type(message) for message in stream.messages]
    assert kinds[0] is Started
    assert kinds[-1] is Finished
    assert set(kinds[1:-1]) == {Progress, Partial}
    assert (info.state, info.files, info.folders) == ("finished", 3, 1)
    assert stream.messages[-1].view.tree.size == info.size


def test_messages_of_a_scan_are_told_apart_by_their_type(folder: Path) -> None:
    stream = Stream()
    asyncio.run(scan(Index(folder), folder, stream))
    first = to_builtins(stream.messages[0])
    assert first["type"] == "started"
    assert first["scan"]["scanId"] == 1


def test_a_cancelled_scan_ends_and_keeps_what_it_found(tmp_path: Path) -> None:
    for number in range(50):
        (tmp_path / str(number)).mkdir()
        (tmp_path / str(number) / "file").touch()
    index = Index(tmp_path)

    async def cancel() -> None:
        progressed = asyncio.Event()
        stream = Stream(lambda message: progressed.set() if isinstance(message, Partial) else None)
        task = asyncio.create_task(scan(index, tmp_path, stream, Settings(work=0.0, rest=0.001)))
        await progressed.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancel())
    (item,) = index.scans()
    assert item.info().state == "cancelled"
    assert item.info().folders == 50
    assert item.info().files < 50


def test_two_scans_run_at_once(folder: Path) -> None:
    index = Index(folder)

    async def both() -> list[Any]:
        return await asyncio.gather(scan(index, folder), scan(index, folder / "sub"))

    whole, part = asyncio.run(both())
    assert (whole.files, part.files) == (3, 1)
    assert whole.scan_id != part.scan_id


def test_closing_a_scan_that_runs_ends_it(folder: Path) -> None:
    index = Index(folder)
    stream = Stream(lambda message: commands.drop(index, 1) if isinstance(message, Progress) else None)
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(scan(index, folder, stream))
    assert index.scans() == []


def test_a_finished_scan_is_watched(folder: Path) -> None:
    app = App()
    asyncio.run(commands.scan(app, Index(folder), Settings(), str(folder), Stream()))
    assert app.spawned == ["watch_until_closed"]


@pytest.mark.parametrize(("name", "reason"), [("missing", "it no longer exists"), ("b.txt", "not a directory")])
def test_what_is_not_a_folder_is_a_typed_error(folder: Path, name: str, reason: str) -> None:
    with pytest.raises(CommandError) as caught:
        asyncio.run(scan(Index(folder), folder / name))
    assert caught.value.value == {"kind": "notAFolder", "folder": str(folder / name), "reason": reason}


def test_the_folder_that_was_offered_may_be_one_that_text_cannot_spell(tmp_path: Path) -> None:
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9"))
    needs_names_outside_utf8(tmp_path)
    odd.mkdir()
    index, settings = Index(tmp_path), Settings(folder=odd)
    mode = commands.mode(index, settings)
    assert mode.folder.endswith("caf\\xe9")
    assert mode.auto
    info = asyncio.run(scan(index, Path(mode.folder), settings=settings))
    assert index.get(info.scan_id).tree.root.name == str(odd)


def test_a_page_that_comes_back_learns_of_the_scans(folder: Path) -> None:
    index, scan_id = scanned(folder)
    assert [info.scan_id for info in commands.mode(index, Settings()).scans] == [scan_id]
    assert commands.scans(index)[0].state == "finished"


def test_a_folder_is_shown_and_its_largest_files_are_listed(folder: Path) -> None:
    index, scan_id = scanned(folder)
    view = commands.tree(index, scan_id, node(index, scan_id, folder / "sub"), 3)
    assert [piece.name for piece in view.tree.children] == ["a.txt"]
    rows = commands.largest(index, scan_id, 0, 10, "name", False)
    assert [row.name for row in rows] == ["a.txt", "b.txt", "c.png"]
    assert commands.problems(index, scan_id) == []


def test_duplicates_stream_as_they_are_found(folder: Path) -> None:
    index, scan_id = scanned(folder)
    stream = Stream()
    summary = asyncio.run(commands.duplicates(index, scan_id, 0, stream))
    assert summary == DuplicatesSummary(groups=1, copies=1, wasted=9, unreadable=0)
    groups = [group for message in stream.messages if isinstance(message, DuplicatesFound) for group in message.groups]
    assert [sorted(file.name for file in group.files) for group in groups] == [["a.txt", "b.txt"]]
    assert stream.messages[-1] == summary


def test_the_window_of_details_is_told_what_is_selected_only_when_it_is_open(folder: Path) -> None:
    index, scan_id = scanned(folder)
    number = node(index, scan_id, folder / "b.txt")
    closed = App("main")
    opened = App("main", "details")
    assert commands.details(index) is None
    commands.select(closed, index, scan_id, number)
    shown = commands.select(opened, index, scan_id, number)
    assert closed.emitted == []
    assert opened.emitted == [("details", "atlas://details", shown)]
    assert commands.details(index) == shown


def test_a_selected_file_that_goes_is_still_described(folder: Path) -> None:
    index, scan_id = scanned(folder)
    app = App()
    commands.select(app, index, scan_id, node(index, scan_id, folder / "b.txt"))
    (folder / "b.txt").unlink()
    details = commands.details(index)
    assert details is not None
    assert details.problem == "it no longer exists"


def test_a_file_that_cannot_be_read_is_a_typed_error(folder: Path) -> None:
    index, scan_id = scanned(folder)
    number = node(index, scan_id, folder / "c.png")
    (folder / "c.png").unlink()
    for command in (commands.preview, commands.preview_image):
        with pytest.raises(CommandError) as caught:
            command(index, scan_id, number)
        assert caught.value.value == {"kind": "unreadable", "name": "c.png", "reason": "it no longer exists"}


def test_numbers_that_mean_nothing_are_typed_errors(folder: Path) -> None:
    index, scan_id = scanned(folder)
    with pytest.raises(CommandError) as unknown:
        commands.preview(index, 99, 0)
    with pytest.raises(CommandError) as gone:
        commands.preview(index, scan_id, 99)
    assert unknown.value.value == {"kind": "unknownScan", "scanId": 99}
    assert gone.value.value == {"kind": "gone", "scanId": scan_id, "nodeId": 99}
