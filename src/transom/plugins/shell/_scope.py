"""What a page may start: entries `{name, cmd, args, sidecar}` of capabilities."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from ...errors import CommandError
from ._validator import matcher_of

__all__ = ["Argument", "Entry", "arguments_of", "find_entry"]

MAX_ARGUMENTS = 1024
MAX_ARGUMENT = 128 * 1024 - 1
"""Bytes of one argument; Linux takes no longer ones."""


class Argument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An argument that the page chooses.

    Attributes:
        validator: A regular expression for it.
        raw: Whether a match anywhere in the argument is enough; otherwise the whole argument has to match.
    """

    validator: str
    raw: bool = False

    def accepts(self, value: str) -> bool:
        """Tell whether the page may send this value.

        Tauri puts `^` and `$` around the text, so that `a|b` there accepts whatever begins with `a`; here it does not.
        """
        return matcher_of(self.validator, raw=self.raw)(value)


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One program that a page may start.

    Attributes:
        name: What the page calls it.
        cmd: The program: a name that is looked up on the PATH, or a path, which may begin with `$HOME` or such.
        args: `True` for any arguments, `False` for none, or a list of fixed texts and of arguments that are checked.
        sidecar: Whether it is a program that the application brings along, and `name` its name in `bundle.externalBin`.
    """

    name: str
    cmd: str = ""
    args: bool | tuple[str | Argument, ...] = False
    sidecar: bool = False

    def __post_init__(self) -> None:
        if not self.sidecar and not self.cmd:
            raise ValueError("The shell scope `command` value is required.")  # Tauri: the sentence
        for argument in self.args if isinstance(self.args, tuple) else ():
            if isinstance(argument, Argument):
                try:
                    matcher_of(argument.validator, raw=argument.raw)
                except ValueError as error:
                    raise ValueError(f"the validator {argument.validator!r} of `{self.name}`: {error}") from None


def find_entry(allow: Iterable[Entry], deny: Iterable[Entry], name: str, *, sidecar: bool) -> Entry:
    """Return the entry for a program.

    Raises:
        CommandError: No capability allows it, or one denies it.
    """
    denied = any((entry.name, entry.sidecar) == (name, sidecar) for entry in deny)
    found = next((entry for entry in allow if (entry.name, entry.sidecar) == (name, sidecar)), None)
    if denied or found is None:
        kind = "sidecar " if sidecar else ""
        # Tauri: the sentence up to the semicolon.
        raise CommandError(
            f"program not allowed on the configured shell scope: {name}; give the window a capability with an entry for "
            f"the {kind}program `{name}` in the scope of shell:allow-execute or shell:allow-spawn"
        )
    return found


def arguments_of(entry: Entry, given: Sequence[str]) -> list[str]:
    """Return the arguments for a program: the fixed ones of the scope, and those of the page that pass its checks.

    The page's arguments have the places of the scope's; in the place of a fixed one it may send anything.

    Raises:
        CommandError: One is missing or does not pass.
    """
    if len(given) > MAX_ARGUMENTS:
        raise CommandError(f"a program gets at most {MAX_ARGUMENTS} arguments, not {len(given)}")
    for index, argument in enumerate(given):
        if "\0" in argument or len(argument.encode("utf-8", "surrogatepass")) > MAX_ARGUMENT:
            raise CommandError(f"the argument at position {index} has a NUL character, or more than 128 KiB")
    if entry.args is True:
        return list(given)
    expected = entry.args or ()
    checked = []
    for index, rule in enumerate(expected):
        if isinstance(rule, str):
            checked.append(rule)
            continue
        if index >= len(given):
            raise CommandError(
                f"Scoped command argument at position {index} must match regex validation {rule.validator} "
                "but it was not found"
            )
        if not rule.accepts(given[index]):
            raise CommandError(
                f"Scoped command argument at position {index} was found, but failed regex validation {rule.validator}"
            )
        checked.append(given[index])
    return checked
