"""Commands: what `@command` marks, how a call's arguments are bound, and how a command runs."""

from ._command import CommandOptions, command
from ._command_set import CommandSet, check_handler, generate_handler
from ._item import CommandArg, CommandItem
from ._scoped import ScopedPath, ScopedUrl
from ._spec import CommandSpec, ParameterSpec, spec_of

__all__ = [
    "CommandArg",
    "CommandItem",
    "CommandOptions",
    "CommandSet",
    "CommandSpec",
    "ParameterSpec",
    "ScopedPath",
    "ScopedUrl",
    "check_handler",
    "command",
    "generate_handler",
    "spec_of",
]
