"""`plugins.cli` of the configuration."""

from __future__ import annotations

import msgspec

__all__ = ["Arg", "CliConfig"]


class Arg(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """One argument, with Tauri's fields.

    Attributes:
        name: Its name, and `--name` unless it has an index.
        short: One letter: `-v`.
        description: For the help.
        long_description: For the help, in place of `description`.
        takes_value: Whether a value follows.
        multiple: Whether it may be given several times, with a value each.
        multiple_occurrences: The same, for flags.
        number_of_values: How many values follow each time.
        possible_values: The values that are allowed.
        min_values: The fewest values.
        max_values: The most values.
        required: Whether it has to be given.
        required_unless_present: Unless this one is.
        required_unless_present_all: Unless all of these are.
        required_unless_present_any: Unless one of these is.
        conflicts_with: One that must not be given too.
        conflicts_with_all: Ones that must not be given too.
        requires: One that has to be given too.
        requires_all: Ones that have to be given too.
        requires_if: A value, and the one that has to be given with it.
        required_if_eq: An argument and a value with which this one has to be given.
        require_equals: Whether the value follows a `=`.
        index: Its place among the arguments without a name, from 1.
        global_: Whether subcommands have it too.
    """

    name: str
    short: str | None = None
    description: str | None = None
    long_description: str | None = None
    takes_value: bool = False
    multiple: bool = False
    multiple_occurrences: bool = False
    number_of_values: int | None = None
    possible_values: tuple[str, ...] | None = None
    min_values: int | None = None
    max_values: int | None = None
    required: bool = False
    required_unless_present: str | None = None
    required_unless_present_all: tuple[str, ...] | None = None
    required_unless_present_any: tuple[str, ...] | None = None
    conflicts_with: str | None = None
    conflicts_with_all: tuple[str, ...] | None = None
    requires: str | None = None
    requires_all: tuple[str, ...] | None = None
    requires_if: tuple[str, str] | None = None
    required_if_eq: tuple[str, str] | None = None
    require_equals: bool | None = None
    index: int | None = None
    global_: bool = msgspec.field(default=False, name="global")

    @property
    def has_value(self) -> bool:
        """Whether it is more than a flag."""
        return self.takes_value or self.index is not None

    @property
    def shown(self) -> str:
        """Its form on the command line."""
        value = f" <{self.name}>" if self.has_value else ""
        return f"<{self.name}>" if self.index is not None else f"--{self.name}{value}"


class CliConfig(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """A command: `plugins.cli`, or one of its subcommands.

    Attributes:
        description: For the help.
        long_description: For the help, in place of `description`.
        before_help: Text before the help.
        after_help: Text after the help.
        args: Its arguments.
        subcommands: Its subcommands, by name.
    """

    description: str | None = None
    long_description: str | None = None
    before_help: str | None = None
    after_help: str | None = None
    args: tuple[Arg, ...] = ()
    subcommands: dict[str, CliConfig] = {}
