"""`transom completion`: scripts that let a shell complete the verbs and options."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

__all__ = ["SHELLS", "completion"]

SHELLS = ("bash", "zsh", "fish")


def completion(parser: argparse.ArgumentParser, shell: str) -> str:
    """Return the script for a shell.

    Args:
        parser: The parser of the command line.
        shell: One of `SHELLS`.
    """
    words = dict(_words_of(parser, ()))
    if shell == "fish":
        return "".join(
            f"complete -c transom -n {_fish_condition(before)} {'-f ' if not word.startswith('-') else ''}-a {word}\n"
            for before, found in words.items()
            for word in found
        )
    cases = "".join(f'    "{" ".join(before)}") words="{" ".join(found)}" ;;\n' for before, found in words.items())
    script = f"""_transom() {{
  local words="" before="" word
  for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
    case "$word" in -*) ;; *) before="${{before:+$before }}$word" ;; esac
  done
  case "$before" in
{cases}  esac
  COMPREPLY=($(compgen -W "$words" -- "${{COMP_WORDS[COMP_CWORD]}}"))
}}
complete -o default -F _transom transom
"""
    return f"autoload -U +X bashcompinit && bashcompinit\n{script}" if shell == "zsh" else script


def _words_of(parser: argparse.ArgumentParser, before: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    """Yield what may follow the verbs before it: further verbs and options."""
    options: list[str] = []
    verbs: dict[str, argparse.ArgumentParser] = {}
    for action in parser._actions:  # noqa: SLF001 - argparse has no other way to read a parser
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            verbs = action.choices
        elif action.help != argparse.SUPPRESS:
            options += [name for name in action.option_strings if name.startswith("--")]
    yield before, [*verbs, *options]
    for name, verb in verbs.items():
        yield from _words_of(verb, (*before, name))


def _fish_condition(before: tuple[str, ...]) -> str:
    if not before:
        return "__fish_use_subcommand"
    return "'" + "; and ".join(f"__fish_seen_subcommand_from {word}" for word in before) + "'"
