"""The module of TypeScript: a function for every command."""

from __future__ import annotations

import json
import keyword
from collections.abc import Iterable
from typing import Any, get_args, get_type_hints

from msgspec import UNSET

from ..commands import CommandSpec, ParameterSpec
from ..errors import CommandError, ConfigError
from ..events import TypedEvent
from ..names import to_camel_case
from ..values import allows_none, channel_of
from ._types import Types

__all__ = ["bindings_of"]

_LINE = 110  # characters of a signature before it is broken
_HEADER = "// Made by `transom bindings` from the commands of the application. Do not edit it: make it again.\n"
_EVENT_IMPORT = (
    "import { emit, emitTo, type EventCallback, type EventTarget, listen, once, type Options as EventOptions, "
    'type UnlistenFn } from "@tauri-apps/api/event";\n'
)
_EVENT_FUNCTION = """\
function event<Received, Sent>(name: string) {
  return {
    listen: (handler: EventCallback<Received>, options?: EventOptions): Promise<UnlistenFn> => listen(name, handler, options),
    once: (handler: EventCallback<Received>, options?: EventOptions): Promise<UnlistenFn> => once(name, handler, options),
    emit: (payload: Sent): Promise<void> => emit(name, payload),
    emitTo: (target: EventTarget | string, payload: Sent): Promise<void> => emitTo(target, name, payload),
  };
}
"""
_RESULT = """\
/** What a command ended with: its result, or one of the errors that it rejects with on purpose. */
export type Result<Data, Failure> = { status: "ok"; data: Data } | { status: "error"; error: Failure };

async function result<Data, Failure>(call: Promise<Data>, kinds: string[] | null): Promise<Result<Data, Failure>> {
  try {
    return { status: "ok", data: await call };
  } catch (error) {
    const kind = (error as { kind?: unknown } | null)?.kind;
    if (error instanceof Error || (kinds !== null && !kinds.includes(kind as string))) throw error;
    return { status: "error", error: error as Failure };
  }
}
"""
# Names that no function of a module can have.
_RESERVED = frozenset(
    "break case catch class const continue debugger default delete do else enum export extends false finally for function "
    "if implements import in instanceof interface let new null package private protected public return static super "
    "switch this throw true try typeof var void while with yield await async arguments eval invoke stream Channel event events emit emitTo listen once "
    "result".split()
)


def bindings_of(
    specs: Iterable[CommandSpec], events: Iterable[TypedEvent[Any]] = (), *, with_result: bool = False
) -> str:
    """Return the text of a TypeScript module that calls commands by `invoke` of the unmodified `@tauri-apps/api`.

    Streaming commands use `stream` of `transom-api`. The text depends on the commands and events only, and they are sorted.

    Args:
        specs: The commands.
        events: The declared events.
        with_result: Let the functions of commands with `raises` return a `Result`, `{status: "ok", data}` or
            `{status: "error", error}`, in place of a rejection with one of these errors.

    Raises:
        ConfigError: A type in a signature or of a payload has no form in TypeScript; the text names command, parameter and
            type. Or two commands would be one function.
    """
    types = Types(("Result",) if with_result else ())
    ordered = sorted(specs, key=lambda spec: spec.name)
    _check_names(ordered)
    functions = [_function(spec, types, with_result=with_result) for spec in ordered]
    declared = _events(events, types)
    if not functions and not declared:
        return _HEADER
    core = {"Channel" for spec in ordered if any(one.kind == "channel" for one in spec.parameters)}
    core |= {"invoke" for spec in ordered if not _streams_to_page(spec)}
    imports = [f'import {{ {", ".join(sorted(core))} }} from "@tauri-apps/api/core";\n'] if core else []
    imports += ['import { stream } from "transom-api";\n'] if any(map(_streams_to_page, ordered)) else []
    if declared:
        imports.insert(len(core) > 0, _EVENT_IMPORT)
    errors = [error.__name__ for spec in ordered for error in spec.raises]
    written = [*functions, *declared]
    if with_result and any(spec.raises and not _streams_to_page(spec) for spec in ordered):
        written.insert(0, _RESULT)
    return "\n".join([_HEADER + "".join(imports), *types.reachable([*written, *errors]), *written])


def _check_names(specs: Iterable[CommandSpec]) -> None:
    taken: dict[str, str] = {}
    for spec in specs:
        other = taken.setdefault(_name(spec.name), spec.name)
        if other != spec.name:
            raise ConfigError(
                f"the commands {other} and {spec.name} would both be the function {_name(spec.name)}; rename one with "
                "@command(name=...)"
            )


