"""The commands of the application, in the order a user meets them."""

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
"""Seconds of comparing between two messages to the page."""

DEPTH = 6
"""Levels of folders in the partial results of a scan."""

PIECES = 500
"""Pieces of a partial result; it is replaced a moment later."""

ROWS_OF_A_GROUP = 20
"""Files named of one group of duplicates."""


@command
def mode(index: State[Index], settings: State[Settings]) -> Mode:
    """Tell a page that has just loaded what it is in, and which scans outlived its last load."""
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
    """Scan a folder; everything found so far stays when the scan is cancelled."""
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
    """Read what stands in the folder field; the folder that was offered may be one that text cannot spell."""
    if folder in ("", printable(str(offered))):
        return str(offered)
    return os.path.expanduser(folder)


@command
def scans(index: State[Index]) -> list[ScanInfo]:
    """List the scans that are kept."""
    return [item.info() for item in index.scans()]


@command
def drop(index: State[Index], scan_id: int) -> None:
    """Forget a scan and stop watching its folder."""
    index.drop(scan_id)


@command
def tree(index: State[Index], scan_id: int, node_id: int, depth: int = DEPTH) -> View:
    """Show a folder of a scan, as deep as a treemap is drawn."""
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
    """List the largest files below a folder, sorted as the page shows them."""
    item = index.get(scan_id)
    rows = views.largest(item.tree, item.folder(node_id), scan_id, min(max(limit, 1), 1000))
    return views.ordered(rows, sort, descending)


@command
def problems(index: State[Index], scan_id: int) -> list[Problem]:
    """List the folders that could not be read."""
    return views.problems(index.get(scan_id).tree, 500)


@command
async def duplicates(
    index: State[Index], scan_id: int, node_id: int, on_event: Channel[DuplicatesEvent]
) -> DuplicatesSummary:
    """Find files with the same content below a folder; groups arrive as they are found, the largest files first."""
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
    """Describe the file the user points at, here and in the window of details."""
    path = index.get(scan_id).path(node_id)
    index.selected = Selected(scan_id, node_id, path)
    details = previews.describe(path, scan_id, node_id)
    if app.get_webview_window("details") is not None:
        app.emit_to("details", "atlas://details", details)
    return details


@command
def details(index: State[Index]) -> FileDetails | None:
    """Describe the selected file to a window of details that has just loaded."""
    selected = index.selected
    if selected is None:
        return None
    return previews.describe(selected.path, selected.scan_id, selected.node_id)


@command
def open_details(app: AppHandle, index: State[Index], scan_id: int, node_id: int) -> None:
    """Open the window of details, or bring the one that is open to the front."""
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
    """Show what a file holds: its text, its first bytes, or that it is an image."""
    path = index.get(scan_id).path(node_id)
    try:
        return previews.preview(path)
    except OSError as error:
        raise Unreadable(name=printable(os.path.basename(path)), reason=reason(error)) from error


@command
def preview_image(index: State[Index], scan_id: int, node_id: int) -> Response:
    """Bring the bytes of an image, as they are on the disk."""
    path = index.get(scan_id).path(node_id)
    try:
        return Response(previews.image_bytes(path))
    except OSError as error:
        raise Unreadable(name=printable(os.path.basename(path)), reason=reason(error)) from error
