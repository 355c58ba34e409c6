"""The arguments of a page as JSON text and buffers, whatever realm their values were made in."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest

from tests.requirements import ROOT, needs_node

SOURCE = ROOT / "src" / "transom" / "wire" / "js" / "serialize.js"
PROGRAM = """
globalThis.transom = {};
const vm = require('node:vm');
vm.runInThisContext(require('node:fs').readFileSync(process.argv[1], 'utf8'));
const here = (source) => (0, eval)(`(${source})`);
const elsewhere = (source) => vm.runInNewContext(`(${source})`);
const shown = (make) => {
  try {
    const { json, buffers } = transom.serialize.serialize(make());
    return [json, buffers.map(({ path, kind, view }) => [path, kind, [...view]])];
  } catch (error) { return error.name }
};
const told = JSON.parse(process.argv[2]).map((source) => [
  shown(() => here(source)), shown(() => elsewhere(source)), shown(() => ({ nested: here(source) })), shown(() => ({ nested: elsewhere(source) })),
]);
process.stdout.write(JSON.stringify(told));
"""

VALUES = {
    "new Map([['a', 1], ['b', new Map([['c', new Uint8Array([7])]])]])": '{"a":1,"b":{"c":null}}',
    "new Set([1])": "{}",
    "new Date(0)": '"1970-01-01T00:00:00.000Z"',
    "new Uint8Array([1, 2])": "null",
    "new Float32Array([1]).subarray(0, 1)": "null",
    "new DataView(new ArrayBuffer(2))": "null",
    "new ArrayBuffer(3)": "null",
    "[1, 2]": "null",
    "({a: [1, {b: null}], c: undefined})": '{"a":[1,{"b":null}]}',
    "new Number(7)": "7",
    "new String('x')": '"x"',
    "Object(true)": "true",
    "({[Symbol.toStringTag]: 'Map', a: 1})": '{"a":1}',
    "({[Symbol.toStringTag]: 'ArrayBuffer', a: 1})": '{"a":1}',
    "new (class extends Map { get [Symbol.toStringTag]() { return 'Own' } })([['a', 1]])": '{"a":1}',
    "Object.create(Map.prototype)": "{}",
    "({__TAURI_TO_IPC_KEY__: () => 'own'})": '"own"',
    "({toJSON: () => 'own'})": '"own"',
    "new Error('x')": "{}",
    "null": "null",
}
# A subclass that hides what it is can only be known in its own realm.
HIDDEN = {source for source in VALUES if "extends Map" in source}


@pytest.fixture(scope="module")
def serialized() -> dict[str, list[Any]]:
    program = [needs_node(), "-e", PROGRAM, str(SOURCE), json.dumps(list(VALUES))]
    run = subprocess.run(program, capture_output=True, text=True, check=True, timeout=30)
    return dict(zip(VALUES, json.loads(run.stdout), strict=True))


@pytest.mark.parametrize("source", VALUES)
def test_a_value_of_a_frame_is_written_as_one_of_the_page(serialized: dict[str, list[Any]], source: str) -> None:
    here, elsewhere, nested_here, nested_elsewhere = serialized[source]
    assert here[0] == VALUES[source]
    if source not in HIDDEN:
        assert elsewhere == here
        assert nested_elsewhere == nested_here


def test_a_value_that_json_has_no_form_for_is_named_once_on_the_console() -> None:
    program = """
    globalThis.transom = {};
    const vm = require('node:vm');
    vm.runInThisContext(require('node:fs').readFileSync(process.argv[1], 'utf8'));
    const { serialize } = transom.serialize;
    const told = [];
    console.warn = (text) => told.push(/holds a (\\w+)/.exec(text)[1]);
    serialize({ set: new Set([1]), again: [new Set([2])], frame: vm.runInNewContext('new Set([3])') });
    serialize({ blob: new Blob(['x']), unfinished: Promise.resolve(1), error: new Error('x') });
    serialize({ empty: {}, none: Object.create(null), list: [], map: new Map(), date: new Date(0), bytes: new Uint8Array(1), text: new String('') });
    serialize({ own: new (class Own { a = 1; })(), bare: new (class Bare {})(), error: Object.assign(new TypeError('x'), { code: 1 }) });
    process.stdout.write(JSON.stringify(told));
    """
    run = subprocess.run(
        [needs_node(), "-e", program, str(SOURCE)], capture_output=True, text=True, check=True, timeout=30
    )
    assert json.loads(run.stdout) == ["Set", "Blob", "Promise", "Error"]
