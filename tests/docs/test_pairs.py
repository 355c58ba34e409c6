"""Every pair of `docs/tauri-to-transom.md` runs in a real page, and what comes of it is what the document says."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.conformance.application import Program
from tests.docs.pairs import KINDS, Pair, read_pairs, write_pair
from tests.requirements import NODE_MODULES, ROOT, needs_chromium, needs_node, needs_npm_package, needs_webkitgtk

DOCUMENT = ROOT / "docs" / "tauri-to-transom.md"
PAIRS = read_pairs(DOCUMENT)
JS = NODE_MODULES.parent
CLIENT = "tauri-api-2.12"
RUNTIMES = ("web", "webkitgtk")


class Outcome(NamedTuple):
    """What came of a pair: lines by kind, and what went wrong before there could be any."""

    lines: dict[str, list[str]]
    trouble: str | None


@pytest.fixture(scope="session")
def projects(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Write the projects of all pairs and bundle their pages."""
    needs_npm_package("esbuild")
    folders = []
    for pair in PAIRS:
        folder = tmp_path_factory.mktemp("docs") / pair.slug
        write_pair(pair, folder)
        expected = {kind: lines for kind, lines in pair.expected.items() if lines}
        in_page = sum(len(lines) for kind, lines in expected.items() if kind.startswith("page"))
        (folder / "expected.json").write_text(json.dumps({"expected": in_page, "lines": pair.expected}), "utf-8")
        folders.append(folder)
    made = subprocess.run(
        [needs_node(), JS / "docs.mjs", needs_npm_package(CLIENT).name, *folders],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    return folders


def run_all(runtime: str, folders: list[Path], environment: dict[str, str | None]) -> dict[str, Outcome]:
    outcomes: dict[str, Outcome] = {}
    with ExitStack() as stack:
        tour = None
        if runtime == "web":
            needs_npm_package("playwright-core")
            tour = stack.enter_context(Program([needs_node(), JS / "browser_tour.mjs", needs_chromium()]))
        program = Path(__file__).with_name("run_pairs.py")
        arguments = [sys.executable, program, runtime, *folders]
        running = stack.enter_context(Program(arguments, {"TRANSOM_RUNTIME": runtime, **environment}))
        while len(outcomes) < len(folders):
            try:
                line: dict[str, Any] = json.loads(running.line(60))
            except AssertionError as error:
                outcomes[folders[len(outcomes)].name] = Outcome({}, str(error))
                break
            if "address" in line:
                assert tour is not None
                assert tour.process.stdin is not None
                tour.process.stdin.write(f"{line['address']}\n")
                tour.process.stdin.flush()
            else:
                lines = {kind: [text for of, text in line["lines"] if of == kind] for kind in KINDS}
                outcomes[line["pair"]] = Outcome(lines, line["trouble"])
        if tour is not None:
            tour.close_input()
            tour.status()
    return outcomes


@pytest.fixture(scope="session", params=RUNTIMES)
def outcomes(request: pytest.FixtureRequest, projects: list[Path]) -> dict[str, Outcome]:
    environment: dict[str, str | None] = {"DISPLAY": None, "WAYLAND_DISPLAY": None}
    if request.param == "webkitgtk":
        needs_webkitgtk()
        environment |= {"DISPLAY": request.getfixturevalue("display"), "GDK_BACKEND": "x11"}
    return run_all(request.param, projects, environment)


@pytest.mark.parametrize("pair", PAIRS, ids=[pair.slug for pair in PAIRS])
def test_what_comes_of_a_pair_is_what_the_document_says(outcomes: dict[str, Outcome], pair: Pair) -> None:
    outcome = outcomes.get(pair.slug, Outcome({}, "it was not run, because one before it took the program down"))
    assert outcome.trouble is None, f"{outcome.trouble}\n{outcome.lines}"
    assert outcome.lines == pair.expected