def _events(events: Iterable[TypedEvent[Any]], types: Types) -> list[str]:
    """Return the object with an entry for each event, and the function that makes one; nothing without events."""
    rows = []
    for event in sorted(events, key=lambda event: event.name):
        try:
            received, sent = types.write(event.payload, "out"), types.write(event.payload, "in")
        except ConfigError as error:
            raise ConfigError(f"event {event.name}, its payload: {error}") from None
        comment = _block([line.replace("*/", "* /").rstrip() for line in event.doc.splitlines()])
        row = f"{comment}{_name(event.name)}: event<{received}, {sent}>({json.dumps(event.name)}),\n"
        rows.append("".join(f"  {line}\n" for line in row.splitlines()))
    return [_EVENT_FUNCTION, "export const events = {\n" + "".join(rows) + "};\n"] if rows else []


def _streams_to_page(spec: CommandSpec) -> bool:
    """Tell whether the page gets the command's values by `stream`, and not by a channel of its own."""
    return spec.is_stream and not any(one.kind == "channel" for one in spec.parameters)


def _function(spec: CommandSpec, types: Types, *, with_result: bool) -> str:
    arguments = [one for one in spec.parameters if one.from_page]
    rows = [f"{one.key}{'?' if one.optional else ''}: {_argument(spec, one, types)}" for one in arguments]
    passed = f'"{spec.name}"' + (", args" if rows else "")
    result = _result(spec, types)
    errors = [_error(error, types) for error in spec.raises]
    if _streams_to_page(spec):
        kind, body = f"AsyncGenerator<{result}, void, undefined>", f"stream({passed})"
    elif with_result and errors:
        # An error without fields has any value; then every rejection is one, but for an Error of the link.
        kinds = json.dumps([error.kind for error in spec.raises]) if all(one._fields for one in spec.raises) else "null"
        kind, body = f"Promise<Result<{result}, {' | '.join(errors)}>>", f"result(invoke({passed}), {kinds})"
        errors = []
    else:
        kind, body = f"Promise<{result}>", f"invoke({passed})"
    default = " = {}" if all(one.optional for one in arguments) else ""
    head = f"export function {_name(spec.name)}"
    parameter = f"args: {{ {'; '.join(rows)} }}{default}" if rows else ""
    if len(head + parameter + kind) > _LINE:
        parameter = "args: {\n" + "".join(f"  {row};\n" for row in rows) + f"}}{default}"
    return f"{_comment(spec, errors)}{head}({parameter}): {kind} {{\n  return {body};\n}}\n"


def _argument(spec: CommandSpec, parameter: ParameterSpec, types: Types) -> str:
    try:
        if parameter.kind != "channel":
            return types.write(parameter.annotation, "in")
        item = next(iter(get_args(channel_of(parameter.annotation))), Any)
        optional = " | null" if allows_none(parameter.annotation) else ""
        return f"Channel<{types.write(item, 'out')}>{optional}"
    except ConfigError as error:
        raise ConfigError(f"command {spec.name}, parameter `{parameter.name}`: {error}") from None


def _result(spec: CommandSpec, types: Types) -> str:
    try:
        if spec.result is UNSET:
            return "unknown"
        if _streams_to_page(spec):
            return types.write(next(iter(get_args(spec.result)), Any), "out")
        if spec.is_stream or spec.result in (None, type(None)):
            return "null"
        return types.write(spec.result, "out")
    except ConfigError as error:
        raise ConfigError(f"command {spec.name}, its result: {error}") from None


def _error(error: type[CommandError], types: Types) -> str:
    hints = get_type_hints(error)
    rows = [f'  kind: "{error.kind}";\n'] if error._fields else []
    rows += [f"  {to_camel_case(name)}: {types.write(hints[name], 'out')};\n" for name in error._fields]
    text = "{\n" + "".join(rows) + "}"
    types.declarations[error.__name__] = (
        f"export interface {error.__name__} {text}\n" if rows else f"export type {error.__name__} = unknown;\n"
    )
    return error.__name__


def _comment(spec: CommandSpec, errors: list[str]) -> str:
    blocks = [[line.replace("*/", "* /").rstrip() for line in spec.doc.splitlines()]]
    if errors:
        blocks.append([f"Rejects with {' or '.join(f'`{name}`' for name in errors)}."])
    if spec.deprecated is not None:
        blocks.append([f"@deprecated {' '.join(spec.deprecated.split())}".replace("*/", "* /").rstrip()])
    lines: list[str] = []
    for block in filter(None, blocks):
        lines += ["", *block] if lines else block
    return _block(lines)


def _block(lines: list[str]) -> str:
    """Return a comment of documentation; empty without lines."""
    if not lines:
        return ""
    if len(lines) == 1:
        return f"/** {lines[0]} */\n"
    return "/**\n" + "".join(f" * {line}".rstrip() + "\n" for line in lines) + " */\n"


def _name(command: str) -> str:
    name = to_camel_case("".join(letter if letter.isalnum() or letter == "_" else "_" for letter in command))
    if name[:1].isdigit():
        return f"_{name}"
    return f"{name}_" if name in _RESERVED or keyword.iskeyword(name) else name
