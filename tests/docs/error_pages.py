"""The pages of `docs/errors`, one for each explanation of an error, and the tables of `docs/errors.md`.

`python -m tests.docs.error_pages` writes them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.repository.tree import ROOT
from transom.explanations import EXPLANATIONS, page_of
from transom.explanations._calling import CALLING
from transom.explanations._files import FILES
from transom.explanations._running import RUNNING
from transom.explanations._starting import STARTING
from transom.explanations.subjects import (
    ACCESS,
    DEFINING,
    DEVELOPING,
    EVENTS,
    PLUGINS,
    SERVING,
    SHIPPING,
    VALUES,
    WINDOWS,
)

__all__ = ["pages"]

DOCS = ROOT / "docs"
HEAD = """# Errors

transom's errors name the thing, the rule and the fix. This page lists those that people meet first, by the part of the text
to look for; `<...>` stands for a name of yours. Each has a page with the rule behind it and an example. The same pages are in
the terminal: `transom explain` lists them, and `transom explain` with a name or with the text of an error shows one. The
classes are in [`transom.errors`](reference/errors.md), and [another page](error-texts.md) lists every text there is.
"""
SECTIONS = (
    ("In the project's files", FILES, ""),
    ("Capabilities, permissions and scopes", ACCESS, ""),
    (
        "When the program starts",
        STARTING,
        "\n`transom doctor` says what each runtime needs and what is missing on the machine.\n",
    ),
    ("Functions that are to be commands", DEFINING, ""),
    ("Plugins", PLUGINS, ""),
    (
        "When a page calls",
        CALLING,
        """
An exception that is no `CommandError` is a bug of the program: the log has its traceback, and the page gets an object with
`kind: "internal"`, the name of the command and, during development, the text.
""",
    ),
    ("Values and their types", VALUES, ""),
    ("Channels, windows and images", RUNNING, ""),
    ("Events, hooks and tasks", EVENTS, ""),
    ("Windows, menus and pages", WINDOWS, ""),
    ("Servers and pages in a browser", SERVING, ""),
    ("Bundles and updates", SHIPPING, ""),
    ("`transom dev`, bindings and tests", DEVELOPING, ""),
)


def pages() -> Iterator[tuple[Path, str]]:
    """Yield each file with its text."""
    text = HEAD
    for title, explanations, foot in SECTIONS:
        text += f"\n## {title}\n\n| text | cause | fix |\n|---|---|---|\n"
        for this in explanations:
            fix = this.fix.replace("](../", "](").replace("|", "\\|")
            text += f"| [`{this.text}`](errors/{this.name}.md) | {this.why} | {fix} |\n"
        text += foot
    names = "\n".join(f"errors/{this.name}" for this in EXPLANATIONS)
    yield DOCS / "errors.md", f"{text}\n```{{toctree}}\n:hidden:\n\n{names}\n```\n"
    for this in EXPLANATIONS:
        yield DOCS / "errors" / f"{this.name}.md", page_of(this)


def main() -> None:
    """Write the files."""
    (DOCS / "errors").mkdir(exist_ok=True)
    for file, text in pages():
        file.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
