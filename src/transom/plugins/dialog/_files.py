"""The choice of files and folders, which pages may then use."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from ...handles import Manager
from ._window import outcome, window_of

__all__ = ["Choice", "choose", "pick", "pick_async", "save", "save_async"]


class Choice(NamedTuple):
    """What to choose, and where to begin; see `pick_async`."""

    action: Literal["open", "folder", "save"]
    title: str | None = None
    multiple: bool = False
    filters: tuple[tuple[str, tuple[str, ...]], ...] = ()
    default_path: str | None = None
    recursive: bool = False
    create_folders: bool = True


async def choose(manager: Manager, choice: Choice) -> list[Path]:
    """Let people choose files, and let pages use what they chose.

    Raises:
        CommandError: The runtime has no dialogs, or the application has no window.
    """
    window = window_of(manager)
    folder, name = _beginning(choice.default_path)
    found = await outcome(
        lambda: window.choose_files(
            choice.action,
            title=choice.title,
            multiple=choice.multiple,
            filters=choice.filters,
            folder=folder,
            name=name,
            create_folders=choice.create_folders,
        )
    )
    for path in found:
        _allow(manager, path, choice)
    return list(found)


def _allow(manager: Manager, path: Path, choice: Choice) -> None:
    """Extend the scopes of files and of the asset protocol, as Tauri does."""
    from ..fs import try_scope  # not needed before a dialog opens

    for scope in (try_scope(manager), manager.asset_protocol_scope()):
        if scope is None:
            continue
        if choice.action == "folder":
            scope.allow_directory(path, choice.recursive)
        else:
            scope.allow_file(path)


def _beginning(path: str | None) -> tuple[Path | None, str | None]:
    """Return the folder and the name to begin with (Tauri: the same rule)."""
    if not path or "\0" in path:
        return None, None
    given = Path(os.path.abspath(path)) if os.sep in path else Path(path)  # noqa: PTH100 - without following links
    if given.is_dir():
        return given, None
    if str(given.parent) == ".":
        return None, given.name
    return given.parent, given.name


async def pick_async(
    manager: Manager,
    *,
    title: str | None = None,
    directory: bool = False,
    multiple: bool = False,
    filters: Sequence[tuple[str, Sequence[str]]] = (),
    default_path: str | os.PathLike[str] | None = None,
    recursive: bool = False,
) -> list[Path]:
    """Let people choose files or folders that exist; returns none when the dialog was closed.

    Args:
        manager: The window in front of which it opens, or any handle of the application, which has the plugin.
        title: The dialog's title; `None` for the system's own.
        directory: Whether folders are chosen.
        multiple: Whether more than one can be chosen.
        filters: Names of kinds of files, each with the endings of its files, without a dot.
        default_path: The file or folder to begin with.
        recursive: Whether pages may then use what is below a chosen folder, too.

    Raises:
        CommandError: The runtime has no dialogs, or the application has no window.
    """
    kinds = tuple((name, tuple(endings)) for name, endings in filters)
    begin = None if default_path is None else os.fspath(default_path)
    action: Literal["open", "folder"] = "folder" if directory else "open"
    return await choose(manager, Choice(action, title, multiple, kinds, begin, recursive))


def pick(
    manager: Manager,
    *,
    title: str | None = None,
    directory: bool = False,
    multiple: bool = False,
    filters: Sequence[tuple[str, Sequence[str]]] = (),
    default_path: str | os.PathLike[str] | None = None,
    recursive: bool = False,
) -> list[Path]:
    """Let people choose, and wait for it, as `pick_async` does. Not on the window's thread, nor on the loop's."""
    coroutine = pick_async(
        manager,
        title=title,
        directory=directory,
        multiple=multiple,
        filters=filters,
        default_path=default_path,
        recursive=recursive,
    )
    return manager.app_handle().spawn(coroutine).result()


async def save_async(
    manager: Manager,
    *,
    title: str | None = None,
    filters: Sequence[tuple[str, Sequence[str]]] = (),
    default_path: str | os.PathLike[str] | None = None,
) -> Path | None:
    """Let people choose where to save, a file that need not exist; `None` when the dialog was closed. See `pick_async`."""
    kinds = tuple((name, tuple(endings)) for name, endings in filters)
    begin = None if default_path is None else os.fspath(default_path)
    found = await choose(manager, Choice("save", title, filters=kinds, default_path=begin))
    return found[0] if found else None


def save(
    manager: Manager,
    *,
    title: str | None = None,
    filters: Sequence[tuple[str, Sequence[str]]] = (),
    default_path: str | os.PathLike[str] | None = None,
) -> Path | None:
    """Let people choose where to save, and wait for it. Not on the window's thread, nor on the loop's."""
    coroutine = save_async(manager, title=title, filters=filters, default_path=default_path)
    return manager.app_handle().spawn(coroutine).result()
