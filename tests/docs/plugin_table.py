"""The tables of the official plugins' commands, made from what the plugins say about themselves.

`python -m tests.docs.plugin_table` writes them into `docs/plugins.md`.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

from tests.repository.tree import ROOT
from transom.acl import OFFICIAL_PLUGINS
from transom.core import Plugin

__all__ = ["PAGE", "plugins", "with_tables"]

PAGE = ROOT / "docs" / "plugins.md"
BEGIN, END = "<!-- tables: python -m tests.docs.plugin_table -->", "<!-- end of tables -->"
RUNTIMES = ("webkitgtk", "pywebview", "web")


def plugins() -> list[Plugin]:
    """Return every official plugin that transom has, by name."""
    return [import_module(f"transom.plugins.{name.replace('-', '_')}").init() for name in sorted(OFFICIAL_PLUGINS)]


def lines(plugin: Plugin) -> Iterator[str]:
    """Yield the lines of the table of one plugin."""
    extra = OFFICIAL_PLUGINS[plugin.name]
    yield f"## {plugin.name}"
    yield ""
    added = f"Builder().plugin({plugin.name.replace('-', '_')}.init())"
    needs = "" if extra is None else f", with the extra `transom[{extra}]`"
    yield f"`{added}`{needs}; `{plugin.name}:default` is {_names(plugin.default)}."
    yield ""
    yield f"| command | {' | '.join(RUNTIMES)} |"
    yield f"|---|{'---|' * len(RUNTIMES)}"
    for command in plugin.commands or ():
        yield f"| `{command}` | {' | '.join(_cell(plugin, command, runtime) for runtime in RUNTIMES)} |"
    yield ""


def _names(identifiers: tuple[str, ...]) -> str:
    return ", ".join(f"`{identifier}`" for identifier in identifiers) or "empty"


def _cell(plugin: Plugin, command: str, runtime: str) -> str:
    reason = plugin.unsupported.get(runtime, {}).get(command)
    if reason is not None:
        return f"not here: {reason}"
    missing = plugin.limited.get(runtime, {}).get(command)
    return "works" if missing is None else f"partial: {missing}"


def with_tables(page: str) -> str:
    """Return the page with the tables as they are now."""
    head, _, rest = page.partition(BEGIN)
    _, _, tail = rest.partition(END)
    made = "\n".join(line for plugin in plugins() for line in lines(plugin))
    return f"{head}{BEGIN}\n\n{made}{END}{tail}"


if __name__ == "__main__":
    PAGE.write_text(with_tables(PAGE.read_text("utf-8")), "utf-8")
