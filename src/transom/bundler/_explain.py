"""`transom build --explain`: what is in a bundle, how large it is, and why it is there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from ._plan import BundlePlan

__all__ = ["explain"]

_WHY = {
    "Python": "the interpreter and the standard library's modules that the program imports",
    "the program's modules": "the imports of the program, transom's and its packages', compressed",
    "transom": "the scripts of pages",
}


def explain(plan: BundlePlan, frozen: Path) -> Iterator[str]:
    """Yield a line for each part of a frozen folder, the largest first: its size in MB, the part, and why it is there."""
    sizes: dict[str, int] = defaultdict(int)
    why: dict[str, str] = {}
    own = {str(Path(place).parts[0]): f"bundled as the project's `{place}`" for _, place in plan.data}
    for path in frozen.rglob("*"):
        if path.is_symlink() or not path.is_file():
            continue
        part, reason = _part_of(path.relative_to(frozen), path.parent == frozen, own, plan)
        sizes[part] += path.stat().st_size
        why[part] = reason
    for part, size in sorted(sizes.items(), key=lambda entry: (-entry[1], entry[0])):
        yield f"{size / 1e6:8.1f}  {part}: {why[part]}"
    yield f"{sum(sizes.values()) / 1e6:8.1f}  in all; GTK and WebKitGTK come from the system"


def _part_of(path: Path, is_top: bool, own: dict[str, str], plan: BundlePlan) -> tuple[str, str]:
    """Return the part that a file belongs to, and why that is there."""
    if is_top:
        if path.name in plan.sidecars:
            return path.name, "bundle.externalBin"
        return "the program's modules", _WHY["the program's modules"]
    top = path.parts[1]
    if top in own or path.parts[0] != "_internal":
        return f"{top} (project)", own.get(top, "bundle.resources")
    name = path.name
    if top.startswith("python3") or name.startswith(("libpython", "base_library")):
        return "Python", _WHY["Python"]
    if top == "transom":
        return "transom", _WHY["transom"]
    if len(path.parts) == 2 and ".so" in name:
        return f"{name.partition('.so')[0]}.so", "a library that one of Python's modules or packages loads"
    return top.partition("-")[0], "a package that the program imports"
