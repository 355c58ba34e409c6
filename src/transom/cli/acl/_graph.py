"""`transom acl graph`: a picture of which pages have which permissions, and by which capability."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path
from typing import NamedTuple, TextIO

import msgspec

from ...acl import Capability, PermissionEntry, resolve
from ...errors import ConfigError
from ._project import Project

__all__ = ["graph"]

_ROW, _HEIGHT, _LETTER, _GAP = 36, 24, 7.3, 90  # pixels; a letter is that of the font below
_COLORS = {"page": "#dbeafe", "capability": "#fef3c7", "permission": "#dcfce7", "denied": "#fee2e2"}


class Node(NamedTuple):
    """A box: what it is, and its text."""

    kind: str
    text: str


class Edge(NamedTuple):
    """A line between two boxes."""

    start: Node
    end: Node
    denies: bool = False


def graph(project: Project, out: TextIO, *, output: Path | None = None, whole: bool = False) -> int:
    """Draw pages, capabilities and permissions, and return 0.

    Args:
        project: The project.
        out: Where the Mermaid flow chart is printed.
        output: A file for the picture, `.svg`, or `.mmd` for the flow chart; `None` to print the flow chart.
        whole: Draw every permission of a set, and not the set.

    Raises:
        ConfigError: The file cannot be written, or has another suffix.
    """
    edges = list(dict.fromkeys(_edges(project, whole=whole)))
    if output is None:
        print(_mermaid(edges), file=out)
        return 0
    drawers = {".svg": _svg, ".mmd": _mermaid}
    if output.suffix not in drawers:
        raise ConfigError(f"{output} must end in .svg, for a picture, or in .mmd, for a Mermaid flow chart")
    try:
        output.write_text(drawers[output.suffix](edges) + "\n", "utf-8")
    except OSError as error:
        raise ConfigError(f"{output} cannot be written: {error.strerror}") from None
    print(f"wrote {output}", file=out)
    return 0


def _edges(project: Project, *, whole: bool) -> Iterator[Edge]:
    local = Node("page", "every local page")
    free = Node("capability", "without a capability")
    if not project.access.capabilities:
        yield Edge(local, free)
        yield Edge(free, Node("permission", "core:default"))
    if project.own_commands_are_free:
        yield Edge(local, free)
        yield Edge(free, Node("permission", "the application's own commands"))
    for source, _ in project.resolved:
        capability = source.capability
        name = Node("capability", capability.identifier)
        for page in _pages(capability):
            yield Edge(Node("page", page), name)
        for entry in capability.permissions:
            for text, denies in _shown(project, capability, entry, whole=whole):
                yield Edge(name, Node("denied" if denies else "permission", text), denies)


def _pages(capability: Capability) -> Iterator[str]:
    pages = [f"window {glob}" for glob in capability.windows] + [f"webview {glob}" for glob in capability.webviews]
    sites = [f" at {url}" for url in capability.remote.urls] if capability.remote else []
    for page in pages or ["no window"]:
        for site in [*([""] if capability.local else []), *sites]:
            yield page + site


def _shown(
    project: Project, capability: Capability, entry: str | PermissionEntry, *, whole: bool
) -> Iterator[tuple[str, bool]]:
    """Yield the texts of one line of `permissions`, and whether each denies."""
    alone = msgspec.structs.replace(capability, permissions=(entry,), platforms=None, remote=None, local=True)
    found = resolve(alone, project.authority.manifests, project.authority.platform, tolerant=True)
    name = entry if isinstance(entry, str) else entry.identifier
    scope = "" if isinstance(entry, str) or not entry.scope else ", with a scope"
    if whole:
        for entries, denies in ((found.allowed, False), (found.denied, True)):
            yield from dict.fromkeys((each.permission + scope, denies) for each in entries)
        return
    if not found.allowed and not found.denied:
        yield f"{name} ({'a scope' if found.global_scope else 'no commands'}){scope}", False
        return
    only_denies = not found.allowed
    count = len(dict.fromkeys(each.key for each in (found.denied if only_denies else found.allowed)))
    is_set = name.rpartition(":")[2] not in {
        each.permission.rpartition(":")[2] for each in found.allowed + found.denied
    }
    yield f"{name}{f' ({count} commands)' if is_set else ''}{scope}", only_denies


def _nodes(edges: Iterable[Edge]) -> list[Node]:
    return list(dict.fromkeys(node for edge in edges for node in (edge.start, edge.end)))


def _mermaid(edges: list[Edge]) -> str:
    names = {node: f"{node.kind[0]}{number}" for number, node in enumerate(_nodes(edges))}
    ends = {"page": ("[", "]"), "capability": ("{{", "}}"), "permission": ("(", ")"), "denied": ("(", ")")}
    lines = ["flowchart LR"]
    for node, name in names.items():
        left, right = ends[node.kind]
        shown = node.text.replace('"', "#quot;")
        lines.append(f'  {name}{left}"{shown}"{right}')
    lines += [f"  {names[edge.start]} {'-. denies .->' if edge.denies else '-->'} {names[edge.end]}" for edge in edges]
    return "\n".join(lines)


def _svg(edges: list[Edge]) -> str:
    nodes = _nodes(edges)
    columns = [
        [node for node in nodes if node.kind in kinds]
        for kinds in (("page",), ("capability",), ("permission", "denied"))
    ]
    places: dict[Node, tuple[float, float, float]] = {}  # left, middle, width
    left, rows = 10.0, max(map(len, columns), default=0)
    for column in columns:
        width = max((len(node.text) for node in column), default=0) * _LETTER + 20
        before = (rows - len(column)) * _ROW / 2
        for row, node in enumerate(column):
            places[node] = (left, before + row * _ROW + _ROW / 2 + 10, width)
        left += width + _GAP
    size = f'width="{left - _GAP + 10:.0f}" height="{rows * _ROW + 20}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="monospace" font-size="12">',
        '<rect width="100%" height="100%" fill="white"/>',
    ]
    for edge in edges:
        (x, y, width), (to_x, to_y, _) = places[edge.start], places[edge.end]
        dashes = ' stroke-dasharray="5 4"' if edge.denies else ""
        color, bend = "#b91c1c" if edge.denies else "#64748b", x + width + _GAP / 2
        path = f"M{x + width:.0f} {y:.0f} C{bend:.0f} {y:.0f} {bend:.0f} {to_y:.0f} {to_x:.0f} {to_y:.0f}"
        parts.append(f'<path d="{path}" fill="none" stroke="{color}"{dashes}/>')
    for node, (x, y, width) in places.items():
        box = f'x="{x:.0f}" y="{y - _HEIGHT / 2:.0f}" width="{width:.0f}" height="{_HEIGHT}" rx="4"'
        parts.append(f'<rect {box} fill="{_COLORS[node.kind]}" stroke="#475569"/>')
        text = f"denies {node.text}" if node.kind == "denied" else node.text
        parts.append(f'<text x="{x + 10:.0f}" y="{y + 4:.0f}">{escape(text)}</text>')
    return "\n".join([*parts, "</svg>"])
