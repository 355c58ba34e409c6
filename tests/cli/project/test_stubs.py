"""`transom migrate`: stubs for the commands that a front end calls, with types from its TypeScript."""

from __future__ import annotations

import sys
import types
from pathlib import Path
from typing import Any, get_type_hints

import msgspec
import pytest

from transom.bindings import bindings_of
from transom.cli import main
from transom.cli.stubs import Source, module_of
from transom.values import Channel


def module(text: str, name: str = "src/main.ts", *more: Source) -> tuple[str, Any]:
    """Return the stubs for a source, and the module that they are; it is made as Python imports it."""
    written, _ = module_of([Source(Path(name), text), *more])
    made = types.ModuleType("stubs_of_a_test")
    sys.modules[made.__name__] = made
    exec(compile(written, "commands.py", "exec"), vars(made))
    bindings_of(made.handler.specs)  # every type can cross
    return written, made


def signature(body: str, name: str = "src/main.ts") -> str:
    """Return the line `def` of the only command that a source calls."""
    written, _ = module(body, name)
    [line] = [line for line in written.splitlines() if line.startswith("def ")]
    return line.removeprefix("def ").removesuffix(":")


@pytest.mark.parametrize(("call", "expected"), [
    ("invoke('a')", "a() -> Any"),
    ("invoke<void>('a', { text: 'x', n: 1, d: 1.5, yes: true, many: ['a'] })", "a(text: str, n: int, d: float, yes: bool, many: list[str]) -> None"),
    ("const f = (x: string[], y?: number): Promise<Record<string, boolean>> => invoke('a', { x, y })", "a(x: list[str], y: int | float) -> dict[str, bool]"),
    ("async function f(deep = false): Promise<string | null> { return await invoke('a', { deep }); }", "a(deep: bool) -> str | None"),
    ("const n: number = await invoke('a', { fileName: `x${y}` })", "a(file_name: str) -> int | float"),
    ("invoke('a', { file_name: 'x' })", "a(file_name: str) -> Any"),
    ("invoke('a', { from: 'x', class: 1 })", "a(from_: str, class_: int) -> Any"),
    ("const onEvent = new Channel<string>(); invoke('a', { onEvent })", "a(on_event: Channel[str]) -> Any"),
    ("const [n, setN] = useState(0); invoke('a', { n })", "a(n: int) -> Any"),
    ("const [n, setN] = useState<string>(); invoke('a', { n })", "a(n: str) -> Any"),
    ("const n = ref(''); invoke('a', { n: n.value })", "a(n: str) -> Any"),
    ("invoke('a', { x: y as unknown as Uint8Array })", "a(x: bytes) -> Any"),
    ("invoke('a', { x: y as Uint8Array, n: s.length, b: !s, t: s.trim() })", "a(x: bytes, n: int, b: bool, t: str) -> Any"),
    ("type S = 'on' | 'off'; invoke<S>('a')", 'a() -> Literal["on", "off"]'),
    ("type S = 'on' | string; invoke<S>('a')", "a() -> str"),
    ("type J = string | J[]; invoke<J>('a')", "a() -> str | list[Any]"),
    ("type A = { x: number } | { y: number }; invoke<A>('a')", "a() -> Any"),
    ("invoke<[string, number][]>('a')", "a() -> list[tuple[str, int | float]]"),
    ("invoke('a', { x: 1 }); invoke('a', { x: 2, more: 'b' })", "a(x: int, more: str | None = None) -> Any"),
    ("invoke('a', { ...rest, x: 1 })", "a(x: int) -> Any"),
    ("const args = { x: 1 }; invoke('a', args)", "a(x: int) -> Any"),
    ("const f = (args: { x: string, y?: boolean }) => invoke('a', args)", "a(x: str, y: bool | None = None) -> Any"),
    # Tauri 1: its packages, and its global
    ("import { invoke as call } from '@tauri-apps/api/tauri'; call('a', { x: 1 })", "a(x: int) -> Any"),
    ("window.__TAURI__.tauri.invoke('a', { x: 1 }).then(f)", "a(x: int) -> Any"),
    ("const { invoke: run } = window.__TAURI__; run('a')", "a() -> Any"),
    # what is no call
    ("invoke('a'); // invoke('b')\n/* invoke('c') */ const s = \"invoke('d')\", r = /invoke\\('e'\\)/; invoke(name); invoke('plugin:fs|f')", "a() -> Any"),
])  # fmt: skip
def test_types_are_guessed_from_what_is_written(call: str, expected: str) -> None:
    assert signature(call) == expected


