"""Commands compiled: from a function's annotations, once, to a plan that binds a call's arguments without looking again."""

from __future__ import annotations

import difflib
import inspect
import keyword
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple, get_type_hints

import msgspec

from ..errors import CommandDefinitionError, InvalidArgs, RequestError
from ..wire import described, may_hold_buffers
from ._cancel import CancellationToken
from ._channel import Channel
from ._command import inside_partials, routine, what_is
from ._decode import allows_none, channel_of, check_types, convert_argument, decode_other, wire_type
from ._extract import Extractor, injected_for
from ._invoke import Invoke, InvokeMessage
from ._window import open_channel

__all__ = ["Plan", "to_camel"]


_LONGEST_KEY = 200  # characters that are compared with the known keys


class _Field(NamedTuple):
    """An argument that the page sends: the parameter, its key on the wire, its type, whether it may be left out."""

    name: str
    key: str
    annotation: Any
    optional: bool


def to_camel(name: str) -> str:
    """Return the camelCase form of a snake_case name (Tauri: the argument keys)."""
    head, *rest = name.strip("_").split("_")
    return head + "".join(part[:1].upper() + part[1:] for part in rest)


class Plan:
    """How one command gets its arguments, and whether its result can hold buffers.

    Args:
        name: The command's name, for the sentences of errors.
        function: What is called with the bound arguments.
        rename_all: `camelCase` or `snake_case`: the keys that the page sends.

    Raises:
        CommandDefinitionError: The function cannot be served: a generator that is no `async def`, a method without its
            object, `*args`, an annotation that cannot be resolved or decoded, two parameters with one key, a stream with
            several channels.
    """

    def __init__(self, name: str, function: Callable[..., Any], rename_all: str = "camelCase") -> None:
        self.name = name
        self.function = function
        self.is_async, self.is_stream = _kind_of(name, function)
        self.rename_all = rename_all
        parameters, hints = _signature(name, function)
        self._sources: list[tuple[str, Extractor | int, bool]] = []
        self._reads_body = False
        self._item_keys: set[str] = set()
        fields: list[_Field] = []
        for parameter in parameters:
            annotation = hints.get(parameter.name, Any)
            key = _key_of(parameter.name, rename_all)
            injected = injected_for(annotation, name, key)
            positional = parameter.kind is not inspect.Parameter.KEYWORD_ONLY
            if injected is None:
                self._sources.append((parameter.name, len(fields), positional))
                fields.append(_field(parameter, annotation, key))
                continue
            self._sources.append((parameter.name, injected.extract, positional))
            self._reads_body |= injected.reads == "body"
            if injected.reads == "key":
                self._item_keys.add(key)
        self._fields = fields
        self._check_keys()
        self._channels = [index for index, field in enumerate(fields) if channel_of(field.annotation) is not None]
        self._struct, self._decoder = self._arguments_decoder(parameters)
        self._direct = all(isinstance(source, int) and positional for _, source, positional in self._sources)
        self.plain_result = "return" in hints and not may_hold_buffers(hints["return"])
        self.wants_token = CancellationToken in hints.values()
        if self.is_stream and len(self._channels) > 1:
            raise CommandDefinitionError(
                f"command {name}: an asynchronous generator streams into its Channel parameter, and this one has several; "
                "keep one, and send to the others from an `async def` without `yield`"
            )

    def _check_keys(self) -> None:
        seen: dict[str, str] = {}
        for field in self._fields:
            if field.key in seen:
                raise CommandDefinitionError(
                    f"command {self.name}: the parameters `{seen[field.key]}` and `{field.name}` have the same key `{field.key}`; rename one"
                )
            seen[field.key] = field.name

    def _arguments_decoder(
        self, parameters: Sequence[inspect.Parameter]
    ) -> tuple[type[msgspec.Struct], msgspec.json.Decoder[msgspec.Struct]]:
        defaults = {parameter.name: parameter.default for parameter in parameters}
        members: list[Any] = []
        for field in self._fields:
            annotation = wire_type(field.annotation)
            if not field.optional:
                members.append((field.name, annotation))
            else:
                given = defaults[field.name]
                default = None if given is inspect.Parameter.empty else given
                # By a function, because msgspec refuses mutable defaults; one object for all calls, as in Python.
                members.append((field.name, annotation, msgspec.field(default_factory=partial(_same, default))))
        try:
            struct = msgspec.defstruct(
                f"{self.name}_args",
                members,
                rename={field.name: field.key for field in self._fields},
                kw_only=True,
                forbid_unknown_fields=True,
                gc=True,
            )
            decoder = msgspec.json.Decoder(struct, dec_hook=decode_other)
            check_types(struct)
        except (NameError, TypeError, ValueError) as error:
            raise CommandDefinitionError(f"command {self.name}: its arguments cannot be decoded: {error}") from error
        return struct, decoder

    def bind(self, invoke: Invoke) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Return the positional and the keyword arguments of one call.

        Raises:
            InvalidArgs: An argument is missing, unknown, ambiguous or of the wrong type.
            StateError: State that the command asks for is not managed.
        """
        if self._fields:
            values = list(msgspec.structs.astuple(self._decode(invoke.message)))
            for index in self._channels:
                if values[index] is not None:
                    values[index] = open_channel(invoke.app, invoke.message.session, values[index])
            if self._direct:
                return tuple(values), {}
        else:
            values = []
            if invoke.message.raw is None:
                self._refuse_surplus(invoke.message)
        positional: list[Any] = []
        keywords: dict[str, Any] = {}
        for name, source, is_positional in self._sources:
            value = values[source] if isinstance(source, int) else source(invoke)
            if is_positional:
                positional.append(value)
            else:
                keywords[name] = value
        return tuple(positional), keywords

    def channel_in(self, positional: tuple[Any, ...], keywords: dict[str, Any]) -> Channel[Any] | None:
        """Return the argument of the first Channel parameter; `None` where there is none, or the page sent none."""
        for index, (name, source, is_positional) in enumerate(self._sources):
            if source in self._channels:
                found: Channel[Any] | None = positional[index] if is_positional else keywords[name]
                return found
        return None

    def _decode(self, message: InvokeMessage) -> msgspec.Struct:
        if not message.has_buffers:
            try:
                return self._decoder.decode(message.json)
            except (msgspec.DecodeError, RequestError):
                pass  # the slow way below finds the words, and takes what the fast one is too strict for
        return self._decode_slowly(message)

    def _decode_slowly(self, message: InvokeMessage) -> msgspec.Struct:
        """Bind arguments with buffers, with snake_case keys or with errors: through plain values, one argument at a time."""
        if message.raw is not None:
            # Tauri: a raw body fails even for optional arguments.
            raise InvalidArgs.raw_body(self.name, self._fields[0].key)
        given = message.payload
        if not isinstance(given, dict):
            first = self._fields[0].key
            raise InvalidArgs(
                self.name, first, f"the arguments must be an object, such as {{{first}: ...}}, got {described(given)}"
            )
        found = self._match_keys(given)
        values: dict[str, Any] = {}
        for field in self._fields:
            if field.name in found:
                values[field.name] = convert_argument(self.name, field.key, found[field.name], field.annotation)
            elif not field.optional:
                raise InvalidArgs.missing(self.name, field.key)
        return self._struct(**values)

    def _match_keys(self, given: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        accepted = {field.key: field.name for field in self._fields}
        if self.rename_all != "snake_case":
            accepted |= {field.name: field.name for field in self._fields if field.name not in accepted}
        for key, value in given.items():
            name = accepted.get(key)
            if name is None and key in self._item_keys:
                continue
            if name is None:
                raise InvalidArgs(self.name, key, self._unknown(key))
            if name in found:
                raise InvalidArgs(
                    self.name,
                    key,
                    f"command {self.name} got the same argument twice, as `{to_camel(name)}` and as `{name}`",
                )
            found[name] = value
        return found

    def _unknown(self, key: str) -> str:
        keys = [field.key for field in self._fields]
        # A page may send a key of megabytes, and to compare it takes seconds.
        near = difflib.get_close_matches(key[:_LONGEST_KEY], keys, 1, 0.5)
        hint = (
            f"did you mean `{near[0]}`?"
            if near
            else f"it takes {', '.join(f'`{known}`' for known in keys) or 'no arguments'}"
        )
        return f"command {self.name} has no argument of this name; {hint}"

    def _refuse_surplus(self, message: InvokeMessage) -> None:
        if self._reads_body or bytes(message.json) in (b"{}", b"null"):
            return
        given = message.payload
        if isinstance(given, dict):
            for key in given.keys() - self._item_keys:
                raise InvalidArgs(self.name, key, self._unknown(key))


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
            f"command {name}: an annotation cannot be resolved: {error}; import the name at run time, not only under TYPE_CHECKING"
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
    key = name if rename_all == "snake_case" else to_camel(name)
    return key.rstrip("_") if keyword.iskeyword(name.rstrip("_")) else key


def _field(parameter: inspect.Parameter, annotation: Any, key: str) -> _Field:
    optional = parameter.default is not inspect.Parameter.empty or allows_none(annotation)
    return _Field(parameter.name, key, annotation, optional)


def _same(default: Any) -> Any:
    return default
