"""The texts of one module in Python, found in its syntax tree."""

from __future__ import annotations

import ast
import re
from typing import NamedTuple, TypeAlias

__all__ = ["Found", "texts_of"]

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef

_LOGGERS = frozenset(("log", "_log", "logger", "_logger"))
_LEVELS = frozenset(("warning", "error", "exception", "critical"))
# Which argument of an exception has the text; the first unless it is here. `None`: they only fill in the text of the class.
_PLACES = {"InvalidArgs": 2, "Unsupported": 2, "ShortcutsUnavailable": 1, "LimitReached": None, "CommandNotFound": None}
# Calls that collect what is wrong, with the argument that has the text. Add here to read another.
_COLLECTORS = {"Fault": 1, "Problem": 1, "complain": 0, "PlainTextResponse": 0, "fail": 0, "self.fault": 0}
_LISTS = frozenset(("problems", "complaints", "wrong"))
_MOST = 12  # alternatives of one text
_NAMES = {"strerror": "reason", "error": "reason", "reason": "reason", "self": "...", "stderr": "output"}


class Found(NamedTuple):
    """A text with the kind of its error, and the function that has it."""

    text: str
    kind: str
    function: str


def texts_of(tree: ast.Module, exceptions: frozenset[str]) -> list[Found]:
    """Return the texts of a module.

    Args:
        tree: The module.
        exceptions: The names of all classes of exceptions.
    """
    return _Module(tree, exceptions).found


