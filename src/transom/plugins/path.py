"""`plugin:path|*`: paths as the front end writes them, with the results of Tauri's own functions."""

from __future__ import annotations

import os
from pathlib import PurePath

from ..commands import command, generate_handler
from ..core import Plugin, PluginBuilder
from ..errors import CommandError, TransomError
from ..handles import AppHandle, BaseDirectory

__all__ = ["path_plugin"]


@command
def resolve_directory(app: AppHandle, directory: BaseDirectory, path: str | None = None) -> str:
    """Return a folder of the system or of the application, or a path in it."""
    try:
        folder = str(app.path().resolve("", directory))
    except TransomError as error:  # the system has no such folder
        raise CommandError(str(error)) from None
    return folder if path is None else os.path.join(folder, path)  # noqa: PTH118 - keeps a trailing separator


# The others look at the text only, except for the current folder.
@command
async def resolve(paths: list[str]) -> str:
    """Return the absolute path that the parts lead to from the current folder; an absolute part starts anew."""
    try:
        here = os.getcwd()  # noqa: PTH109 - a text is what the page gets
    except OSError as error:  # the folder was removed
        raise CommandError(f"failed to read current dir: {error.strerror}") from None
    return _normalized(os.path.join(here, *paths))  # noqa: PTH118


@command
async def normalize(path: str) -> str:
    """Return a path without `.`, `..` and repeated separators; a separator at the end stays."""
    normal = _normalized(path)
    if not normal and path in (".", ".."):
        return path
    # Tauri: also for the root alone, which becomes `//`.
    return normal + os.sep if path.endswith(("/", "\\")) else normal


@command
async def join(paths: list[str]) -> str:
    """Return the parts as one normal path; unlike in `resolve`, an absolute part is appended like any other."""
    # Tauri: a part that ends with either separator gets no other, on every system.
    text = "".join(part if not part or part.endswith(("/", "\\")) else part + os.sep for part in paths)
    return _normalized(text) or "."


@command
async def dirname(path: str) -> str:
    """Return the folder that a path is in."""
    parent = _parent(path)
    if parent is None:
        raise CommandError("path does not have a parent")
    return parent


@command
async def extname(app: AppHandle, path: str) -> str:
    """Return the part of a file's name after its last dot."""
    name = app.path().file_name(path) or ""
    stem, dot, extension = name.rpartition(".")
    if not dot or not stem:
        raise CommandError("path does not have an extension")
    return extension


@command
async def basename(app: AppHandle, path: str, ext: str | None = None) -> str:
    """Return the last part of a path, without `ext` when it ends so."""
    name = app.path().file_name(path)
    if name is None:
        raise CommandError("path does not have a basename")
    return name.removesuffix(ext or "")


@command
async def is_absolute(path: str) -> bool:
    """Tell whether a path is absolute."""
    return PurePath(path).is_absolute()


@command(name="isAbsolute")
async def is_absolute_2_0(path: str) -> bool:
    """Tell whether a path is absolute: the name that version 2.0.0 of the npm package calls."""
    return PurePath(path).is_absolute()


def _normalized(path: str) -> str:
    """Return a path without `.` and `..`; those that lead above its beginning are dropped. Empty when nothing is left."""
    pure = PurePath(path)
    root = os.sep if pure.anchor.startswith("//") and os.sep == "/" else pure.anchor
    text = root
    for part in pure.parts[1:] if pure.anchor else pure.parts:
        if part == "..":
            text = text if text == root else _parent(text) or root
        else:
            text += part if not text or text.endswith(("/", "\\")) else os.sep + part
    return text


def _parent(path: str) -> str | None:
    """Return a path without its last part, otherwise as it is written; `None` for a root or nothing at all."""
    pure = PurePath(path)
    if not pure.parts:
        return "" if path.startswith(".") else None
    if pure.parent == pure and pure.name == "":
        return None
    separators = ("/", "\\") if os.sep == "\\" else ("/",)
    text = _without_end(path, separators)[: -len(pure.parts[-1])]
    return _without_end(text, separators) or (pure.anchor and os.sep)


def _without_end(text: str, separators: tuple[str, ...]) -> str:
    """Return a text without separators, and parts that are `.`, at its end."""
    while text:
        if text.endswith(separators) or (text.endswith(".") and text[:-1].endswith(separators)):
            text = text[:-1]
        else:
            break
    return text


def path_plugin() -> Plugin:
    """Return the plugin of paths."""
    handler = generate_handler(
        resolve_directory, resolve, normalize, join, dirname, extname, basename, is_absolute, is_absolute_2_0, lazy=True
    )
    return (
        PluginBuilder("path")
        .invoke_handler(handler)
        .permissions(
            default=(
                "allow-resolve-directory",
                "allow-resolve",
                "allow-normalize",
                "allow-join",
                "allow-dirname",
                "allow-extname",
                "allow-basename",
                "allow-is-absolute",
                "allow-isAbsolute",
            )
        )
        .build()
    )
