"""The documentation site, which `make docs` builds from the pages of this folder with Sphinx."""

from __future__ import annotations

import re
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

project = "transom"
release = metadata.version("transom")
html_title = "transom"
html_theme = "furo"
html_show_copyright = False
html_show_sourcelink = False
html_copy_source = False
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#1b4965", "color-brand-content": "#1b6a94"},
    "dark_css_variables": {"color-brand-primary": "#8ecae6", "color-brand-content": "#8ecae6"},
}
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
myst_heading_anchors = 4
highlight_language = "text"
# Docstrings are Markdown with the sections of Google: single backticks are code, and `_markdown` translates the rest.
default_role = "code"
napoleon_numpy_docstring = False
napoleon_use_ivar = True
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
autodoc_default_options = {"members": True}
# `CommandError` is a name of the root, of `errors` and of `v1`: any of them is the right one.
suppress_warnings = ["ref.python"]
exclude_patterns = ["build"]

sys.path.insert(0, str(Path(__file__).parents[1]))  # tests.docs makes tables, and no package has it
_EXAMPLE = re.compile(r"\]\(\.\./examples/(\w+)/?\)")


def _examples_of_the_site(_app: Any, name: str, source: list[str]) -> None:
    """Let links to the folder of an example lead to its section, as the folder is not a part of the site."""
    source[0] = _EXAMPLE.sub(r"](#\1)" if name == "examples" else r"](examples.md#\1)", source[0])


def _texts_of_errors(_app: Any, name: str, source: list[str]) -> None:
    """Put the tables of all errors into their page."""
    if name == "error-texts":
        from tests.docs.error_texts import PLACE, tables

        source[0] = source[0].replace(PLACE, tables())


def _markdown(_app: Any, _what: str, _name: str, _object: Any, _options: Any, lines: list[str]) -> None:
    """Translate what docstrings have of Markdown: tables, code that is indented, trees, and letters after a backtick."""
    text = re.sub(
        r"(`[^`\n]+`)(\w?)", lambda found: f"{found[1]}\\ {found[2]}" if found[2] else found[1], "\n".join(lines)
    )
    text = re.sub(r":\n\n(?= {4})", r"::\n\n", text)
    paragraphs = text.split("\n\n")
    lines[:] = "\n\n".join(map(_paragraph, paragraphs)).split("\n")


def _paragraph(text: str) -> str:
    if text.startswith("|"):
        rows = [[cell.strip() for cell in row.strip("|").split(" | ")] for row in text.strip().split("\n")]
        cells = [
            f"{'  ' if column else '* '}- {cell.strip('| ')}"
            for row in (rows[0], *rows[2:])
            for column, cell in enumerate(row)
        ]
        return "\n   ".join([".. list-table::", ":header-rows: 1", "", *cells])
    if "\n├── " in text:
        return "::\n\n    " + text.replace("\n", "\n    ")
    return text


def setup(app: Any) -> None:
    """Connect the hooks of this file with Sphinx."""
    app.connect("source-read", _examples_of_the_site)
    app.connect("source-read", _texts_of_errors)
    app.connect("autodoc-process-docstring", _markdown, priority=100)  # before the sections are read
