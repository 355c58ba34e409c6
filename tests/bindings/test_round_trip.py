"""Generated signatures: the compiler accepts right calls and refuses wrong ones, and a real page gets what the types say."""

from __future__ import annotations

import json
import subprocess
import sys
import types
from pathlib import Path
from typing import NamedTuple

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.bindings.compiler import check_uses, refused
from tests.property import examples
from tests.requirements import NODE_MODULES, needs_node
from tests.runtimes.browser import browser
from transom.bindings import bindings_of
from transom.testing.browser import served


class Form(NamedTuple):
    """A type in both languages, written independently of the bindings.

    Attributes:
        python: The annotation.
        sent: JavaScript of a value that a page may send.
        wrong: JavaScript of one that it may not.
        received: What TypeScript is to say of the value when the command returns it.
        check: JavaScript that tells whether `v` is the value, as the page gets it.
        classes: The classes that the annotation needs.
    """

    python: str
    sent: str
    wrong: str
    received: str
    check: str
    classes: tuple[str, ...] = ()


SCALARS = [
    Form("int", "7", "'x'", "number", "v === 7"),
    Form("float", "1.5", "true", "number", "v === 1.5"),
    Form("str", "'é'", "1", "string", "v === 'é'"),
    Form("bool", "true", "'x'", "boolean", "v === true"),
    Form("bytes", "new Uint8Array([1, 2])", "'text'", "ArrayBuffer", "v instanceof ArrayBuffer && v.byteLength === 2"),
    Form("dt.datetime", "new Date(0)", "1", "string", "Date.parse(v) === 0"),
    Form("decimal.Decimal", "'1.50'", "true", "string", "v === '1.50'"),
    Form("uuid.UUID", f"'{'1' * 8}-1111-1111-1111-{'1' * 12}'", "1", "string", "v.length === 36"),
    Form("Color", "'red'", "'green'", "'red' | 'blue'", "v === 'red'"),
    Form("Literal['a', 2]", "2", "3", "'a' | 2", "v === 2"),
]


def listed(item: Form) -> Form:
    every = f"Array.isArray(v) && v.length === 2 && v.every((v) => {item.check})"
    pair = f"[{item.sent}, {item.sent}]"
    return Form(f"list[{item.python}]", pair, f"[{item.wrong}]", f"Array<{item.received}>", every, item.classes)


def keyed(item: Form) -> Form:
    check = f"Object.keys(v).join() === 'k-1' && Object.values(v).every((v) => {item.check})"
    sent, wrong = (f"{{ 'k-1': {value} }}" for value in (item.sent, item.wrong))
    return Form(f"dict[str, {item.python}]", sent, wrong, f"Record<string, {item.received}>", check, item.classes)


def optional(item: Form) -> Form:
    return item._replace(python=f"{item.python} | None", received=f"{item.received} | null")


def boxed(item: Form) -> Form:
    sent, wrong = (f"{{ content: {value} }}" for value in (item.sent, item.wrong))
    received = f"{{ content: {item.received} }}"
    return Form(f"Box[{item.python}]", sent, wrong, received, f"((v) => {item.check})(v.content)", item.classes)


def paired(first: Form, second: Form) -> Form:
    check = f"v.length === 2 && ((v) => {first.check})(v[0]) && ((v) => {second.check})(v[1])"
    kind, sent = f"tuple[{first.python}, {second.python}]", f"[{first.sent}, {second.sent}]"
    received = f"[{first.received}, {second.received}]"
    return Form(kind, sent, f"[{first.sent}]", received, check, (*first.classes, *second.classes))


def classed(base: str, first: Form, second: Form, fault: str) -> Form:
    """Return a class with a required field and one that may be left out, as it is here."""
    classes = (*first.classes, *second.classes)
    name = f"C{sum(map(ord, base + first.python + second.python + fault))}{len(classes)}x{len(first.python)}"
    head = f"@dataclass\nclass {name}:\n" if base == "dataclass" else f"class {name}({base}):\n"
    text = f"{head}    one: {first.python}\n    two: {second.python} | None = None\n"
    faults = {
        "missing": "{}",
        "wrong": f"{{ one: {first.wrong} }}",
        "unknown": f"{{ one: {first.sent}, more: 1 }}",
        "other": f"{{ one: {first.sent}, two: {second.wrong} }}",
    }
    received = f"{{ one: {first.received}; two: {second.received} | null }}"
    check = f"v.two === null && ((v) => {first.check})(v.one)"
    return Form(name, f"{{ one: {first.sent} }}", faults[fault], received, check, (*classes, text))


