"""Extracts of a tree with a limited size, which fit on a screen."""

from __future__ import annotations

import heapq
import itertools
import os
from collections.abc import Iterator

from ._messages import Crumb, FileOrder, FileRow, KindSize, Piece, Problem, View
from ._names import FILE_KINDS, printable
from ._tree import Entry, Folder, Tree

PIECES = 1600
"""The maximum number of pieces in a view; more could not be told apart on a large screen."""

LISTED = 200
"""The number of direct children that are always included, however small, because a list also shows them."""

SMALLEST = 1 / 10_000
"""The minimum share of a piece; a smaller one would be smaller than its border: 12 x 12 of 1600 x 900 pixels."""


def view(tree: Tree, folder: Folder, scan_id: int, depth: int, pieces: int = PIECES) -> View:
    """Return the largest pieces of `folder`, up to `depth` levels deep; larger pieces are opened first."""
    with tree.lock:
        top = _piece(folder)
        shown = [(folder, top)]
        tiny = max(1, folder.size * SMALLEST)
        order = itertools.count()
        waiting: list[tuple[int, int, int, Entry, Piece]] = []
        for child in heapq.nlargest(LISTED, folder.children.values(), key=_size):
            heapq.heappush(waiting, (-child.size, next(order), 1, child, top))
        listed = len(waiting)
        while waiting and (pieces > 0 or listed > 0):
            _, _, level, entry, parent = heapq.heappop(waiting)
            listed -= level == 1
            if pieces <= 0 and level > 1:
                continue
            piece = _piece(entry)
            parent.children.append(piece)
            pieces -= 1
            if isinstance(entry, Folder) and level < depth:
                shown.append((entry, piece))
                for child in entry.children.values():
                    if child.size >= tiny:
                        heapq.heappush(waiting, (-child.size, next(order), level + 1, child, piece))
        for opened, piece in shown:
            _leave_out(opened, piece)
        return View(
            scan_id=scan_id,
            crumbs=[Crumb(id=entry.id, name=_title(entry)) for entry in tree.chain(folder)],
            tree=top,
            folders=folder.folders,
            kinds=[KindSize(kind=kind, size=size) for kind, size in zip(FILE_KINDS, folder.sizes, strict=True)],
        )


def _leave_out(folder: Folder, piece: Piece) -> None:
    if piece.children:
        piece.rest_files = len(folder.children) - len(piece.children)
        piece.rest_size = folder.size - sum(child.size for child in piece.children)


def largest(tree: Tree, folder: Folder, scan_id: int, limit: int) -> list[FileRow]:
    """Return the `limit` largest files below `folder`, the largest first.

    A folder is opened only when it is the largest remaining item, because no file in it can be larger than the folder.
    """
    rows: list[FileRow] = []
    with tree.lock:
        order = itertools.count()
        waiting: list[tuple[int, int, Entry]] = [(-folder.size, next(order), folder)]
        while waiting and len(rows) < limit:
            entry = heapq.heappop(waiting)[2]
            if isinstance(entry, Folder):
                for child in _candidates(entry, limit):
                    heapq.heappush(waiting, (-child.size, next(order), child))
            elif entry.parent is not None:
                rows.append(row(tree, entry, scan_id))
    return rows


def ordered(rows: list[FileRow], by: FileOrder, descending: bool) -> list[FileRow]:
    """Return a list of files sorted by one of its columns; names are sorted without regard to case."""

    def key(item: FileRow) -> tuple[float, str]:
        if by == "size":
            return item.size, ""
        if by == "modified":
            return item.modified, ""
        return 0, {"name": item.name, "folder": item.folder, "kind": item.kind}[by].casefold()

    return sorted(rows, key=key, reverse=descending)


def row(tree: Tree, entry: Entry, scan_id: int) -> FileRow:
    """Return the row of a file for a list."""
    folder = os.path.dirname(tree.path(entry))
    inside = os.path.relpath(folder, tree.root.name)
    return FileRow(
        scan_id=scan_id,
        node_id=entry.id,
        name=printable(entry.name),
        folder="" if inside == os.curdir else printable(inside),
        kind=entry.kind,
        size=entry.size,
        modified=entry.modified,
    )


def files_by_size(tree: Tree, folder: Folder) -> dict[int, list[Entry]]:
    """Group the files below `folder` that share their size with another file, the largest first.

    Further names of a hard link have size 0 here, and empty files have no content, so neither can be a duplicate.
    """
    sizes: dict[int, list[Entry]] = {}
    with tree.lock:
        for entry in _files(tree, folder):
            sizes.setdefault(entry.size, []).append(entry)
    return {size: sizes[size] for size in sorted(sizes, reverse=True) if len(sizes[size]) > 1}


def problems(tree: Tree, limit: int) -> list[Problem]:
    """Return the first `limit` folders that could not be read."""
    with tree.lock:
        listed: list[Problem] = []
        for number, reason in itertools.islice(tree.problems.items(), limit):
            entry = tree.get(number)
            if entry is not None:
                listed.append(Problem(node_id=number, path=printable(tree.path(entry)), reason=reason))
        return listed


def _files(tree: Tree, folder: Folder) -> Iterator[Entry]:
    for entry in tree.walk(folder):
        if not isinstance(entry, Folder) and entry.size > 0 and entry.kind not in ("link", "special"):
            yield entry


def _candidates(folder: Folder, limit: int) -> list[Entry]:
    """Return all folders and the `limit` largest files; a large folder may contain only small files."""
    folders = [child for child in folder.children.values() if isinstance(child, Folder) and child.size > 0]
    files = [child for child in folder.children.values() if not isinstance(child, Folder) and child.size > 0]
    return [*folders, *heapq.nlargest(limit, files, key=_size)]


def _size(entry: Entry) -> int:
    return entry.size


def _title(entry: Entry) -> str:
    if entry.parent is not None:
        return printable(entry.name)
    return printable(os.path.basename(entry.name) or entry.name)


def _piece(entry: Entry) -> Piece:
    piece = Piece(id=entry.id, name=_title(entry), kind=entry.kind, size=entry.size, files=1, modified=entry.modified)
    if isinstance(entry, Folder):
        piece.files = entry.files
        piece.mostly = FILE_KINDS[entry.sizes.index(max(entry.sizes))]
        piece.problem = entry.problem
    return piece
