"""The files of the repository, as its tests see them."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MADE = frozenset({"node_modules", "dist", "build", "__pycache__"})


@cache
def tracked_files() -> tuple[Path, ...]:
    """Return every file that is tracked, or would be if it were added; outside git all that are not made."""
    asked = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if asked.returncode == 0:
        names = [ROOT / name for name in asked.stdout.split("\0") if name]
        return tuple(path for path in names if path.is_file())
    found = (path for path in ROOT.rglob("*") if not any(map(_is_made, path.relative_to(ROOT).parts)))
    return tuple(path for path in found if path.is_file() and path.suffix not in {".pyc", ".whl"})


def _is_made(name: str) -> bool:
    return name in MADE or (name.startswith(".") and name not in {".ci", ".npmrc", ".gitignore", ".gitattributes"})


def relative(path: Path) -> str:
    """Name a file as a reader of a failed test wants to see it."""
    return path.relative_to(ROOT).as_posix()


def text_of(path: Path) -> str | None:
    """Return a file's text, None for a picture and the like."""
    data = path.read_bytes()
    return None if b"\0" in data[:4096] else data.decode("utf-8", errors="replace")


def tables(markdown: str) -> list[list[list[str]]]:
    """Return the tables of a Markdown text, each as its rows, the header first, without the line under it."""
    found: list[list[list[str]]] = []
    inside = False
    for line in markdown.splitlines():
        if not line.startswith("|"):
            inside = False
            continue
        cells = [cell.strip() for cell in line.strip().strip("|").replace("\\|", "\0").split("|")]
        if not inside:
            found.append([])
            inside = True
        if not all(set(cell) <= set("-: ") for cell in cells):
            found[-1].append([cell.replace("\0", "|") for cell in cells])
    return found