FORMS = st.recursive(
    st.sampled_from(SCALARS),
    lambda inner: st.one_of(
        inner.map(listed),
        inner.map(keyed),
        inner.map(optional),
        inner.map(boxed),
        st.builds(paired, inner, inner),
        st.builds(
            classed,
            st.sampled_from(["msgspec.Struct", "dataclass", "pydantic.BaseModel"]),
            inner,
            inner,
            st.sampled_from(["missing", "wrong", "unknown", "other"]),
        ),
    ),
    max_leaves=4,
)

PROGRAM = """\
import decimal
import datetime as dt
import enum
import uuid
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

import msgspec
import pydantic

from transom import Builder, command, generate_context, generate_handler

T = TypeVar("T")


class Color(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Box(msgspec.Struct, Generic[T]):
    content: T


"""
END = """
handler = generate_handler({names})

if __name__ == "__main__":
    Builder().invoke_handler(handler).run(generate_context())
"""
# Whether each of two types can stand for the other.
SAME = "type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;\n"


def signatures(number: int) -> list[tuple[Form, Form]]:
    found: list[tuple[Form, Form]] = []

    @settings(max_examples=number, phases=[Phase.generate], database=None)
    @given(FORMS, FORMS)
    def collect(first: Form, second: Form) -> None:
        found.append((first, second))

    collect()
    return found


def test_generated_signatures_hold_in_the_compiler_and_in_a_real_page(tmp_path: Path) -> None:
    made = signatures(examples(30))
    classes = dict.fromkeys(text for pair in made for form in pair for text in form.classes)
    functions = [
        f"@command\ndef c{at}(one_value: {one.python}, other: {two.python} | None = None) -> {one.python}:\n    return one_value\n"
        for at, (one, two) in enumerate(made)
    ]
    names = ", ".join(f"c{at}" for at in range(len(made)))
    text = PROGRAM + "\n\n".join([*classes, *functions]) + END.format(names=names)
    (tmp_path / "app.py").write_text(text, "utf-8")
    program = sys.modules["round_trip"] = types.ModuleType("round_trip")
    exec(compile(text, str(tmp_path / "app.py"), "exec"), vars(program))
    module = bindings_of(program.handler.specs)

    uses, misuses, checks = ['import * as api from "./bindings";\n', SAME], [], []
    for at, (one, two) in enumerate(made):
        call = f"api.c{at}({{ oneValue: {one.sent} }})"
        uses.append(f"export const r{at}: Promise<{one.received}> = {call};\n")
        uses.append(f"export const s{at}: Same<Awaited<ReturnType<typeof api.c{at}>>, {one.received}> = true;\n")
        uses.append(f"void api.c{at}({{ oneValue: {one.sent}, other: {two.sent} }});\n")
        misuses += [
            f"api.c{at}({{ oneValue: {one.wrong} }});",
            f"api.c{at}({{ oneValue: {one.sent}, other: {two.wrong} }});",
            f"api.c{at}({{ oneValue: {one.sent}, another: 1 }});",
            *([] if one.python.endswith("| None") else [f"api.c{at}({{}});"]),  # `None` may be left out
            f"const r: Promise<symbol> = {call};",
        ]
        checks.append(f"[{json.dumps(one.python)}, () => {call}, (v) => {one.check}],\n")
    check_uses(tmp_path, module, "".join(uses) + refused(misuses))

    page = (
        f"import * as api from './bindings';\nwindow.wrong = (async () => {{\n  const wrong = [];\n"
        f"  for (const [name, call, check] of [{''.join(checks)}])\n"
        "    try { const v = await call(); if (!check(v)) wrong.push([name, JSON.stringify(v)]); }\n"
        "    catch (error) { wrong.push([name, String(error)]); }\n  return wrong;\n})();\n"
    )
    (tmp_path / "page.js").write_text(page, "utf-8")
    (tmp_path / "ui").mkdir()
    (tmp_path / "ui" / "index.html").write_text("<!doctype html><script type=module src=page.js></script>", "utf-8")
    bundle = [needs_node(), NODE_MODULES.parent / "bundle_page.mjs", tmp_path / "page.js", tmp_path / "ui" / "page.js"]
    subprocess.run(bundle, check=True)
    config = {"identifier": "org.example.round", "build": {"frontendDist": "ui"}}
    (tmp_path / "tauri.conf.json").write_text(json.dumps(config), "utf-8")
    with served(tmp_path / "app.py") as address, browser() as chromium:
        tab = chromium.tab()
        tab.goto(address)
        assert tab.eval("window.wrong") == []
