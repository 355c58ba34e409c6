"""Commands compiled: from a specification, once, to a plan that binds a call's arguments without looking again."""

from __future__ import annotations

import logging
from functools import partial
from typing import Any

import msgspec

from ..callables import place_of
from ..calls import Invoke
from ..errors import CommandDefinitionError, InvalidArgs
from ..names import nearest_name, to_camel_case
from ..pages import CancellationToken
from ..values import (
    DECODE_ERRORS,
    Channel,
    check_types,
    complete,
    convert_argument,
    decode_other,
    described,
    may_hold_buffers,
    needs_completion,
    wire_type,
)
from ._extract import Extractor, injected_for
from ._spec import CommandSpec, ParameterSpec

__all__ = ["Plan"]

_log = logging.getLogger("transom")
_MOST_REPORTED = 20  # unknown arguments of one command
_LONGEST_REPORTED = 80  # characters of one


class Plan:
    """How one command gets its arguments, and whether its result can hold buffers.

    Args:
        spec: The command.

    Raises:
        CommandDefinitionError: An argument's type cannot be decoded, or a stream has several channels.
    """

    def __init__(self, spec: CommandSpec) -> None:
        self.name = spec.name
        self.function = spec.function
        self.rename_all = spec.options.rename_all
        self._strict = spec.options.strict
        self._surplus: dict[str, object] = {}  # unknown keys that were logged
        self._fields: list[ParameterSpec] = [parameter for parameter in spec.parameters if parameter.from_page]
        self._sources: list[tuple[str, Extractor | int, bool]] = []
        self._reads_body = False
        self._item_keys: set[str] = set()
        for parameter in spec.parameters:
            self._sources.append((parameter.name, self._source_of(parameter), parameter.positional))
        self._channels = [index for index, field in enumerate(self._fields) if field.kind == "channel"]
        self._struct, self._decoder = self._arguments_decoder()
        self._incomplete = [index for index, field in enumerate(self._fields) if needs_completion(field.annotation)]
        self._direct = all(isinstance(source, int) and positional for _, source, positional in self._sources)
        self.plain_result = spec.result is not msgspec.UNSET and not may_hold_buffers(spec.result)
        self.wants_token = any(parameter.annotation is CancellationToken for parameter in spec.parameters)
        if spec.is_stream and len(self._channels) > 1:
            raise CommandDefinitionError(
                f"command {spec.name}: an asynchronous generator streams into its Channel parameter, and this one has several; "
                "keep one, and send to the others from an `async def` without `yield`"
            )

    def _source_of(self, parameter: ParameterSpec) -> Extractor | int:
        """Return where the argument of a parameter comes from: an index into what the page sends, or an extractor."""
        if parameter.from_page:
            return self._fields.index(parameter)
        injected = injected_for(parameter.annotation, self.name, parameter.key)
        assert injected is not None
        self._reads_body |= injected.reads == "body"
        if injected.reads == "key":
            self._item_keys.add(parameter.key)
        return injected.extract

    def _arguments_decoder(
        self,
    ) -> tuple[type[msgspec.Struct], msgspec.json.Decoder[msgspec.Struct]]:
        members: list[Any] = []
        for field in self._fields:
            annotation = wire_type(field.annotation)
            if not field.optional:
                members.append((field.name, annotation))
            else:
                default = None if field.default is msgspec.UNSET else field.default
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
            raise CommandDefinitionError(
                f"command {self.name}: its arguments cannot be decoded: {error}{place_of(self.function)}"
            ) from error
        return struct, decoder

    def bind(self, invoke: Invoke) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Return the positional and the keyword arguments of one call.

        Raises:
            InvalidArgs: An argument is missing, unknown, ambiguous or of the wrong type.
            StateError: State that the command asks for is not managed.
        """
        if self._fields:
            values = list(msgspec.structs.astuple(self._decode(invoke)))
            for index in self._channels:
                if values[index] is not None:
                    values[index] = invoke.session.channel(values[index])
            for index in self._incomplete:
                complete(values[index])
            if self._direct:
                return tuple(values), {}
        else:
            values = []
            if invoke.message.raw is None:
                self._look_for_surplus(invoke)
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

    def _decode(self, invoke: Invoke) -> msgspec.Struct:
        message = invoke.message
        if not message.has_buffers:
            try:
                return self._decoder.decode(message.json)
            except DECODE_ERRORS:
                pass  # the slow way below finds the words, and takes what the fast one is too strict for
        return self._decode_slowly(invoke)

    def _decode_slowly(self, invoke: Invoke) -> msgspec.Struct:
        """Bind arguments with buffers, with snake_case or unknown keys or with errors: one argument at a time."""
        message = invoke.message
        if message.raw is not None:
            # Tauri: a raw body fails even for optional arguments.
            raise InvalidArgs.raw_body(self.name, self._fields[0].key)
        given = message.arguments()
        if given is None:
            first, got = self._fields[0].key, described(message.payload)
            raise InvalidArgs(self.name, first, f"the arguments must be an object, such as {{{first}: ...}}, got {got}")
        found, unknown = self._match_keys(given)
        self._report_unknown(unknown, invoke)
        values: dict[str, Any] = {}
        for field in self._fields:
            if field.name in found:
                values[field.name] = convert_argument(self.name, field.key, found[field.name], field.annotation)
            elif not field.optional:
                meant = nearest_name(
                    field.key, [key for key in unknown[:_MOST_REPORTED] if len(key) <= _LONGEST_REPORTED]
                )
                raise InvalidArgs.missing(self.name, field.key, meant)
        return self._struct(**values)

    def _match_keys(self, given: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
        """Return the arguments by parameter name, and the keys that no parameter has."""
        found: dict[str, Any] = {}
        unknown: list[str] = []
        accepted = {field.key: field.name for field in self._fields}
        if self.rename_all != "snake_case":
            accepted |= {field.name: field.name for field in self._fields if field.name not in accepted}
        for key, value in given.items():
            name = accepted.get(key)
            if name is None:
                if key not in self._item_keys:
                    unknown.append(key)
                continue
            if name in found:
                raise InvalidArgs(
                    self.name,
                    key,
                    f"command {self.name} got the same argument twice, as `{to_camel_case(name)}` and as `{name}`",
                )
            found[name] = value
        return found, unknown

    def _look_for_surplus(self, invoke: Invoke) -> None:
        """Report the arguments of a command that takes none from the page."""
        if self._reads_body or bytes(invoke.message.json) in (b"{}", b"null"):
            return
        given = invoke.message.arguments()
        if given is not None:
            self._report_unknown([key for key in given if key not in self._item_keys], invoke)

    def _report_unknown(self, unknown: list[str], invoke: Invoke) -> None:
        """Log arguments that the command does not have, each once; a page may send any number of them.

        Raises:
            InvalidArgs: The command or the application is strict.
        """
        if not unknown or self._reads_body:
            return
        if self._strict or invoke.app.strict_arguments:
            key = unknown[0]
            raise InvalidArgs(self.name, key, f"command {self.name} has no argument of this name; {self._hint(key)}")
        level = logging.WARNING if invoke.app.development else logging.INFO
        for key in unknown[:_MOST_REPORTED]:
            if len(self._surplus) >= _MOST_REPORTED:
                return
            this_call = object()
            if self._surplus.setdefault(key[:_LONGEST_REPORTED], this_call) is this_call:
                # Tauri: an unknown argument is ignored, as front ends may send more than a command takes.
                shown = key[:_LONGEST_REPORTED]
                _log.log(level, "command %r ignores the unknown argument %r; %s", self.name, shown, self._hint(key))

    def _hint(self, key: str) -> str:
        keys = [field.key for field in self._fields] + sorted(self._item_keys)
        near = nearest_name(key, keys)
        if near:
            return f"did you mean `{near}`?"
        return f"it takes {', '.join(f'`{known}`' for known in keys) or 'no arguments'}"


def _same(default: Any) -> Any:
    return default
