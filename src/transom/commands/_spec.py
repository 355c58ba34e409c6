"""The description of a command: read from its function once, and used by everything that describes commands."""

from __future__ import annotations

import inspect
import keyword
from collections.abc import Callable
from typing import Any, Literal, NamedTuple, get_type_hints

import msgspec
from msgspec import UNSET, UnsetType

from ..callables import inside_partials, place_of, routine, what_is
from ..errors import CommandDefinitionError, CommandError
from ..names import to_camel_case
from ..values import allows_none, channel_of
from ._command import CommandOptions, name_of, options_of
from ._extract import injected_for

__all__ = ["CommandSpec", "ParameterSpec", "spec_of"]


class ParameterSpec(NamedTuple):
    """One parameter of a command.

    Attributes:
        name: Its name in Python.
        key: Its key in the arguments that the page sends.
        kind: `argument` for a value from the page; `channel` for a channel from the page; `injected` for something of
            transom's, such as an `AppHandle` or managed state; `from_command` for a type that makes itself from the call.
        annotation: Its type; `Any` when it has none.
        optional: Whether the page may leave it out.
        default: What it is then; `UNSET` for `None`, or when it is not optional.
        positional: Whether it is passed by position.
    """

    name: str
    key: str
    kind: Literal["argument", "channel", "injected", "from_command"]
    annotation: Any
    optional: bool
    default: Any
    positional: bool

    @property
    def from_page(self) -> bool:
        """Whether its argument is decoded from what the page sends."""
        return self.kind in ("argument", "channel")


class CommandSpec(msgspec.Struct, frozen=True, kw_only=True):
    """A command, as its function and its `@command` describe it.

    Attributes:
        name: Its name on the wire, without the prefix of a plugin.
        function: What is called.
        options: What `@command` was told.
        parameters: Its parameters, in order.
        result: The type of its result, or of the values that it streams' generator is annotated with; `UNSET` when the
            function says nothing.
        is_async: Whether it is an `async def`.
        is_stream: Whether it is an asynchronous generator, which streams its values.
        doc: Its docstring, without indentation; empty when it has none.
        deprecated: What `@deprecated` says of it, from `warnings` of Python 3.13 or `typing_extensions`; `None` without it.
    """

    name: str
    function: Callable[..., Any]
    options: CommandOptions
    parameters: tuple[ParameterSpec, ...]
    result: Any
    is_async: bool
    is_stream: bool
    doc: str
    deprecated: str | None = None

    @property
    def raises(self) -> tuple[type[CommandError], ...]:
        """The errors that it rejects with on purpose."""
        return self.options.raises


def spec_of(function: Callable[..., Any]) -> CommandSpec:
    """Return the specification of a function that is marked with `@command`.

    Raises:
        CommandDefinitionError: It is not marked, or its signature breaks a rule: a generator that is no `async def`, a
            method without its object, `*args`, an annotation that cannot be resolved, two parameters with one key.
    """
    options = options_of(function)
    if options is None:
        raise CommandDefinitionError(f"{what_is(function)} is not a command; write @command above it")
    deprecated: str | None = getattr(function, "__deprecated__", None)
    if deprecated is not None:
        # Its wrapper warns at each call, of which the caller is a page; and hides that a function is a generator.
        function = getattr(function, "__wrapped__", function)
    name = name_of(function, options)
    is_async, is_stream = _kind_of(name, function)
    parameters, hints = _signature(name, function)
    specs = tuple(
        _parameter(name, parameter, hints.get(parameter.name, Any), options.rename_all) for parameter in parameters
    )
    _check_keys(name, specs)
    result: Any | UnsetType = hints.get("return", UNSET)
    return CommandSpec(
        name=name,
        function=function,
        options=options,
        parameters=specs,
        result=result,
        is_async=is_async,
        is_stream=is_stream,
        doc=inspect.getdoc(routine(function)) or "",
        deprecated=deprecated,
    )


def _parameter(command: str, parameter: inspect.Parameter, annotation: Any, rename_all: str) -> ParameterSpec:
    key = _key_of(parameter.name, rename_all)
    positional = parameter.kind is not inspect.Parameter.KEYWORD_ONLY
    injected = injected_for(annotation, command, key)
    if injected is not None:
        kind: Literal["injected", "from_command"] = "from_command" if injected.reads == "key" else "injected"
        return ParameterSpec(parameter.name, key, kind, annotation, False, UNSET, positional)
    has_default = parameter.default is not inspect.Parameter.empty
    return ParameterSpec(
        parameter.name,
        key,
        "argument" if channel_of(annotation) is None else "channel",
        annotation,
        has_default or allows_none(annotation),
        parameter.default if has_default else UNSET,
        positional,
    )


def _check_keys(command: str, parameters: tuple[ParameterSpec, ...]) -> None:
    seen: dict[str, str] = {}
    for parameter in parameters:
        if not parameter.from_page:
            continue
        if parameter.key in seen:
            raise CommandDefinitionError(
                f"command {command}: the parameters `{seen[parameter.key]}` and `{parameter.name}` have the same key "
                f"`{parameter.key}`; rename one"
            )
        seen[parameter.key] = parameter.name


def _kind_of(name: str, function: Callable[..., Any]) -> tuple[bool, bool]:
    """Tell whether a command is an `async def`, and whether it is an asynchronous generator.

    Raises:
        CommandDefinitionError: It is a generator of the other kind.
    """
    inner = routine(function)
    if inspect.isgeneratorfunction(inner):
        raise CommandDefinitionError(
            f"command {name}: a generator cannot wait for the page without holding its thread; make it an `async def` "
            "with `yield`, or send to a Channel parameter"
        )
    return inspect.iscoroutinefunction(inner), inspect.isasyncgenfunction(inner)


def _signature(name: str, function: Callable[..., Any]) -> tuple[list[inspect.Parameter], dict[str, Any]]:
    target = routine(inspect.unwrap(inside_partials(function)))
    try:
        hints = get_type_hints(getattr(target, "__func__", target), include_extras=True)
    except NameError as error:
        raise CommandDefinitionError(
            f"command {name}: an annotation cannot be resolved: {error}; import the name at run time, not only under "
            f"TYPE_CHECKING{place_of(function)}"
        ) from error
    parameters = list(inspect.signature(function).parameters.values())
    if parameters and parameters[0].name == "self" and "self" not in hints:
        raise CommandDefinitionError(
            f"command {name}: {what_is(function)} is the method of a class, not of an object; pass an object of it, or its method"
        )
    for parameter in parameters:
        if parameter.kind in (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD):
            raise CommandDefinitionError(
                f"command {name}: `{parameter}` has no names that a page could send; write the parameters out"
            )
    return parameters, hints


def _key_of(name: str, rename_all: str) -> str:
    key = name if rename_all == "snake_case" else to_camel_case(name)
    return key.rstrip("_") if keyword.iskeyword(name.rstrip("_")) else key
