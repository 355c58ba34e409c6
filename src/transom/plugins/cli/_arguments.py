"""Reads arguments as a command of the configuration wants them (Tauri: by the crate clap)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

import msgspec

from ...errors import CommandError
from ._config import Arg, CliConfig

__all__ = ["ArgData", "Matches", "SubcommandMatches", "help_text", "match"]


_LONGEST = 200  # characters of a word that is compared with others


class ArgData(msgspec.Struct, frozen=True):
    """An argument as it was given.

    Attributes:
        value: A text, several, `True` or `False` for a flag; `None` when it was not given.
        occurrences: How often it was given.
    """

    value: str | list[str] | bool | None
    occurrences: int


class SubcommandMatches(msgspec.Struct, frozen=True):
    """The subcommand that was given, and its arguments."""

    name: str
    matches: Matches


class Matches(msgspec.Struct, frozen=True):
    """The arguments of a command.

    Attributes:
        args: By name; `help` or `version` alone, with the text, when that was asked for.
        subcommand: The subcommand; `None` for none.
    """

    args: dict[str, ArgData]
    subcommand: SubcommandMatches | None = None


class _Asked(Exception):
    """Help or version was asked for."""

    def __init__(self, name: str, text: str) -> None:
        super().__init__(name)
        self.matches = Matches({name: ArgData(text, 0)})


def match(config: CliConfig, arguments: Sequence[str], program: str, version: str) -> Matches:
    """Return the arguments of a command.

    Args:
        config: The command.
        arguments: What came after the program.
        program: Its name, for the help.
        version: Its version.

    Raises:
        CommandError: The arguments are not as the command wants them; the text says which, and why.
    """
    try:
        return _Reader(config, program, version, ()).read(list(arguments))
    except _Asked as asked:
        return asked.matches


class _Reader:
    def __init__(self, config: CliConfig, program: str, version: str, inherited: Sequence[Arg]) -> None:
        self._config = config
        self._program = program
        self._version = version
        self._args = (*inherited, *config.args)
        self._long = {arg.name: arg for arg in self._args if arg.index is None}
        self._short = {arg.short: arg for arg in self._args if arg.short}
        self._places = sorted((arg for arg in self._args if arg.index is not None), key=lambda arg: arg.index or 0)
        self._values: dict[str, list[str]] = {}
        self._counts: dict[str, int] = {}

    def read(self, rest: list[str]) -> Matches:
        subcommand = None
        only_places = False
        while rest:
            word = rest.pop(0)
            if only_places or word == "-" or not word.startswith("-"):
                inner = None if only_places else self._config.subcommands.get(word)
                if inner is not None:
                    subcommand = SubcommandMatches(word, self._inner(word, inner).read(rest))
                    break
                self._place(word)
            elif word == "--":
                only_places = True
            elif word.startswith("--"):
                self._by_name(word, rest)
            else:
                self._by_letters(word, rest)
        self._check()
        return Matches({arg.name: self._data(arg) for arg in self._args}, subcommand)

    def _inner(self, name: str, config: CliConfig) -> _Reader:
        handed_on = [arg for arg in self._args if arg.global_]
        return _Reader(config, f"{self._program} {name}", self._version, handed_on)

    def _by_name(self, word: str, rest: list[str]) -> None:
        name, equals, value = word[2:].partition("=")
        arg = self._long.get(name)
        if arg is None:
            if name in ("help", "version"):
                raise self._asked(name)
            raise self._unknown(word.partition("=")[0])
        self._take(arg, value if equals else None, rest)

    def _by_letters(self, word: str, rest: list[str]) -> None:
        letters = word[1:]
        while letters:
            letter, letters = letters[0], letters[1:]
            arg = self._short.get(letter)
            if arg is None:
                if letter in "hV":
                    raise self._asked({"h": "help", "V": "version"}[letter])
                raise self._unknown(f"-{letter}")
            if arg.has_value:
                self._take(arg, letters.removeprefix("=") if letters else None, rest)
                return
            self._take(arg, None, rest)

    def _asked(self, name: str) -> _Asked:
        shown = help_text(self._config, self._args, self._program)
        return _Asked(name, shown if name == "help" else f"{self._program} {self._version}\n")

    def _unknown(self, word: str) -> CommandError:
        near = get_close_matches(word.lstrip("-")[:_LONGEST], self._long, 1)
        hint = f"; did you mean `--{near[0]}`?" if near else ""
        return self._wrong(f"unexpected argument '{word}' found{hint}")

    def _wrong(self, text: str) -> CommandError:
        return CommandError(f"error: {text}\n\nFor more information, try '--help'.\n")

    def _take(self, arg: Arg, value: str | None, rest: list[str]) -> None:
        self._counts[arg.name] = self._counts.get(arg.name, 0) + 1
        if self._counts[arg.name] > 1 and not (arg.multiple or arg.multiple_occurrences):
            raise self._wrong(f"the argument '{arg.shown}' cannot be used multiple times")
        if not arg.has_value:
            if value is not None:
                raise self._wrong(f"unexpected value '{value}' for '{arg.shown}' found; no more were expected")
            return
        wanted = arg.number_of_values or 1
        found = [] if value is None else [value]
        if value is None and arg.require_equals:
            raise self._wrong(f"equal sign is needed when assigning values to '{arg.shown}'")
        while len(found) < wanted and rest and not (rest[0].startswith("-") and len(rest[0]) > 1):
            found.append(rest.pop(0))
        if len(found) < wanted:
            raise self._wrong(f"a value is required for '{arg.shown}' but none was supplied")
        for each in found:
            self._add(arg, each)

    def _place(self, word: str) -> None:
        for arg in self._places:
            if arg.multiple or arg.name not in self._values:
                self._counts[arg.name] = self._counts.get(arg.name, 0) + 1
                self._add(arg, word)
                return
        near = get_close_matches(word[:_LONGEST], self._config.subcommands, 1)
        hint = f"; did you mean the subcommand `{near[0]}`?" if near else ""
        raise self._wrong(f"unexpected argument '{word}' found{hint}")

    def _add(self, arg: Arg, value: str) -> None:
        if arg.possible_values is not None and value not in arg.possible_values:
            known = ", ".join(arg.possible_values)
            raise self._wrong(f"invalid value '{value}' for '{arg.shown}'\n  [possible values: {known}]")
        self._values.setdefault(arg.name, []).append(value)

    def _data(self, arg: Arg) -> ArgData:
        count = self._counts.get(arg.name, 0)
        if not arg.has_value:
            return ArgData(count > 0, count)
        values = self._values.get(arg.name)
        several = arg.multiple or (arg.number_of_values or 1) > 1
        return ArgData(None if values is None else values if several else values[0], count)

    def _check(self) -> None:
        given = self._counts
        for arg in self._args:
            if arg.name in given:
                self._check_given(arg)
            elif self._is_required(arg):
                raise self._wrong(f"the following required arguments were not provided:\n  {arg.shown}")

    def _check_given(self, arg: Arg) -> None:
        given = self._counts
        for other in (*filter(None, [arg.conflicts_with]), *(arg.conflicts_with_all or ())):
            if other in given:
                raise self._wrong(f"the argument '{arg.shown}' cannot be used with '{self._shown(other)}'")
        needed = [*filter(None, [arg.requires]), *(arg.requires_all or ())]
        if arg.requires_if is not None and arg.requires_if[0] in self._values.get(arg.name, ()):
            needed.append(arg.requires_if[1])
        for other in needed:
            if other not in given:
                raise self._wrong(f"the following required arguments were not provided:\n  {self._shown(other)}")
        count = len(self._values.get(arg.name, ()))
        if (arg.min_values is not None and count < arg.min_values) or (
            arg.max_values is not None and count > arg.max_values
        ):
            raise self._wrong(f"{count} values were given for '{arg.shown}', which is not the number that is expected")

    def _is_required(self, arg: Arg) -> bool:
        given = self._counts
        if arg.required_if_eq is not None and arg.required_if_eq[1] in self._values.get(arg.required_if_eq[0], ()):
            return True
        unless = [name for name in (arg.required_unless_present, *(arg.required_unless_present_any or ())) if name]
        every = arg.required_unless_present_all
        if unless or every:
            return not (
                any(name in given for name in unless) or (bool(every) and all(name in given for name in every or ()))
            )
        return arg.required

    def _shown(self, name: str) -> str:
        return next((arg.shown for arg in self._args if arg.name == name), name)


def help_text(config: CliConfig, args: Sequence[Arg], program: str) -> str:
    """Return what `--help` shows.

    Args:
        config: The command.
        args: Its arguments, those of the commands above too.
        program: Its name.
    """
    places = [arg for arg in args if arg.index is not None]
    named = [arg for arg in args if arg.index is None]
    usage = [program, "[OPTIONS]", *(arg.shown if arg.required else f"[{arg.name}]" for arg in places)]
    usage += ["[COMMAND]"] if config.subcommands else []
    parts = [config.before_help, config.long_description or config.description, f"Usage: {' '.join(usage)}"]
    if config.subcommands:
        parts.append(_table("Commands", {name: inner.description for name, inner in config.subcommands.items()}))
    if places:
        parts.append(_table("Arguments", {arg.shown: arg.long_description or arg.description for arg in places}))
    rows = {_named(arg): arg.long_description or arg.description for arg in named}
    rows |= {"-h, --help": "Print help", "-V, --version": "Print version"}
    parts += [_table("Options", rows), config.after_help]
    return "\n\n".join(filter(None, parts)) + "\n"


def _named(arg: Arg) -> str:
    return f"-{arg.short}, {arg.shown}" if arg.short else f"    {arg.shown}"


def _table(title: str, rows: Mapping[str, Any]) -> str:
    width = max(map(len, rows))
    return "\n".join([f"{title}:", *(f"  {name:<{width}}  {text or ''}".rstrip() for name, text in rows.items())])
