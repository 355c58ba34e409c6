"""The TypeScript of commands: what it says, and that the compiler holds callers to it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from typing_extensions import deprecated

from tests.bindings.compiler import check_uses, refused
from transom import AppHandle, Builder, Channel, CommandError, command, generate_handler
from transom.bindings import bindings_of
from transom.errors import ConfigError
from transom.testing import running


class Picture(msgspec.Struct, rename="camel"):
    file_name: str
    pixels: bytes


class NotFound(CommandError):
    path: str


@command(raises=NotFound)
def rotate(app: AppHandle, picture: Picture, turns: int = 1) -> Picture:
    """Rotate a picture.

    By quarters of a turn */ to the right.
    """
    raise NotFound(path="")


@command
async def watch(path: str, on_change: Channel[Picture]) -> None:
    """Tell of changes."""


@command
async def tail(path: str) -> AsyncIterator[str]:
    yield path


@command(name="delete")
def delete_all() -> int:
    return 0


MODULE = bindings_of(generate_handler(rotate, watch, tail, delete_all).specs)


def test_the_module_says_what_the_commands_take_and_give() -> None:
    assert (
        MODULE
        == """\
// Made by `transom bindings` from the commands of the application. Do not edit it: make it again.
import { Channel, invoke } from "@tauri-apps/api/core";
import { stream } from "transom-api";

export interface NotFound {
  kind: "notFound";
  path: string;
}

export interface Picture {
  fileName: string;
  pixels: ArrayBuffer;
}

export interface PictureInput {
  fileName: string;
  pixels: ArrayBuffer | ArrayBufferView | number[];
}

export function delete_(): Promise<number> {
  return invoke("delete");
}

/**
 * Rotate a picture.
 *
 * By quarters of a turn * / to the right.
 *
 * Rejects with `NotFound`.
 */
export function rotate(args: { picture: PictureInput; turns?: number }): Promise<Picture> {
  return invoke("rotate", args);
}

export function tail(args: { path: string }): AsyncGenerator<string, void, undefined> {
  return stream("tail", args);
}

/** Tell of changes. */
export function watch(args: { path: string; onChange: Channel<Picture> }): Promise<null> {
  return invoke("watch", args);
}
"""
    )


USES = """\
import { Channel } from "@tauri-apps/api/core";
import { delete_, rotate, tail, watch, type NotFound } from "./bindings";

const onChange = new Channel<import("./bindings").Picture>((picture) => picture.pixels.byteLength);
export const turned: Promise<ArrayBuffer> = rotate({ picture: { fileName: "a", pixels: [1] } }).then((p) => p.pixels);
export const count: Promise<number> = delete_();
export const watching: Promise<null> = watch({ path: "a", onChange });
export async function* lines(): AsyncGenerator<string> {
  for await (const line of tail({ path: "a" })) yield line.trim();
}
export const why = (error: NotFound): "notFound" => error.kind;
"""
MISUSES = [
    "rotate({ picture: { fileName: 'a' } });",
    "rotate({ picture: { fileName: 'a', pixels: 'text' } });",
    "rotate({ picture: { fileName: 'a', pixels: [] }, turns: '1' });",
    "rotate({ picture: { fileName: 'a', pixels: [] }, extra: 1 });",
    "rotate({});",
    "rotate();",
    "delete_({ all: true });",
    "const text: Promise<string> = delete_();",
    "watch({ path: 'a', onChange: new Channel<number>() });",
    "watch({ path: 'a', onChange: () => 1 });",
    "tail({ path: 'a' }).then();",
]


def test_the_compiler_accepts_right_calls_and_refuses_each_wrong_one(tmp_path: Path) -> None:
    check_uses(tmp_path, MODULE, USES + refused(MISUSES))


def test_another_command_changes_nothing_of_the_others() -> None:
    @command
    def show(picture: Picture) -> None: ...

    more = bindings_of(generate_handler(show, tail, rotate, watch, delete_all).specs)
    added = (
        '\nexport function show(args: { picture: PictureInput }): Promise<null> {\n  return invoke("show", args);\n}\n'
    )
    assert more.replace(added, "") == MODULE


def test_no_command_is_a_module_without_functions() -> None:
    assert "export" not in bindings_of([])


def test_what_cannot_be_sent_is_named_with_its_command() -> None:
    @command
    def numbers() -> list[complex]: ...

    with pytest.raises(ConfigError, match=r"^command numbers, its result: no TypeScript is known for .*complex"):
        bindings_of(generate_handler(numbers).specs)


class ChannelState(msgspec.Struct):
    open: bool


def test_a_channel_has_the_type_of_its_messages_whatever_it_is_called() -> None:
    @command
    def follow(on_state: Channel[ChannelState], on_count: Channel[int] | None = None) -> None: ...

    text = bindings_of(generate_handler(follow).specs)
    assert "args: { onState: Channel<ChannelState>; onCount?: Channel<number> | null }" in text


def test_a_long_signature_is_broken() -> None:
    @command
    def search(
        directory_to_search: str, text_to_find: str, most_results: int = 10, follow_links: bool = False
    ) -> Any: ...

    assert "export function search(args: {\n  directoryToSearch: string;\n" in bindings_of(
        generate_handler(search).specs
    )


@command(raises=NotFound)
def find(path: str) -> int:
    """Find."""
    raise NotFound(path=path)


def test_errors_are_a_result_on_request() -> None:
    text = bindings_of(generate_handler(find, delete_all).specs, with_result=True)
    assert "export type Result<Data, Failure> =" in text
    assert text.endswith("""\
/** Find. */
export function find(args: { path: string }): Promise<Result<number, NotFound>> {
  return result(invoke("find", args), ["notFound"]);
}
""")
    assert "export function delete_(): Promise<number> {" in text
    assert "Result" not in bindings_of(generate_handler(delete_all).specs, with_result=True)


def test_a_deprecated_command_says_so_and_runs_without_a_warning() -> None:
    @command
    @deprecated("Use `find`\n  instead.")
    async def search() -> AsyncIterator[int]:
        """Search."""
        yield 1

    @deprecated("Use `find`.")
    @command
    def look() -> int:
        return 1

    handler = generate_handler(search, look)
    text = bindings_of(handler.specs)
    assert "/**\n * Search.\n *\n * @deprecated Use `find` instead.\n */\nexport function search()" in text
    assert ": AsyncGenerator<number, void, undefined> {" in text
    assert "/** @deprecated Use `find`. */\nexport function look()" in text
    with running(Builder().invoke_handler(handler)) as app:
        assert app.page.invoke("look") == 1  # a warning is an error in these tests


def test_a_name_that_begins_with_a_digit_is_one_of_typescript() -> None:
    @command(name="2fa_code")
    def code() -> str:
        return "1"

    assert 'export function _2faCode(): Promise<string> {\n  return invoke("2fa_code");' in bindings_of(
        generate_handler(code).specs
    )


def test_two_commands_are_not_one_function() -> None:
    @command(name="get_user")
    def one() -> None: ...

    @command(name="get-user")
    def other() -> None: ...

    with pytest.raises(ConfigError, match="get-user and get_user would both be the function getUser"):
        bindings_of(generate_handler(one, other).specs)
