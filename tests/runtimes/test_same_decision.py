"""The same calls of one project in a window, in a browser's link and without either, during development and in release."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.application import Program
from tests.conformance.raw_page import RawPage
from tests.mock_app import running_in
from tests.requirements import ROOT, needs_webkitgtk
from transom.app import Builder, generate_context
from transom.cli.acl import explain, load_project
from transom.runtimes._mock import MockRejection

APP = """
import json, sys
from typing import Any
from transom import Builder, PluginBuilder, ScopedPath, command, generate_context, generate_handler

@command
def open_note() -> str: return "open"
@command
def secret() -> str: return "secret"
@command
def forgotten() -> str: return "forgotten"
@command
def read_note(path: ScopedPath) -> str: return path.read_text()
@command
def ping() -> str: return "pong"
@command
async def done(report: Any) -> None: print(json.dumps(report), flush=True)

own = PluginBuilder("own").invoke_handler(generate_handler(ping)).permissions(default=()).build()
builder = Builder().strict_permissions().plugin(own).web(open_browser=False, token="t")
builder.invoke_handler(generate_handler(open_note, secret, forgotten, read_note, done))
if __name__ == "__main__":
    sys.exit(builder.run(generate_context(), sys.argv[1] if sys.argv[1:] else None))
"""
CAPABILITIES: list[dict[str, Any]] = [
    {
        "identifier": "main",
        "windows": ["main"],
        "permissions": [
            "core:default",
            "own:allow-ping",
            "allow-done",
            "allow-open-note",
            "allow-secret",
            {"identifier": "allow-read-note", "allow": [{"path": "$RESOURCE/notes/**"}]},
            {"identifier": "core:event:allow-listen", "allow": [{"event": "news"}]},
        ],
    },
    {"identifier": "less", "windows": ["*"], "permissions": ["deny-secret", "core:event:deny-emit"]},
    {
        "identifier": "elsewhere",
        "windows": ["other"],
        "permissions": ["allow-forgotten", "core:window:allow-set-title"],
    },
]
LISTEN = {"target": {"kind": "Any"}, "handler": 1}
# Call -> whether the main window's page may make it.
CALLS: list[tuple[str, dict[str, Any], bool]] = [
    ("open_note", {}, True),
    ("open-note", {}, False),
    ("secret", {}, False),
    ("forgotten", {}, False),
    ("nothing", {}, False),
    ("read_note", {"path": "$RESOURCE/notes/a.txt"}, True),
    ("read_note", {"path": "$RESOURCE/app.py"}, False),
    ("read_note", {"path": "$RESOURCE/notes/../app.py"}, False),
    ("plugin:own|ping", {}, True),
    ("plugin:own|pong", {}, False),
    ("plugin:other|ping", {}, False),
    ("plugin:window|title", {"label": "main"}, True),
    ("plugin:window|set_title", {"label": "main", "value": "x"}, False),
    ("plugin:event|listen", {"event": "news", **LISTEN}, True),
    ("plugin:event|listen", {"event": "other", **LISTEN}, False),
    ("plugin:event|emit", {"event": "news"}, False),
]
PAGE = f"""<!doctype html><script>(async () => {{
  const {{ invoke }} = window.__TAURI_INTERNALS__;
  const report = [];
  for (const [command, args] of {json.dumps([call[:2] for call in CALLS])})
    report.push(await invoke(command, args).then(() => true, () => false));
  await invoke('done', {{ report }});
}})();</script>"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    config = {"identifier": "org.example.same", "build": {"frontendDist": "ui"}, "app": {"windows": [{"label": "main"}], "security": {"csp": None}}}  # fmt: skip
    files = {"tauri.conf.json": json.dumps(config), "app.py": APP, "ui/index.html": PAGE, "notes/a.txt": "a"}
    files |= {f"capabilities/{table['identifier']}.json": json.dumps(table) for table in CAPABILITIES}
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def of_runtime(name: str, project: Path, request: pytest.FixtureRequest, *, development: bool) -> list[bool]:
    """Return what the page of the main window may call in a runtime."""
    environment: dict[str, str | None] = {
        "TRANSOM_DEV": "1" if development else None,
        "PYTHONPATH": str(ROOT / "src"),
        "XDG_DATA_HOME": str(project / "data"),
    }
    if name == "webkitgtk":
        needs_webkitgtk()
        environment |= {"DISPLAY": request.getfixturevalue("display"), "WAYLAND_DISPLAY": None, "GDK_BACKEND": "x11"}
    with Program([sys.executable, project / "app.py", name], environment) as application:
        if name == "webkitgtk":
            return list(json.loads(application.line(60)))
        with RawPage(application.address()) as page:
            return [page.invoke(command, args)[0] for command, args, _ in CALLS]


@pytest.mark.parametrize("development", [True, False], ids=["development", "release"])
@pytest.mark.parametrize("runtime", ["webkitgtk", "web"])
def test_every_runtime_decides_alike(
    runtime: str, project: Path, request: pytest.FixtureRequest, *, development: bool
) -> None:
    found = of_runtime(runtime, project, request, development=development)
    assert dict(zip(map(str, CALLS), found, strict=True)) == {str(call): call[2] for call in CALLS}


@pytest.mark.parametrize("development", [True, False], ids=["development", "release"])
def test_so_does_an_application_without_a_window(project: Path, *, development: bool) -> None:
    names: dict[str, Any] = {"__name__": "app"}
    exec(compile(APP, "app.py", "exec"), names)
    builder: Builder = names["builder"]
    with running_in(builder, generate_context(project, development=development)) as application:

        def may(command: str, args: dict[str, Any]) -> bool:
            try:
                application.page.invoke(command, args)
            except MockRejection:
                return False
            return True

        assert [may(command, args) for command, args, _ in CALLS] == [allowed for *_, allowed in CALLS]


def test_so_does_the_command_line(project: Path) -> None:
    loaded = load_project(project, None)
    for command, args, allowed in CALLS:
        if "event" in args:  # the scope of an event is not asked
            continue
        arguments = [f"path={args['path']}"] if "path" in args else []
        status = explain(loaded, "main", command, None, None, io.StringIO(), arguments=arguments)
        assert (command, args, status == 0) == (command, args, allowed)
