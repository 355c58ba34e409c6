"""How the command line reads its arguments: every refusal says what is wrong and what to write."""

from __future__ import annotations

import argparse
import sys
from typing import Any, NoReturn

from ..names import nearest_name

__all__ = ["Parser", "Version", "port_number", "process_count"]

_LAST_PORT = 65535


class _Help(argparse.HelpFormatter):
    """Keeps an example on one line, so that it can be copied."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return text if text.startswith("example: ") else super()._fill_text(text, width, indent)


class Parser(argparse.ArgumentParser):
    """A parser that suggests the nearest choice for a misspelt one, and names its `--help`."""

    def __init__(self, **options: Any) -> None:
        """See `argparse`."""
        super().__init__(**{"formatter_class": _Help, **options})

    def error(self, message: str) -> NoReturn:
        """Print the usage and the message to the standard error, and exit with 2."""
        self.print_usage(sys.stderr)
        self.exit(2, f"{self.prog}: error: {message}; see `{self.prog} --help`\n")

    def parse_known_args(self, *args: Any, **options: Any) -> Any:
        """See `argparse`. Every verb refuses what it does not know itself, so that its own `--help` is named."""
        words = list(args[0] if args and args[0] is not None else sys.argv[1:])
        first = words[0].partition("=")[0] if words else ""
        if first.startswith("--") and not any(known.startswith(first) for known in self._option_string_actions):
            # Before argparse says that something else is missing.
            self._refuse(words[:1])
        found, unknown = super().parse_known_args(*args, **options)
        if unknown:
            self._refuse(unknown)
        return found, unknown

    def _refuse(self, unknown: list[str]) -> NoReturn:
        near = nearest_name(unknown[0].partition("=")[0], [*self._option_string_actions])
        self.error(f"unrecognized arguments: {' '.join(unknown)}" + (f"; did you mean `{near}`?" if near else ""))

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is None or value in action.choices:
            return
        known = list(map(str, action.choices))
        near = nearest_name(str(value), known)
        hint = f"did you mean `{near}`?" if near else f"choose from {', '.join(known)}"
        raise argparse.ArgumentError(action, f"invalid choice {value!r}: {hint}")


class Version(argparse.Action):
    """Prints the installed version and exits with 0."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> NoReturn:
        """See `argparse.Action`."""
        from ._doctor import this_machine  # only this option needs it

        print(f"transom {this_machine().version('transom')}")
        parser.exit(0)


def port_number(text: str) -> int:
    """Return the port that an argument names; 0 asks the system for a free one.

    Raises:
        argparse.ArgumentTypeError: It is not a number from 0 to 65535.
    """
    if not (text.isascii() and text.isdecimal()) or int(text) > _LAST_PORT:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port; write a number from 0 to {_LAST_PORT}")
    return int(text)


def process_count(text: str) -> int:
    """Return how many processes an argument asks for.

    Raises:
        argparse.ArgumentTypeError: It is not a whole number above 0.
    """
    if not (text.isascii() and text.isdecimal()) or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of processes; write 1 or more")
    return int(text)
