"""The folders and files of one scan, with the total sizes of folders."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from ._names import FILE_KINDS

KIND_INDEX: Final = {kind: position for position, kind in enumerate(FILE_KINDS)}
OTHER: Final = KIND_INDEX["other"]


class Found(NamedTuple):
    """One name in a folder, with its metadata from the file system."""

    name: str
    kind: str
    size: int
    modified: float
    device: int
    inode: int
    links: int


class Entry:
    """A file, link or special file. `size` counts towards its folder, and is 0 for further names of a hard link."""

    __slots__ = ("id", "identity", "kind", "modified", "name", "parent", "size")

    def __init__(self, number: int, parent: Folder | None, found: Found) -> None:
        self.id = number
        self.parent = parent
        self.name = found.name
        self.kind = found.kind
        self.size = 0
        self.modified = found.modified
        self.identity: tuple[int, int] | None = None


class Folder(Entry):
    """A folder; `size`, `files`, `folders` and `sizes` (by kind of file) are totals of everything below it."""

    __slots__ = ("children", "files", "folders", "problem", "sizes")

    def __init__(self, number: int, parent: Folder | None, found: Found) -> None:
        super().__init__(number, parent, found)
        self.children: dict[str, Entry] = {}
        self.files = 0
        self.folders = 0
        self.sizes = [0] * len(FILE_KINDS)
        self.problem: str | None = None


class Tree:
    """A tree of entries that several threads may read and change. Hold `lock` while reading its entries."""

    def __init__(self, root: str, device: int = 0, inode: int = 0) -> None:
        self.lock = threading.RLock()
        self._entries: list[Entry | None] = []
        self._hard_links: dict[tuple[int, int], list[Entry]] = {}
        self._known_folders: dict[tuple[int, int], Folder] = {}
        self.problems: dict[int, str] = {}
        self.gone = 0
        found = Found(root, "folder", 0, 0.0, device, inode, 1)
        self.root = Folder(0, None, found)
        self._entries.append(self.root)
        self._know(self.root, found)

    def get(self, number: int) -> Entry | None:
        """Return an entry by its number, or `None` if it never existed or has been removed."""
        with self.lock:
            return self._entries[number] if 0 <= number < len(self._entries) else None

    def path(self, entry: Entry) -> str:
        """Return the path of `entry`, exactly as in the file system."""
        names: list[str] = []
        step: Entry | None = entry
        while step is not None:
            names.append(step.name)
            step = step.parent
        return os.path.join(*reversed(names))

    def chain(self, entry: Entry) -> list[Entry]:
        """Return the entries from the root down to `entry`."""
        steps: list[Entry] = []
        step: Entry | None = entry
        while step is not None:
            steps.append(step)
            step = step.parent
        return steps[::-1]

    def fill(self, folder: Folder, found: Iterable[Found]) -> list[Folder]:
        """Add entries to `folder`; return the new folders, which have not been read yet."""
        with self.lock:
            if self.get(folder.id) is not folder:
                return []
            fresh: list[Folder] = []
            files = folders = 0
            sizes = [0] * len(FILE_KINDS)
            for item in found:
                if item.name in folder.children:
                    continue
                if item.kind == "folder":
                    folders += 1
                    fresh.extend(self._add_folder(folder, item))
                else:
                    files += 1
                    entry = self._add_file(folder, item)
                    sizes[KIND_INDEX.get(item.kind, OTHER)] += entry.size
            self._grow(folder, files, folders, sizes)
            return fresh

    def sync(self, folder: Folder, found: Iterable[Found]) -> tuple[list[Folder], bool]:
        """Make the entries of `folder` equal to `found`; return its new folders, and whether anything has changed."""
        with self.lock:
            if self.get(folder.id) is not folder:
                return [], False
            now = {item.name: item for item in found}
            changed = False
            for entry in list(folder.children.values()):
                item = now.get(entry.name)
                if item is None or (item.kind == "folder") != isinstance(entry, Folder) or self._replaced(entry, item):
                    self.remove(entry)
                    changed = True
                elif not isinstance(entry, Folder):
                    changed |= self._update(entry, item)
                    now.pop(entry.name)
                else:
                    now.pop(entry.name)
            fresh = self.fill(folder, now.values())
            return fresh, changed or bool(now)

    def remove(self, entry: Entry) -> None:
        """Remove `entry` and everything below it from the tree and from all totals."""
        with self.lock:
            parent = entry.parent
            if parent is None:
                raise ValueError("the root of a scan cannot be removed; drop the scan instead")
            below = list(self.walk(entry))
            for item in below:
                self._release(item)
            self._grow(parent, *self._weight(entry, -1))
            del parent.children[entry.name]
            for item in below:
                self._entries[item.id] = None
                self.problems.pop(item.id, None)

    def walk(self, start: Entry) -> Iterator[Entry]:
        """Yield `start` and everything below it, folders before their entries."""
        waiting = [start]
        while waiting:
            entry = waiting.pop()
            yield entry
            if isinstance(entry, Folder):
                waiting.extend(entry.children.values())

    def folders(self) -> Iterator[Folder]:
        """Yield every folder of the tree."""
        return (entry for entry in self.walk(self.root) if isinstance(entry, Folder))

    def fail(self, folder: Folder, reason: str) -> None:
        """Record why `folder` could not be read."""
        with self.lock:
            folder.problem = reason
            self.problems[folder.id] = reason

    def miss(self) -> None:
        """Count a file that was deleted before it could be read."""
        with self.lock:
            self.gone += 1

    def find(self, path: str) -> tuple[Entry, bool]:
        """Return the entry of a path, or its nearest known ancestor; the flag says whether it is the path itself.

        A watcher may write bytes that are not UTF-8 as replacement characters. Such a part matches an entry whose name
        looks the same when it is written like this.
        """
        with self.lock:
            relative = os.path.relpath(path, self.root.name)
            entry: Entry = self.root
            if relative == os.curdir:
                return entry, True
            for part in relative.split(os.sep):
                child = _child(entry, part) if isinstance(entry, Folder) else None
                if child is None:
                    return entry, False
                entry = child
            return entry, True

    def _number(self) -> int:
        return len(self._entries)

    def _add_folder(self, parent: Folder, found: Found) -> list[Folder]:
        folder = Folder(self._number(), parent, found)
        self._entries.append(folder)
        parent.children[found.name] = folder
        if not self._know(folder, found):
            self.fail(folder, "this folder is the same as one that is already in the tree")
            return []
        return [folder]

    def _add_file(self, parent: Folder, found: Found) -> Entry:
        entry = Entry(self._number(), parent, found)
        self._entries.append(entry)
        parent.children[found.name] = entry
        entry.size = found.size
        if found.links > 1 and found.inode:
            entry.identity = (found.device, found.inode)
            names = self._hard_links.setdefault(entry.identity, [])
            names.append(entry)
            if len(names) > 1:
                entry.size = 0
        return entry

    def _know(self, folder: Folder, found: Found) -> bool:
        """Remember a folder's identity; `False` when it is known already: a mount that loops, for instance."""
        if not found.inode:
            return True
        identity = (found.device, found.inode)
        if identity in self._known_folders:
            return False
        self._known_folders[identity] = folder
        folder.identity = identity
        return True

    def _replaced(self, entry: Entry, found: Found) -> bool:
        identity = (found.device, found.inode)
        if isinstance(entry, Folder):
            return entry.identity is not None and entry.identity != identity
        return entry.kind != found.kind or entry.identity != (identity if found.links > 1 and found.inode else None)

    def _update(self, entry: Entry, found: Found) -> bool:
        changed = entry.modified != found.modified
        entry.modified = found.modified
        holder = self._hard_links[entry.identity][0] if entry.identity else entry
        if holder.size != found.size:
            self._resize(holder, found.size)
            changed = True
        return changed

    def _resize(self, entry: Entry, size: int) -> None:
        sizes = [0] * len(FILE_KINDS)
        sizes[KIND_INDEX.get(entry.kind, OTHER)] = size - entry.size
        entry.size = size
        if entry.parent is not None:
            self._grow(entry.parent, 0, 0, sizes)

    def _release(self, entry: Entry) -> None:
        """Release the identity of a removed entry; another name of the same file takes over its size."""
        identity = entry.identity
        if identity is None:
            return
        entry.identity = None
        if isinstance(entry, Folder):
            self._known_folders.pop(identity, None)
            return
        names = self._hard_links[identity]
        was_first = names[0] is entry
        names.remove(entry)
        if not names:
            del self._hard_links[identity]
        elif was_first:
            size = entry.size
            self._resize(entry, 0)
            self._resize(names[0], size)

    def _weight(self, entry: Entry, sign: int) -> tuple[int, int, list[int]]:
        if isinstance(entry, Folder):
            return sign * entry.files, sign * (entry.folders + 1), [sign * size for size in entry.sizes]
        sizes = [0] * len(FILE_KINDS)
        sizes[KIND_INDEX.get(entry.kind, OTHER)] = sign * entry.size
        return sign, 0, sizes

    def _grow(self, folder: Folder, files: int, folders: int, sizes: list[int]) -> None:
        changes = [(position, size) for position, size in enumerate(sizes) if size]
        total = sum(sizes)
        step: Folder | None = folder
        while step is not None:
            step.files += files
            step.folders += folders
            step.size += total
            for position, size in changes:
                step.sizes[position] += size
            step = step.parent


def _child(folder: Folder, part: str) -> Entry | None:
    exact = folder.children.get(part)
    if exact is not None or "\ufffd" not in part:
        return exact
    for entry in folder.children.values():
        if os.fsencode(entry.name).decode("utf-8", "replace") == part:
            return entry
    return None
