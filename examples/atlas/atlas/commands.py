"""The commands of the application, in the order in which a user needs them."""

from __future__ import annotations

import asyncio
import os
from contextlib import aclosing
from pathlib import Path

from transom import AppHandle, Channel, Response, State, WebviewWindowBuilder, command

from . import _duplicates as search
from . import _preview as previews
from . import _view as views
from ._errors import NotAFolder, Unreadable
from ._index import Index, Scan, Selected
from ._messages import (
    Copies,
    DuplicatesEvent,
    DuplicatesFound,
    DuplicatesStarted,
    DuplicatesSummary,
    FileDetails,
    FileOrder,
    FileRow,
    Finished,
    Mode,
    Partial,
    Preview,
    Problem,
    Progress,
    ScanEvent,
    ScanInfo,
    Started,
    View,
)
from ._names import printable
from ._scan import kernel_mounts, reason
from ._scan import scan as read_folders
from ._settings import Settings
from ._steps import Steps
from ._watching import watch_until_closed

SLICE = 0.08
"""The time between two messages to the page during a comparison, in seconds."""

DEPTH = 6
"""The depth of the partial results of a scan."""

PIECES = 500
"""The number of pieces in a partial result, which is soon replaced."""

ROWS_OF_A_GROUP = 20
"""The maximum number of files shown for a group of duplicates."""


@command
def mode(index: State[Index], settings: State[Settings]) -> Mode:
    """Return the settings of this run and the existing scans to a page that has just loaded."""
    return Mode(
        check=settings.check,
        folder=printable(str(settings.folder or index.home)),
        auto=settings.folder is not None and not settings.check,
        scans=[item.info() for item in index.scans()],
    )


@command
async def scan(
    app: AppHandle, index: State[Index], settings: State[Settings], folder: str, on_event: Channel[ScanEvent]
) -> ScanInfo:
    """Scan a folder. If the scan is cancelled, its results so far are kept."""
    path = _folder_path(folder, settings.folder or index.home)
    try:
        item = index.open(path)
    except OSError as error:
        raise NotAFolder(folder=folder, reason=reason(error)) from error
    try:
        await _run(item, settings, on_event)
        item.end("finished")
    except asyncio.CancelledError:
        item.end("cancelled")
        raise
    finally:
        if item.state == "running":
            item.end("failed")
    view = await asyncio.to_thread(views.view, item.tree, item.tree.root, item.id, DEPTH)
    await on_event.send_async(Finished(scan=item.info(), view=view))
    app.spawn(watch_until_closed(app, index, item))
    return item.info()


async def _run(item: Scan, settings: Settings, on_event: Channel[ScanEvent]) -> None:
    await on_event.send_async(Started(scan=item.info()))
    skip = await asyncio.to_thread(kernel_mounts)
    steps = Steps(read_folders(item.tree, [item.tree.root], skip=skip - {item.tree.root.name}))
    async with aclosing(steps.slices(settings.work)) as slices:
        async for paths in slices:
            current = printable(paths[-1]) if paths else ""
            await on_event.send_async(Progress(scan=item.info(), current=current))
            view = await asyncio.to_thread(views.view, item.tree, item.tree.root, item.id, DEPTH, PIECES)
            await on_event.send_async(Partial(view=view))
            if item.closed.is_set():
                raise asyncio.CancelledError
            await asyncio.sleep(settings.rest)


def _folder_path(folder: str, offered: Path) -> str:
    """Return the path for the text in the folder field; the text may stand for an offered folder that is not UTF-8."""
    if folder in ("", printable(str(offered))):
        return str(offered)
    return os.path.expanduser(folder)


@command
def scans(index: State[Index]) -> list[ScanInfo]:
    """Return all scans."""
    return [item.info() for item in index.scans()]


@command
def drop(index: State[Index], scan_id: int) -> None:
    """Remove a scan and stop watching its folder."""
    index.drop(scan_id)


@command
def tree(index: State[Index], scan_id: int, node_id: int, depth: int = DEPTH) -> View:
    """Return a folder of a scan for a treemap."""
    item = index.get(scan_id)
    return views.view(item.tree, item.folder(node_id), scan_id, min(max(depth, 1), 8))


