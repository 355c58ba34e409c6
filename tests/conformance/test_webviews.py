"""Webviews, windows with one, and the hooks of both: the unmodified npm package in WebKitGTK windows."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.application import Program, write_project
from tests.requirements import NODE_MODULES, ROOT, needs_node, needs_npm_package, needs_webkitgtk

JS = NODE_MODULES.parent
APPLICATION = Path(__file__).parent / "webviews.py"
NAMES: list[str] = json.loads((Path(__file__).parent / "webviews.json").read_text("utf-8"))
_SECONDS = 150


def _bundle(page: str, folder: Path) -> None:
    client = needs_npm_package("tauri-api-2.12")
    needs_npm_package("esbuild")
    made = subprocess.run(
        [needs_node(), JS / "bundle.mjs", client.name, folder, page],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert made.returncode == 0, made.stderr


@pytest.fixture(scope="module")
def results(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Run all checks once; `None` for one that holds, else why it does not."""
    needs_webkitgtk()
    project = write_project(tmp_path_factory.mktemp("webviews"), security={"csp": None})
    _bundle("webviews_child", project / "dist")
    (project / "dist" / "conformance.js").rename(project / "dist" / "child.js")
    page = (project / "dist" / "index.html").read_text("utf-8")
    (project / "dist" / "child.html").write_text(page.replace("conformance.js", "child.js"), "utf-8")
    _bundle("webviews", project / "dist")
    environment: dict[str, str | None] = {
        "DISPLAY": request.getfixturevalue("display"),
        "WAYLAND_DISPLAY": None,
        "GDK_BACKEND": "x11",
        "XDG_DATA_HOME": str(project / "data"),
        "PYTHONFAULTHANDLER": "1",
        "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}",
    }
    found: dict[str, Any] = {}
    with Program([*_python(), APPLICATION, project], environment) as application:
        while "finished" not in (message := json.loads(application.line(_SECONDS))):
            found[message["name"]] = None if message["ok"] else message["detail"]
        assert application.end() == 143, f"{found}\n{''.join(application.errors)}"
    found["errors"] = "".join(application.errors)
    return found


def _python() -> list[str]:
    import sys

    return [sys.executable]


@pytest.mark.parametrize("name", NAMES)
def test_the_npm_classes_find_what_they_expect(results: dict[str, Any], name: str) -> None:
    assert name in results, results["errors"]
    assert results[name] is None, results[name]


def test_gtk_complains_about_nothing(results: dict[str, Any]) -> None:
    assert "CRITICAL" not in results["errors"]
    assert "Traceback" not in results["errors"], results["errors"]
