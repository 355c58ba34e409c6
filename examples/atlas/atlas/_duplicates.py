"""Find files with the same content."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Generator, Iterator
from typing import NamedTuple

from ._files import open_regular
from ._tree import Entry

EDGE = 4096
"""Bytes at both ends of a file that are compared before the whole file is read."""

BLOCK = 1 << 20
"""Bytes that are read at once, and therefore the most that is read after a cancellation."""


class Same(NamedTuple):
    """Files with the same content."""

    digest: str
    size: int
    entries: list[Entry]


class Step(NamedTuple):
    """The result of one step: the number of files done, the number of unreadable files, and a group or `None`."""

    done: int
    failed: int
    group: Same | None


Locate = Callable[[Entry], str]


def duplicates(sizes: dict[int, list[Entry]], locate: Locate) -> Generator[Step | None, None, None]:
    """Find files with equal content among files of equal size.

    Most files of equal size differ at one end, so both ends are compared first, and the whole content only if they are
    equal. Only one block is in memory at a time.

    Args:
        sizes: Groups of files by size, in the order of comparison.
        locate: Returns the path of a file.

    Yields:
        A step for each result, and `None` after each block, so that the caller can stop.
    """
    for size, entries in sizes.items():
        alike, failed = yield from _split(entries, size, locate, _edges)
        yield Step(len(entries) - sum(map(len, alike.values())), failed, None)
        for digest, group in alike.items():
            if size <= 2 * EDGE:
                yield Step(len(group), 0, Same(digest, size, group))
                continue
            same, unread = yield from _split(group, size, locate, _blocks)
            yield Step(len(group), unread, None)
            for whole, twins in same.items():
                yield Step(0, 0, Same(whole, size, twins))


Read = Callable[[int, int], Iterator[bytes]]


def _split(
    entries: list[Entry], size: int, locate: Locate, read: Read
) -> Generator[None, None, tuple[dict[str, list[Entry]], int]]:
    """Group `entries` by the digest of their blocks; return groups of two or more, and the number of read errors."""
    groups: dict[str, list[Entry]] = {}
    failed = 0
    for entry in entries:
        digest = hashlib.blake2b(digest_size=20)
        try:
            with open_regular(locate(entry)) as (handle, status):
                for block in read(handle, size):
                    digest.update(block)
                    yield
        except OSError:
            failed += 1
            continue
        # If the size has changed, this is no longer the file that was scanned.
        if status.st_size == size:
            groups.setdefault(digest.hexdigest(), []).append(entry)
    return {digest: group for digest, group in groups.items() if len(group) > 1}, failed


def _edges(handle: int, size: int) -> Iterator[bytes]:
    if size <= 2 * EDGE:
        yield _read(handle, size, 0)
        return
    yield _read(handle, EDGE, 0) + _read(handle, EDGE, size - EDGE)


def _blocks(handle: int, size: int) -> Iterator[bytes]:
    for offset in range(0, size, BLOCK):
        yield _read(handle, min(BLOCK, size - offset), offset)


def _read(handle: int, length: int, offset: int) -> bytes:
    os.lseek(handle, offset, os.SEEK_SET)
    parts: list[bytes] = []
    while length > 0 and (part := os.read(handle, length)):
        parts.append(part)
        length -= len(part)
    return b"".join(parts)
