"""Questions on the terminal."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ...errors import AuthorError, ConfigError

__all__ = ["ask_template", "ask_text"]


def ask_text(question: str, default: str, check: Callable[[str], object]) -> str:
    """Return the answer to a question, or the default for an empty one; ask again until it is right.

    Args:
        question: The question, without punctuation.
        default: What an empty answer stands for.
        check: Raises `ConfigError` for an answer that is wrong.

    Raises:
        AuthorError: The input ended.
    """
    while True:
        answer = _input(f"{question} [{default}]: ") or default
        try:
            check(answer)
        except ConfigError as error:
            print(error)
        else:
            return answer


def ask_template(templates: Mapping[str, str]) -> str:
    """Return the template that is chosen, by its number or name; the first one for an empty answer.

    Args:
        templates: Name -> what it is.

    Raises:
        AuthorError: The input ended.
    """
    names = list(templates)
    for number, (name, what) in enumerate(templates.items(), 1):
        print(f"  {number}  {name:11} {what}")

    def name_of(answer: str) -> str:
        if answer.isdecimal() and 1 <= int(answer) <= len(names):
            return names[int(answer) - 1]
        if answer not in templates:
            raise ConfigError(f"{answer!r} is not a template: write a number from 1 to {len(names)}, or a name")
        return answer

    return name_of(ask_text("Template", names[0], name_of))


def _input(prompt: str) -> str:
    try:
        return input(prompt).strip()
    except EOFError:
        print()
        raise AuthorError("the input ended before the question was answered; nothing was made") from None
