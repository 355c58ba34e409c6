"""The module with the stubs."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Sequence

from ...names import to_camel_case
from ._calls import Call, calls_of
from ._sources import Source
from ._types import Classes, is_taken, snake_case

__all__ = ["module_of"]

_HEAD = '"""Commands that the pages call, found by `transom migrate`. The types are guesses: check each one."""\n'
_PLACES = 3
_LINE = 100  # characters


def module_of(sources: Sequence[Source]) -> tuple[str, list[str]]:
    """Return the text of a Python module with a function for each command that a front end calls, and their names.

    Args:
        sources: The files of the front end.
    """
    classes = Classes(sources)
    called: dict[str, list[Call]] = {}
    for call in calls_of(sources, classes):
        if not call.command.startswith("plugin:"):
            called.setdefault(call.command, []).append(call)
    functions = [_function(name, calls, classes) for name, calls in sorted(called.items())]
    names = [_python_name(name) for name in sorted(called)]
    body = "\n\n".join(functions)
    used = _used(classes, body)
    parts = [classes.texts[name] for name in classes.texts if name in used]
    last = f"handler = generate_handler({', '.join(names)})\n"
    if len(last) > _LINE:
        last = "handler = generate_handler(\n" + "".join(f"    {name},\n" for name in names) + ")\n"
    text = "\n\n".join([*parts, *functions, last])
    return _head(text) + "\n\n" + text, sorted(called)


def _used(classes: Classes, text: str) -> set[str]:
    found: set[str] = set()
    waiting = [text]
    while waiting:
        names = (set(re.findall(r"\w+", waiting.pop())) & classes.texts.keys()) - found
        found |= names
        waiting += [classes.texts[name] for name in names]
    return found


def _head(text: str) -> str:
    modules = [f"import {name}\n" for name in ("datetime", "enum") if re.search(rf"\b{name}\.", text)]
    typing = [name for name in ("Any", "Literal") if re.search(rf"\b{name}\b", text)]
    if typing:
        modules.append(f"from typing import {', '.join(typing)}\n")
    ours = [name for name in ("Channel", "command", "generate_handler") if re.search(rf"\b{name}\b", text)]
    third = "import msgspec\n\n" if "msgspec." in text else ""
    blocks = [
        "from __future__ import annotations\n",
        "".join(modules),
        f"{third}from transom import {', '.join(ours)}\n",
    ]
    return "\n".join([_HEAD, *(block for block in blocks if block)])


def _function(name: str, calls: Sequence[Call], classes: Classes) -> str:
    keys = list(dict.fromkeys(key for call in calls for key in call.arguments))
    in_camel = all(to_camel_case(snake_case(key)) == key for key in keys)
    required, optional, odd = [], [], []
    for key in keys:
        own = snake_case(key) if in_camel else key
        own = f"{own}_" if keyword.iskeyword(own) else own
        if not own.isidentifier():
            odd.append(key)
            continue
        everywhere = all(key in call.arguments for call in calls if call.complete)
        kind = _merged(classes, (call.arguments[key] for call in calls if key in call.arguments))
        if everywhere and not kind.endswith("None"):
            required.append(f"{own}: {kind}")
        else:
            optional.append(f"{own}: {kind if kind.endswith('None') or kind == 'Any' else f'{kind} | None'} = None")
    result = _merged(classes, (call.result for call in calls if call.result is not None))
    options = [] if name == _python_name(name) else [f'name="{name}"']
    options += [] if in_camel else ['rename_all="snake_case"']
    decorator = f"@command({', '.join(options)})" if options else "@command"
    head = f"def {_python_name(name)}({', '.join(required + optional)}) -> {result}:"
    if len(head) > _LINE:
        rows = "".join(f"    {one},\n" for one in required + optional)
        head = f"def {_python_name(name)}(\n{rows}) -> {result}:"
    doc = f'    """Called in {_places(calls)}."""\n'
    notes = [f"    # The argument {key!r} cannot be a parameter; rename it in the front end.\n" for key in odd]
    if not all(call.complete for call in calls):
        notes.append("    # More arguments may be passed: the front end passes an object whose type is not known.\n")
    return f"{decorator}\n{head}\n{doc}{''.join(notes)}    raise NotImplementedError\n"


def _places(calls: Sequence[Call]) -> str:
    # A file may have any name, and the text stands in a docstring.
    places = list(dict.fromkeys(re.sub(r"[^\w ./:@()\[\]+,-]", "?", call.place) for call in calls))
    more = len(places) - _PLACES
    return ", ".join(places[:_PLACES]) + (f" and {more} more" if more > 0 else "")


def _merged(classes: Classes, kinds: Iterable[str]) -> str:
    """Return one annotation for several guesses: those that say something count."""
    found = list(dict.fromkeys(kinds))
    known = [kind for kind in found if kind != "Any"]
    if "int | float" in known or {"int", "float"} <= set(known):
        known = ["int | float", *(kind for kind in known if kind not in ("int", "float", "int | float"))]
    return classes.union(known) if known else "Any"


def _python_name(command: str) -> str:
    name = re.sub(r"\W", "_", command)
    name = f"_{name}" if name[:1].isdigit() else name
    return f"{name}_" if is_taken(name) else name