@command
def largest(
    index: State[Index],
    scan_id: int,
    node_id: int,
    limit: int = 200,
    sort: FileOrder = "size",
    descending: bool = True,
) -> list[FileRow]:
    """Return the largest files below a folder, sorted for the page."""
    item = index.get(scan_id)
    rows = views.largest(item.tree, item.folder(node_id), scan_id, min(max(limit, 1), 1000))
    return views.ordered(rows, sort, descending)


@command
def problems(index: State[Index], scan_id: int) -> list[Problem]:
    """Return the folders that could not be read."""
    return views.problems(index.get(scan_id).tree, 500)


@command
async def duplicates(
    index: State[Index], scan_id: int, node_id: int, on_event: Channel[DuplicatesEvent]
) -> DuplicatesSummary:
    """Find files with the same content below a folder; send groups as they are found, the largest files first."""
    item = index.get(scan_id)
    sizes = await asyncio.to_thread(views.files_by_size, item.tree, item.folder(node_id))
    files = sum(map(len, sizes.values()))
    size = sum(size * len(entries) for size, entries in sizes.items())
    await on_event.send_async(DuplicatesStarted(files=files, size=size))
    steps = Steps(search.duplicates(sizes, item.tree.path))
    summary = DuplicatesSummary(groups=0, copies=0, wasted=0, unreadable=0)
    done = 0
    async with aclosing(steps.slices(SLICE)) as slices:
        async for found in slices:
            groups = [step.group for step in found if step.group is not None]
            done += sum(step.done for step in found)
            summary.unreadable += sum(step.failed for step in found)
            summary.groups += len(groups)
            summary.copies += sum(len(group.entries) - 1 for group in groups)
            summary.wasted += sum(group.size * (len(group.entries) - 1) for group in groups)
            await on_event.send_async(DuplicatesFound(groups=[_copies(item, group) for group in groups], done=done))
    await on_event.send_async(summary)
    return summary


def _copies(item: Scan, group: search.Same) -> Copies:
    with item.tree.lock:
        files = [views.row(item.tree, entry, item.id) for entry in group.entries[:ROWS_OF_A_GROUP]]
    return Copies(digest=group.digest, size=group.size, count=len(group.entries), files=files)


@command
def select(app: AppHandle, index: State[Index], scan_id: int, node_id: int) -> FileDetails:
    """Select a file; return its details and send them to the details window."""
    path = index.get(scan_id).path(node_id)
    index.selected = Selected(scan_id, node_id, path)
    details = previews.describe(path, scan_id, node_id)
    if app.get_webview_window("details") is not None:
        app.emit_to("details", "atlas://details", details)
    return details


@command
def details(index: State[Index]) -> FileDetails | None:
    """Return the details of the selected file to a details window that has just loaded."""
    selected = index.selected
    if selected is None:
        return None
    return previews.describe(selected.path, selected.scan_id, selected.node_id)


@command
def open_details(app: AppHandle, index: State[Index], scan_id: int, node_id: int) -> None:
    """Open the details window, or focus it if it is already open."""
    path = index.get(scan_id).path(node_id)
    index.selected = Selected(scan_id, node_id, path)
    window = app.get_webview_window("details")
    if window is None:
        WebviewWindowBuilder(app, "details", "details.html").title("Details").inner_size(560, 720).build()
        return
    app.emit_to("details", "atlas://details", previews.describe(path, scan_id, node_id))
    window.set_focus()


@command
def preview(index: State[Index], scan_id: int, node_id: int) -> Preview:
    """Return a preview of a file: its text, its first bytes, or its type if it is an image."""
    path = index.get(scan_id).path(node_id)
    try:
        return previews.preview(path)
    except OSError as error:
        raise Unreadable(name=printable(os.path.basename(path)), reason=reason(error)) from error


@command
def preview_image(index: State[Index], scan_id: int, node_id: int) -> Response:
    """Return the bytes of an image."""
    path = index.get(scan_id).path(node_id)
    try:
        return Response(previews.image_bytes(path))
    except OSError as error:
        raise Unreadable(name=printable(os.path.basename(path)), reason=reason(error)) from error
