"""Runs pairs in real pages, all of one runtime in one process, and returns what came of them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.conformance.application import Program
from tests.docs.pairs import KINDS, Pair, write_pair
from tests.requirements import NODE_MODULES, needs_chromium, needs_node, needs_npm_package, needs_webkitgtk

__all__ = ["CLIENT", "Outcome", "bundle", "environment_for", "run_all"]

JS = NODE_MODULES.parent
CLIENT = "tauri-api-2.12"
# Generation of Tauri's client -> the npm package that pages of its pairs are made with.
PACKAGES = {"2.x": CLIENT, "1.x": "tauri-api-1.6", "1.0-beta": "tauri-api-1.0-beta.1", "0.x": "tauri-0.15"}
_PATIENCE = 60  # seconds without a line


class Outcome(NamedTuple):
    """What came of a pair: lines by kind, and what kept it from its end."""

    lines: dict[str, list[str]]
    trouble: str | None


def bundle(pairs: Sequence[Pair], folder: Path) -> list[Path]:
    """Write the projects of pairs, bundle their pages with the npm client, and return their folders."""
    needs_npm_package("esbuild")
    folders = []
    for pair in pairs:
        project = folder / pair.slug
        write_pair(pair, project)
        (project / "expected.json").write_text(json.dumps(pair.expected), "utf-8")
        client = {"generation": pair.client, "package": needs_npm_package(PACKAGES[pair.client]).name}
        (project / "client.json").write_text(json.dumps(client), "utf-8")
        folders.append(project)
    command = [needs_node(), JS / "docs.mjs", *folders]
    made = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert made.returncode == 0, made.stderr
    return folders


def environment_for(runtime: str, request: pytest.FixtureRequest) -> dict[str, str | None]:
    """Return the variables that a runtime needs, or skip the test with the reason."""
    variables: dict[str, str | None] = {"TRANSOM_RUNTIME": runtime, "DISPLAY": None, "WAYLAND_DISPLAY": None}
    if runtime == "webkitgtk":
        needs_webkitgtk()
        variables |= {"DISPLAY": request.getfixturevalue("display"), "GDK_BACKEND": "x11"}
    else:
        needs_npm_package("playwright-core")
        needs_chromium()
    return variables


def run_all(runtime: str, folders: Sequence[Path], environment: Mapping[str, str | None]) -> dict[str, Outcome]:
    """Run the pairs in these folders and return the outcomes by slug; those after one that ends the process are missing."""
    outcomes: dict[str, Outcome] = {}
    with ExitStack() as stack:
        tour = None
        if runtime == "web":
            tour = stack.enter_context(Program([needs_node(), JS / "browser_tour.mjs", needs_chromium()]))
        arguments = [sys.executable, Path(__file__).with_name("run_pairs.py"), runtime, *folders]
        program = stack.enter_context(Program(arguments, environment))
        for folder in folders:
            try:
                line = json.loads(program.line(_PATIENCE))
                if tour is not None and "address" in line:
                    assert tour.process.stdin is not None
                    tour.process.stdin.write(f"{line['address']}\n")
                    tour.process.stdin.flush()
                    line = json.loads(program.line(_PATIENCE))
            except AssertionError as error:
                outcomes[folder.name] = Outcome({}, str(error))
                break
            lines = {kind: [text for of, text in line["lines"] if of == kind] for kind in KINDS}
            outcomes[line["pair"]] = Outcome(lines, line["trouble"])
        if tour is not None:
            tour.close_input()
            tour.status()
    return outcomes