class _Module:
    def __init__(self, tree: ast.Module, exceptions: frozenset[str]) -> None:
        self.found: list[Found] = []
        self._exceptions = exceptions
        self._constants = {
            target.id: node.value
            for node in tree.body
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None
            for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
            if isinstance(target, ast.Name)
        }
        self._functions: dict[str, Function] = {}
        self._seen: dict[Function, dict[str, list[ast.expr]]] = {}
        self._calls: list[tuple[ast.Call, Function | None, str]] = []
        self._makers: dict[str, list[tuple[str, str, Function]]] = {}
        self._walk(tree, None, "", "")
        for call, function, where in self._calls:
            self._read(call, function, where)
        for call, function, where in self._calls:
            self._fill(call, function, where)
        for name, function in self._functions.items():
            if "refusal" in name:  # what a request is refused with
                self.found += [
                    Found(text, "answer", name)
                    for value in self._assigned("return", function)
                    for text in self._texts(value, function, 0)
                ]

    def _walk(self, node: ast.AST, function: Function | None, of_class: str, where: str) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Name | ast.Constant | ast.expr_context | ast.arguments):
                continue
            if isinstance(child, ast.ClassDef):
                self._walk(child, function, child.name, child.name)
            elif isinstance(child, Function):
                self._functions.setdefault(child.name, child)
                self._walk(child, child, of_class, f"{of_class}.{child.name}" if of_class else child.name)
            else:
                if isinstance(child, ast.Call):
                    self._calls.append((child, function, where))
                self._walk(child, function, of_class, where)

    def _read(self, call: ast.Call, function: Function | None, where: str) -> None:
        sink = self._sink(call, where)
        if sink is None:
            return
        kind, place = sink
        named = (each.value for each in call.keywords if each.arg in ("message", "text"))
        given = call.args[place] if place < len(call.args) else next(named, None)
        if given is None:
            return
        for text in self._texts(given, function, 0):
            self.found.append(Found(re.sub(r"%[.\d]*[srdf]", "<...>", text) if kind == "log" else text, kind, where))
            if function is not None:
                self._makers.setdefault(function.name, []).append((text, kind, function))

    def _sink(self, call: ast.Call, where: str) -> tuple[str, int] | None:
        """Return the kind of the error that a call makes, and which argument is its text; `None` if it makes none."""
        *before, name = _dotted(call.func)
        whole = ".".join((*before, name))
        if name in self._exceptions:
            place = _PLACES.get(name, 1 if name.endswith("OSError") and len(call.args) > 1 else 0)
            return None if place is None else (name, place)
        of_class = where.partition(".")[0]
        if whole in ("().__init__", "cls") and of_class in self._exceptions:
            place = _PLACES.get(of_class, 0) if whole == "cls" else 0
            return None if place is None else (of_class, place)
        if before and before[-1] in _LOGGERS and name in _LEVELS:
            return "log", 0
        if name == "append" and before and before[-1] in _LISTS:
            return "ConfigError", 0
        if whole == "report.add" or (before and before[-1] == "_report" and name == "add") or whole == "self.add":
            return "ConfigError", 1
        if name in _COLLECTORS:
            kind = {"PlainTextResponse": "answer", "complain": "log"}.get(name, "ConfigError")
            return kind, _COLLECTORS[name]
        if whole in ("parser.error", "self.error", "sys.stderr.write") or (name == "print" and _to_stderr(call)):
            return "terminal", 0
        return None

    def _fill(self, call: ast.Call, function: Function | None, where: str) -> None:
        """Add the texts that a call passes to a function of the module, which makes an error of them."""
        for text, kind, maker in self._makers.get(_last(call.func), ()):
            if maker is function or self._sink(call, where) is not None:
                continue
            parameters = [
                each.arg for each in (*maker.args.posonlyargs, *maker.args.args) if each.arg not in ("self", "cls")
            ]
            given = {
                **dict(zip(parameters, call.args, strict=False)),
                **{each.arg: each.value for each in call.keywords if each.arg},
            }
            for name, value in given.items():
                if f"<{name}>" in text:
                    for part in self._texts(value, function, 1):
                        if part != f"<{_name_of(value)}>":
                            self.found.append(Found(text.replace(f"<{name}>", part), kind, where))

    def _texts(self, node: ast.expr, function: Function | None, depth: int) -> list[str]:
        """Return the texts that an expression can have, none if it has no words of its own."""
        if depth > 4:
            return []
        match node:
            case ast.Constant(value=str(text)):
                return [text]
            case ast.JoinedStr(values=parts):
                return self._joined([self._part(part, function, depth) for part in parts])
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                sides = [self._texts(side, function, depth) or [f"<{_name_of(side)}>"] for side in (left, right)]
                return self._joined(sides)
            case ast.IfExp(body=body, orelse=orelse):
                return [*self._texts(body, function, depth), *self._texts(orelse, function, depth)]
            case ast.Name(id=name):
                values = [each for each in self._assigned(name, function) if not _names(each, name)]
                values = values or ([self._constants[name]] if name in self._constants else [])
                return [text for value in values for text in self._texts(value, function, depth + 1)]
            case ast.Call(func=ast.Attribute(value=value, attr="rstrip" | "strip" | "format")):
                return self._texts(value, function, depth)
            case ast.Call(func=called) if (
                made := self._functions.get(_last(called))
            ) is not None and made is not function:
                return [
                    text for value in self._assigned("return", made) for text in self._texts(value, made, depth + 1)
                ]
        return []

    def _part(self, part: ast.expr, function: Function | None, depth: int) -> list[str]:
        if isinstance(part, ast.Constant):
            return [str(part.value)]
        if isinstance(part, ast.FormattedValue):
            value = part.value
            if isinstance(value, ast.Name) and isinstance(constant := self._constants.get(value.id), ast.Constant):
                return [str(constant.value)]
            if isinstance(value, ast.IfExp) or (isinstance(value, ast.Name) and self._assigned(value.id, function)):
                texts = [text for text in self._texts(value, function, depth + 1) if " " in text or not text]
                return texts or [f"<{_name_of(value)}>"]
            return [f"<{_name_of(value)}>"]
        return ["<...>"]

    def _joined(self, parts: list[list[str]]) -> list[str]:
        texts = [""]
        for alternatives in parts:
            texts = [text + each for text in texts for each in alternatives][:_MOST]
        return texts

    def _assigned(self, name: str, function: Function | None) -> list[ast.expr]:
        """Return what a function assigns to a name; for `return`, what it returns."""
        if function is None:
            return []
        if function not in self._seen:
            seen = self._seen[function] = {}
            for node in ast.walk(function):
                if isinstance(node, ast.Return) and node.value is not None:
                    seen.setdefault("return", []).append(node.value)
                elif isinstance(node, ast.Assign):
                    for target in node.targets:
                        if isinstance(target, ast.Name):
                            seen.setdefault(target.id, []).append(node.value)
        return self._seen[function].get(name, [])


def _dotted(node: ast.expr) -> list[str]:
    return [*_dotted(node.value), node.attr] if isinstance(node, ast.Attribute) else [_last(node) or "()"]


def _to_stderr(call: ast.Call) -> bool:
    return any(each.arg == "file" and _last(each.value) == "stderr" for each in call.keywords)


def _names(node: ast.expr, name: str) -> bool:
    return any(isinstance(each, ast.Name) and each.id == name for each in ast.walk(node))


def _last(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _name_of(node: ast.expr) -> str:
    """Return the word that stands for an expression in a text."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            word = name.strip("_").lower().replace("_", " ")
            return {"name  ": "name"}.get(word, _NAMES.get(word, word))
        case ast.Call(func=ast.Attribute(attr="join"), args=[given, *_]):
            return _name_of(given)
        case ast.Call(func=ast.Name(id="len")):
            return "number"
        case ast.Call(func=ast.Name(), args=[given, *_]) | ast.Subscript(value=given):
            return _name_of(given)
        case ast.Call(func=ast.Attribute(value=given)):
            return _name_of(given)
    return "..."