@pytest.mark.parametrize(("name", "text"), [
    ("App.tsx", "const A = () => { const [x, setX] = useState(''); return <p>Don't <b onClick={() => invoke('a', { x })}/></p>; }"),
    ("A.svelte", "<script lang='ts'>let x = $state('');</script>\n<p>isn't</p><button on:click={() => invoke('a', { x })}/>"),
    ("A.vue", "<script setup>const x = ref('');</script><template><!-- invoke('b') --><b @click=\"invoke('a', { x })\"/></template>"),
    ("index.html", "<p>it's</p><script type=module>const x = 'y';\ninvoke('a', { x });</script>"),
])  # fmt: skip
def test_calls_are_found_in_components_and_in_markup(name: str, text: str) -> None:
    assert signature(text, name) == "a(x: str) -> Any"


def test_declared_types_become_classes_that_decode_what_the_page_sends() -> None:
    types_file = Source(
        Path("src/types.ts"),
        "export interface Entry extends Base { fileName: string; children?: Entry[]; 'odd-key': Kind; list: string[] }\n"
        "interface Base { size: number; [key: string]: unknown }\nexport enum Kind { File = 'file', Folder = 'folder' }",
    )
    written, made = module("invoke<Entry[]>('list', { entry: e as Entry })", "src/main.ts", types_file)
    hints = get_type_hints(made.list_)
    assert hints["entry"] is made.Entry
    assert hints["return"] == list[made.Entry]
    sent = '{"size":1,"fileName":"a","odd-key":"file","list":["x"],"children":[]}'
    entry = msgspec.json.decode(sent, type=made.Entry)
    assert (entry.file_name, entry.odd_key, entry.list_, entry.children) == ("a", made.Kind.File, ["x"], [])
    assert msgspec.json.decode(msgspec.json.encode(entry)) == msgspec.json.decode(sent)
    assert '"""Called in src/main.ts:1."""' in written


def test_a_command_has_the_name_that_pages_call_and_its_channel_carries() -> None:
    _, made = module("const on = new Channel<{ done: number }>(); invoke('my-scan', { on_step: on }); invoke('two')")
    [scan, two] = made.handler.specs
    assert (scan.name, two.name, [one.key for one in scan.parameters]) == ("my-scan", "two", ["on_step"])
    assert get_type_hints(made.my_scan)["on_step"].__origin__ is Channel


@pytest.mark.parametrize(
    "text", ["invoke(", "invoke<", "invoke('a', {", "invoke('a', { x: ", "invoke<{ a: [", "`${", "type X", "'\\"]
)
def test_text_that_breaks_off_is_no_error(text: str) -> None:
    module_of([Source(Path("a.ts"), text), Source(Path("b.vue"), text), Source(Path("c.vue"), f"<script>{text}")])


def test_migrate_writes_them_once_and_names_the_plugins(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "src-tauri").mkdir()
    (tmp_path / "src-tauri" / "tauri.conf.json").write_text('{"identifier": "com.example.a"}', "utf-8")
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "main.ts").write_text(
        "import { load } from '@tauri-apps/plugin-store'; import x from 'tauri-plugin-foo-api';\ninvoke('one');",
        "utf-8",
    )
    for left_out in ("node_modules", "dist", "src-tauri/target"):
        (tmp_path / left_out).mkdir()
        (tmp_path / left_out / "x.js").write_text("invoke('not_ours')", "utf-8")
    assert main(["migrate", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    file = tmp_path / "commands.py"
    assert "def one() -> Any:" in file.read_text("utf-8")
    assert "not_ours" not in file.read_text("utf-8")
    for part in (
        "a stub for the one command that pages call",
        "transom init",
        "`transom plugin add store`",
        "no plugin for tauri-plugin-foo-api",
    ):
        assert part in said
    file.write_text("mine", "utf-8")
    assert main(["migrate", str(tmp_path)]) == 0
    assert "was not changed; pages call these commands: one" in capsys.readouterr().out
    assert file.read_text("utf-8") == "mine"


def test_the_name_of_a_file_does_not_end_the_docstring() -> None:
    name = 'src/a"""\nimport os; os.abort()\n"""\\.ts'
    written, made = module("invoke('a')", name)
    assert made.a.__doc__ == "Called in src/a????import os? os.abort()?????.ts:1."
    assert "\nimport os" not in written
