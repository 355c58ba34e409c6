"""The rules of the rooms, as a checker of a source tree: what `test_rooms.py` asks of `src/transom`.

Every import counts: at the top, under `TYPE_CHECKING`, inside a function, and `import_module("...")` with a literal.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

PACKAGE = "transom"
ROOT = ""
"""The room of `transom/__init__.py`, which gathers the public names; only `cli` and `__main__` may import it."""
MAY_IMPORT_ROOT = frozenset({"cli"})

PURE = frozenset({"names", "callables", "errors", "values", "wire", "acl"})
IMPURE_MODULES = frozenset(
    "_thread anyio asyncio concurrent ctypes fcntl ftplib gi glob gzip http httpx importlib io logging mmap msvcrt "
    "multiprocessing os pathlib pickle queue random sched secrets select selectors shelve shutil signal smtplib socket "
    "socketserver sqlite3 ssl starlette subprocess tempfile threading time urllib uvicorn watchfiles webbrowser websockets "
    "webview".split()
)
PURE_NAMES = {
    "io": {"BytesIO"},
    "pathlib": {"PurePath", "PurePosixPath", "PureWindowsPath"},
    "urllib": {"urllib.parse"},
}
"""What the pure rooms may take from an impure module: names of it, or dotted modules inside it."""
IMPURE_CALLS = frozenset({"open", "print", "input", "breakpoint"})
MAY_READ_RESOURCES = "wire/_scripts.py"
"""The one file of the pure rooms that reads: the page scripts beside it, as package data."""

WINDOW_AND_SERVER_MODULES = frozenset({"gi", "webview", "starlette", "uvicorn", "websockets"})
MAY_IMPORT_THEM = "runtimes"
MAY_ALSO_IMPORT = {"plugins": frozenset({"gi", "websockets"})}
"""Rooms that may import some of them: a plugin talks to the desktop, and as a client to servers."""

LARGEST_ROOM = 2100
"""Lines of Python in one room; a folder inside a room counts as a room of its own."""

MUTABLE_TYPES = frozenset(
    "dict list set bytearray defaultdict deque OrderedDict Counter ChainMap WeakKeyDictionary WeakValueDictionary WeakSet "
    "SimpleNamespace count cycle Lock RLock Queue SimpleQueue Event Condition Semaphore".split()
)
HARMLESS_CALLS = frozenset(
    "Decoder Encoder getLogger TypeVar TypeVarTuple ParamSpec NewType frozenset tuple namedtuple".split()
)
MUTATORS = frozenset(
    "append add update extend insert remove discard pop popitem clear setdefault appendleft sort reverse".split()
)


@dataclass(frozen=True)
class Import:
    """One import of a file: the dotted module, and the names taken from it."""

    line: int
    module: str
    names: tuple[str, ...] = ()


def read_layers(markdown: str) -> list[list[str]]:
    """Find the line `errors < wire | acl < ...` in a code block and return its layers, the lowest first.

    Raises:
        ValueError: There is no such line, or more than one.
    """
    lines = [
        line.strip()
        for block in re.findall(r"^```.*?\n(.*?)^```", markdown, re.DOTALL | re.MULTILINE)
        for line in block.splitlines()
    ]
    found = [line for line in lines if re.fullmatch(r"\w+( *[<|] *\w+)+", line) and "<" in line]
    if len(found) != 1:
        raise ValueError(f"one line of rooms is expected in a code block of ARCHITECTURE.md, not {len(found)}: {found}")
    return [[room.strip() for room in layer.split("|")] for layer in found[0].split("<")]


def problems(package: Path, layers: list[list[str]]) -> list[str]:
    """Check every module of a package and name what breaks the rules, each with its file and line."""
    rank = {room: level for level, layer in enumerate(layers) for room in layer}
    found: list[str] = []
    trees = {
        path.relative_to(package).as_posix(): ast.parse(path.read_bytes())
        for path in sorted(package.rglob("*.py"))
        if path.stem.isidentifier()  # else nothing imports it: a hook of PyInstaller
    }
    nodes = {name: tuple(ast.walk(tree)) for name, tree in trees.items()}
    imported = {name: tuple(imports(name, nodes[name])) for name in trees}
    for name, tree in trees.items():
        in_module = _module_problems(name, tree, nodes[name], imported[name], rank)
        found += [f"{name}:{line}: {text}" for line, text in in_module]
    found += [f"import circle: {' -> '.join(circle)}" for circle in circles(imported)]
    found += [
        f"{folder}: {lines} lines in one room, the limit is {LARGEST_ROOM}"
        for folder, lines in sizes(package).items()
        if lines > LARGEST_ROOM
    ]
    return found


def sizes(package: Path) -> dict[str, int]:
    """Return the lines of Python in every room, by its path in the package."""
    found: dict[str, int] = {}
    for path in package.rglob("*.py"):
        name = path.relative_to(package)
        room = name.parent.as_posix() if name.parent.parts else name.as_posix()
        found[room] = found.get(room, 0) + len(path.read_bytes().splitlines())
    return found


def circles(imported: Mapping[str, Iterable[Import]]) -> list[list[str]]:
    """Return the files that import each other in a circle, each circle once, its files in order.

    Args:
        imported: The imports of every module of a package, by its path in it.
    """
    arrows = {name: sorted(_files_imported(name, found, imported)) for name, found in imported.items()}
    found: list[list[str]] = []
    done: set[str] = set()
    path: list[str] = []

    def visit(name: str) -> None:
        if name in path:
            found.append([*path[path.index(name) :], name])
        elif name not in done:
            path.append(name)
            for other in arrows[name]:
                visit(other)
            path.pop()
            done.add(name)

    for name in sorted(imported):
        visit(name)
    return found


def _files_imported(name: str, imported: Iterable[Import], files: Container[str]) -> set[str]:
    found: set[str] = set()
    for one in imported:
        top, *parts = one.module.split(".")
        if top != PACKAGE:
            continue
        module = "/".join(parts)
        for taken in one.names or ("",):
            inner = f"{module}/{taken}".strip("/")
            candidates = (f"{inner}.py", f"{inner}/__init__.py", f"{module}.py", f"{module}/__init__.py".lstrip("/"))
            found.add(next((file for file in candidates if file in files), ""))
    return found - {"", name}


def room_of(name: str) -> str:
    """Return the room of a file, given relative to the package."""
    first = name.split("/", maxsplit=1)[0].removesuffix(".py")
    return ROOT if first in {"__init__", "__main__", "_demo"} else first


def _module_problems(
    name: str, tree: ast.Module, nodes: Iterable[ast.AST], imported: Iterable[Import], rank: dict[str, int]
) -> Iterator[tuple[int, str]]:
    room = room_of(name)
    if room != ROOT and room not in rank:
        yield 1, f"{room} is not a room of the line in ARCHITECTURE.md"
        return
    for found in imported:
        inside = _inside(found, rank)
        if inside is None:
            yield from _outside_problems(name, room, found)
        else:
            yield from _direction_problems(name, room, rank, found, inside)
    if room in PURE:
        for node in nodes:
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in IMPURE_CALLS:
                yield node.lineno, f"{room}/ does no I/O, and this calls {node.func.id}()"
    yield from _state_problems(tree, nodes)


def imports(name: str, nodes: Iterable[ast.AST]) -> Iterator[Import]:
    """Yield every import among the nodes of a module, with absolute module names."""
    here = [PACKAGE, *name.removesuffix(".py").split("/")]
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (Import(node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = here[: len(here) - node.level] if node.level else []
            module = ".".join([*base, *filter(None, [node.module])])
            yield Import(node.lineno, module, tuple(alias.name for alias in node.names))
        elif isinstance(node, ast.Call) and _called(node) in {"import_module", "__import__"} and node.args:
            argument = node.args[0]
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                dots = len(argument.value) - len(argument.value.lstrip("."))
                base = here[: len(here) - dots] if dots else []
                yield Import(node.lineno, ".".join([*base, argument.value.lstrip(".")]))


def _inside(found: Import, rank: dict[str, int]) -> list[tuple[str, str]] | None:
    """Return the (room, rest of the path) pairs that an import reaches in our package, None for another package."""
    parts = found.module.split(".")
    if parts[0] != PACKAGE:
        return None
    if len(parts) > 1:
        return [(parts[1] if parts[1] in rank else ROOT, ".".join(parts[2:]))]
    return [(name, "") if name in rank else (ROOT, "") for name in found.names] or [(ROOT, "")]


def _nested_problems(name: str, room: str, found: Import, rest: str) -> Iterator[tuple[int, str]]:
    """A folder inside a room is a room too: its files are imported from inside it only."""
    *folder, last = rest.split(".")
    if folder and last.startswith("_") and folder != name.split("/")[1:-1]:
        yield found.line, f"{room}.{rest} is inside a room: import from {PACKAGE}.{'.'.join((room, *folder))}"


def _direction_problems(
    name: str, room: str, rank: dict[str, int], found: Import, reached: list[tuple[str, str]]
) -> Iterator[tuple[int, str]]:
    for other, rest in reached:
        if other == room:
            yield from _nested_problems(name, room, found, rest)
            continue
        if other == ROOT:
            if room not in MAY_IMPORT_ROOT:
                yield (
                    found.line,
                    f"{room} imports {PACKAGE} itself, which gathers all rooms: import the room that has the name",
                )
            continue
        private = [name for name in found.names if name.startswith("_")]
        if rest or private:
            taken = f"{other}.{rest}" if rest else f"{other}.{private[0]}"
            yield found.line, f"{taken} is inside a room: import from {PACKAGE}.{other}"
        if room != ROOT and rank[other] >= rank[room]:
            why = "beside" if rank[other] == rank[room] else "right of"
            yield found.line, f"{room} imports {other}, which is {why} it in the line of rooms"


def _outside_problems(name: str, room: str, found: Import) -> Iterator[tuple[int, str]]:
    top = found.module.split(".")[0]
    if top in WINDOW_AND_SERVER_MODULES - MAY_ALSO_IMPORT.get(room, frozenset()) and room != MAY_IMPORT_THEM:
        yield found.line, f"only {MAY_IMPORT_THEM}/ may import {top}"
    elif room in PURE and top in IMPURE_MODULES and not _is_allowed(name, found):
        yield found.line, f"{room}/ does no I/O and knows no threads and no asyncio, and this imports {found.module}"


def _is_allowed(name: str, found: Import) -> bool:
    if name == MAY_READ_RESOURCES:
        modules = {found.module, *(f"{found.module}.{taken}" for taken in found.names)}
        if "importlib.resources" in modules:
            return True
    allowed = PURE_NAMES.get(found.module.split(".")[0], set())
    return found.module in allowed or (bool(found.names) and set(found.names) <= allowed)


def _state_problems(tree: ast.Module, nodes: Iterable[ast.AST]) -> Iterator[tuple[int, str]]:
    tables: set[str] = set()
    for statement in _top_level(tree):
        for target, value in _assignments(statement):
            kind = _mutable(value)
            constant = target.lstrip("_").isupper()
            if target == "__all__":
                continue
            if kind and constant:
                tables.add(target)
            elif kind:
                yield statement.lineno, f"{target} is mutable state of the module ({kind}): move it into a class"
            elif (
                isinstance(value, ast.Call)
                and not constant
                and target.islower()
                and _called(value) not in HARMLESS_CALLS
            ):
                yield (
                    statement.lineno,
                    f"{target} is an object of the module: make it in a function, or name it as a constant",
                )
    for node in nodes:
        if isinstance(node, ast.Global):
            yield node.lineno, f"`global {', '.join(node.names)}`: modules have no mutable state"
        for name in _mutated(node):
            if name in tables:
                yield node.lineno, f"{name} is a table, and this changes it"  # type: ignore[attr-defined]


def _top_level(tree: ast.Module) -> Iterator[ast.stmt]:
    for statement in tree.body:
        if isinstance(statement, ast.If | ast.Try | ast.With):
            yield from (inner for inner in ast.walk(statement) if isinstance(inner, ast.Assign | ast.AnnAssign))
        else:
            yield statement


def _assignments(statement: ast.stmt) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(statement, ast.Assign):
        yield from ((target.id, statement.value) for target in statement.targets if isinstance(target, ast.Name))
    elif isinstance(statement, ast.AnnAssign) and statement.value and isinstance(statement.target, ast.Name):
        yield statement.target.id, statement.value


def _mutable(value: ast.expr) -> str | None:
    if isinstance(value, ast.Dict | ast.DictComp):
        return "a dict"
    if isinstance(value, ast.List | ast.ListComp):
        return "a list"
    if isinstance(value, ast.Set | ast.SetComp):
        return "a set"
    if isinstance(value, ast.Call) and _called(value) in MUTABLE_TYPES:
        return f"a {_called(value)}"
    return None


def _mutated(node: ast.AST) -> Iterator[str]:
    """Name what a statement or expression changes in place."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in MUTATORS:
        if isinstance(node.func.value, ast.Name):
            yield node.func.value.id
    elif isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load) and isinstance(node.value, ast.Name):
        yield node.value.id
    elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        yield node.target.id


def _called(call: ast.Call) -> str:
    """Return the last name of what is called: `Lock` for `threading.Lock()` and for `Lock[int]()`."""
    function = call.func.value if isinstance(call.func, ast.Subscript) else call.func
    return (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )
