"""The tables of `docs/error-texts.md`: every text that transom says when something is wrong, read from its source.

`docs/conf.py` puts them into the page when the site is built, so no list of texts can be out of date.
"""

from __future__ import annotations

from collections.abc import Iterable

from transom.explanations import explanation_of
from transom.explanations.texts import ErrorText, error_texts

__all__ = ["PLACE", "SUBJECTS", "tables"]

PLACE = "<!-- The tables are made when the site is built. -->"
# The heading of each room's texts, in the order of the page. Add here when a room is made.
SUBJECTS = {
    "config": "Configuration",
    "project": "Files of a project",
    "acl": "Capabilities and permissions",
    "commands": "Commands and their arguments",
    "calls": "Calls",
    "values": "Values and types",
    "app": "Builder and App",
    "core": "The running application",
    "handles": "Handles and windows",
    "runtimes": "Windows and runtimes",
    "pages": "Pages, channels and resources",
    "events": "Events",
    "menu": "Menus",
    "tray": "Tray icons",
    "threads": "Tasks and workers",
    "server": "Servers",
    "wire": "The link with the page",
    "errors": "Errors that fill in a text",
    "bindings": "Bindings",
    "dev": "transom dev",
    "cli": "The command line",
    "bundler": "Bundles",
    "testing": "The test kit",
    "inspector": "The inspector",
    "observe": "Recordings and spans",
    "remote": "Windows of transom dev",
    "v0": "Handlers of Tauri 0.x",
    "v1": "Names of Tauri 1.x",
    "v1_beta": "Tauri 1.0 beta",
}


def tables(texts: Iterable[ErrorText] | None = None) -> str:
    """Return the tables as Markdown, one for each subject.

    Args:
        texts: The texts; `None` for those of the package.
    """
    rows: dict[str, list[str]] = {subject: [] for subject in SUBJECTS.values()}
    plugins: dict[str, list[str]] = {}
    for text in error_texts() if texts is None else texts:
        room, _, rest = text.raisers[0].module.partition(".")
        if room == "plugins":
            plugins.setdefault(f"Plugin {rest.partition('.')[0].strip('_').replace('_', '-')}", []).append(_row(text))
        else:
            rows[SUBJECTS[room]].append(_row(text))
    return "\n".join(
        f"## {subject}\n\n| text | kind | from | more |\n|---|---|---|---|\n{''.join(sorted(found))}"
        for subject, found in (*rows.items(), *sorted(plugins.items()))
        if found
    )


def _row(text: ErrorText) -> str:
    explained = explanation_of(text.text)
    more = text.meaning if explained is None else f"[{explained.name}](errors/{explained.name}.md)"
    places = "<br>".join(f"`{place}`" for place in text.raisers[:3])
    return f"| {_code(text.text)} | `{text.kind}` | {places} | {more} |\n"


def _code(text: str) -> str:
    """Return a text that may have backticks in it as code that can stand in a table."""
    fence = "``" if "`" in text else "`"
    return f"{fence} {text} {fence}".replace("|", "\\|")
