"""`transom acl` on projects with real files, whose program is run as a user would run it."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from transom.cli import main
from transom.cli.acl import explain, load_project

pytestmark = pytest.mark.slow  # programs in processes of their own

SCRIPT = """
import sys, threading
from transom import Builder, PluginBuilder, command, generate_handler
from transom.app import generate_context

@command
async def ping() -> str:
    return "pong"

@command
async def read_file() -> str:
    return "content"

def drive(app):
    def calls():
        page = application._core.runtime.pages["main"]
        for name in ("ping", "plugin:own|ping", "plugin:own|ping", "plugin:own|read_file"):
            page.invoke(name)
        page.invoke("plugin:event|emit", {"event": "x"})
        print("argument", sys.argv[1:], flush=True)
        app.exit(3)
    threading.Thread(target=calls).start()

own = PluginBuilder("own").invoke_handler(generate_handler(ping, read_file)).permissions(default=("allow-ping",)).build()
builder = Builder().plugin(own).invoke_handler(generate_handler(ping)).setup(drive)
application = builder.build(generate_context(), "mock")
raise SystemExit(application.run())
"""

MAIN = {"identifier": "main", "windows": ["main"], "permissions": ["core:default", "own:default"]}


def project(folder: Path, *capabilities: Any, script: str = SCRIPT, **files: str) -> list[str]:
    config = {
        "identifier": "org.example.x",
        "build": {"frontendDist": "."},
        "app": {"windows": [{"label": "main"}, {"label": "other"}]},
    }
    (folder / "tauri.conf.json").write_text(json.dumps(config))
    (folder / "app.py").write_text(script)
    (folder / "capabilities").mkdir()
    for number, capability in enumerate(capabilities):
        (folder / "capabilities" / f"{number}.json").write_text(json.dumps(capability, indent=1))
    for name, text in files.items():
        (folder / name).write_text(text)
    return ["acl", "--project", str(folder)]


def test_check_names_what_is_useless_or_wide(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wide = {
        "identifier": "wide",
        "windows": ["*"],
        "remote": {"urls": ["https://*"]},
        "permissions": [
            "own:allow-ping",
            "own:allow-ping",
            {"identifier": "fs:default", "allow": [{"path": "$HOME/**"}]},
        ],
    }
    nobody = {"identifier": "nobody", "permissions": ["own:allow-ping"]}
    later = {"identifier": "later", "windows": ["set*"], "permissions": ["allow-ping"]}
    arguments = project(tmp_path, MAIN, wide, nobody, later)
    (tmp_path / "permissions").mkdir()
    (tmp_path / "permissions" / "own.toml").write_text('[[permission]]\nidentifier = "idle"\ncommands.allow = ["ping"]')
    assert main([*arguments, "check"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.replace(f"{tmp_path}/", "") for line in lines] == [
        ("warning: capabilities/3.json:3: `later`: no window of the configuration has a label for it (main, other); that is "
        "right only for windows that are made later"),
        ("warning: capabilities/2.json:1: `nobody`: it has no `windows` and no `webviews`, so it allows nothing; write for "
        'example ["main"]'),
        "warning: capabilities/1.json:8: `wide`: `https://*` covers every site of the internet",
        "warning: capabilities/1.json:3: `wide`: remote pages get its permissions in every window; name the windows",
        ("warning: capabilities/1.json:11: `wide`: `fs:default` grants nothing, because the application has no such "
        "plugin or command"),
        "warning: capabilities/1.json:13: `wide`: `own:allow-ping` is listed twice",
        ("warning: capabilities/1.json:14: `wide`: the scope of `fs:default` allows `$HOME/**`, which leaves out next to "
        "nothing"),
        "warning: permissions: no capability uses `idle`",
        "valid: 4 capabilities, 1 own permission, checked with the plugins of app.py; 8 warnings",
    ]  # fmt: skip


def test_check_refuses_what_the_start_would_refuse(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = project(tmp_path, {**MAIN, "permissions": ["own:allow-pin"]})
    assert main([*arguments, "check"]) == 1
    assert capsys.readouterr().err == (
        f"transom: {tmp_path}/capabilities/0.json:7: permissions[0]: unknown permission allow-pin for own; did you mean "
        "`own:allow-ping`?\n"
    )


def test_explain_names_the_command_that_was_meant(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = project(tmp_path, MAIN)
    assert main([*arguments, "explain", "main", "pign"]) == 1
    assert capsys.readouterr().out == "refused: the application has no command `pign`; did you mean `ping`?\n"
    assert main([*arguments, "explain", "main", "xyz"]) == 1
    assert "`transom acl list` names those that it has" in capsys.readouterr().out


def test_explain_says_what_decides(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scoped = {"identifier": "own:allow-read-file", "allow": [{"path": "$HOME/*"}], "deny": ["x"]}
    arguments = project(tmp_path, {**MAIN, "permissions": ["core:default", "own:default", scoped]})
    assert main([*arguments, "explain", "main", "plugin:own|read_file"]) == 0
    assert capsys.readouterr().out == (
        "allowed: the capability `main` (capabilities/0.json:1), with `own:allow-read-file`\n"
        '  the scope allows {"path":"$HOME/*"}\n  the scope denies x\n'
    )
    assert main([*arguments, "explain", "main", "ping"]) == 0
    assert capsys.readouterr().out == "allowed: every local page may call it without a capability\n"
    assert main([*arguments, "explain", "other", "plugin:own|ping"]) == 1
    assert capsys.readouterr().out.endswith('add to the list `windows` in capabilities/0.json:3:\n\n    "other"\n')
    assert main([*arguments, "explain", "other", "plugin:own|ping", "--json"]) == 1
    facts = json.loads(capsys.readouterr().out)
    assert (facts["kind"], facts["window"], facts["permissions"][0]) == ("notAllowed", "other", "own:allow-ping")
    assert [entry["windows"] for entry in facts["allowedElsewhere"]] == [["main"]]
    assert main([*arguments, "explain", "main", "plugin:own|ping", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["decidedBy"] == [{"capability": "main", "permission": "own:allow-ping"}]
    assert main([*arguments, "explain", "main", "plugin:own|ping", "--origin", "https://example.org"]) == 1
    assert '"remote": {"urls": ["https://example.org"]}' in capsys.readouterr().out
    # The project may be named after the verb, too.
    assert main(["acl", "explain", "main", "ping", "--project", str(tmp_path), "--origin", "example"]) == 1
    assert "--origin example: write an address, such as https://example.com" in capsys.readouterr().err


def test_list_names_what_each_window_may_call(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = project(tmp_path, {**MAIN, "permissions": ["own:default", "core:event:allow-emit"]})
    assert main([*arguments, "list"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "main:",
        "  ping  (needs no permission)",
        "  plugin:event|emit  (main: core:event:allow-emit)",
        "  plugin:stream|pull  (needs no permission)",
        "  plugin:own|ping  (main: own:allow-ping)",
        "other:",
        "  ping  (needs no permission)",
        "  plugin:stream|pull  (needs no permission)",
    ]
    assert main([*arguments, "list", "other"]) == 0
    assert capsys.readouterr().out.count(":\n") == 1


def test_list_and_check_are_told_to_programs_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    far = {"identifier": "far", "windows": ["other"], "local": False, "remote": {"urls": ["https://x.org"]}}
    far["permissions"] = ["own:allow-read-file"]
    arguments = project(tmp_path, {**MAIN, "permissions": ["own:default", "own:default"]}, far)
    assert main([*arguments, "list", "--json"]) == 0
    free: dict[str, Any] = {"ping": [], "plugin:stream|pull": []}
    assert json.loads(capsys.readouterr().out) == {
        "main": {"local": {**free, "plugin:own|ping": ["main: own:allow-ping"]}, "remote": {}},
        "other": {"local": free, "remote": {"https://x.org": {"plugin:own|read_file": ["far: own:allow-read-file"]}}},
    }
    assert main([*arguments, "check", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["program"].endswith("app.py")
    assert any("`own:default` is listed twice" in warning for warning in told["warnings"])


def test_graph_draws_pages_capabilities_and_permissions(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    remote = {"identifier": "far", "windows": ["a"], "webviews": ["b"], "local": False, "remote": {"urls": ["https://x.org"]}, "permissions": ["own:deny-ping"]}  # fmt: skip
    scoped = {"identifier": "own:allow-read-file", "allow": ["x"]}
    arguments = project(tmp_path, {**MAIN, "permissions": ["own:default", scoped]}, remote)
    assert main([*arguments, "graph"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "flowchart LR",
        '  p0["every local page"]',
        '  c1{{"without a capability"}}',
        '  p2("the application\'s own commands")',
        '  p3["window a at https://x.org"]',
        '  c4{{"far"}}',
        '  p5["webview b at https://x.org"]',
        '  d6("own:deny-ping")',
        '  p7["window main"]',
        '  c8{{"main"}}',
        '  p9("own:default (1 commands)")',
        '  p10("own:allow-read-file, with a scope")',
        "  p0 --> c1",
        "  c1 --> p2",
        "  p3 --> c4",
        "  p5 --> c4",
        "  c4 -. denies .-> d6",
        "  p7 --> c8",
        "  c8 --> p9",
        "  c8 --> p10",
    ]
    picture = tmp_path / "picture.svg"
    assert main([*arguments, "graph", "--whole", "--output", str(picture)]) == 0
    root = ET.parse(picture).getroot()
    texts = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"own:allow-ping", "denies own:deny-ping", "window a at https://x.org"} < set(texts)
    assert len(list(root.iter("{http://www.w3.org/2000/svg}path"))) == 8
    assert main([*arguments, "graph", "--output", str(tmp_path / "picture.png")]) == 1
    assert "must end in .svg" in capsys.readouterr().err


STRICT = """
from transom import Builder, ScopedPath, ScopedUrl, command, generate_handler
from transom.app import generate_context
from transom.plugins import fs, http, opener

@command
def read_note(path: ScopedPath) -> str:
    return path.read_text()

@command
def fetch_note(url: ScopedUrl) -> str:
    return url

@command
def forgotten() -> None: ...

handler = generate_handler(read_note, fetch_note, forgotten)
builder = Builder().strict_permissions().plugin(fs.init()).plugin(http.init()).plugin(opener.init())
builder.invoke_handler(handler).run(generate_context())
"""


def test_explain_asks_the_scope_about_files_and_addresses(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The answers are those that the running application gives; `test_every_runtime_decides_alike` compares calls."""
    files = [{"path": "$RESOURCE/notes/**"}]
    permissions = [
        {"identifier": "allow-read-note", "allow": files, "deny": [{"path": "$RESOURCE/notes/secret.txt"}]},
        {"identifier": "allow-fetch-note", "allow": [{"url": "https://*.example.org/*"}]},
        {"identifier": "fs:allow-read-text-file", "allow": files},
        {"identifier": "http:default", "allow": [{"url": "https://api.example.org/*"}]},
        {"identifier": "opener:allow-open-url", "allow": [{"url": "https://docs.example.org/*"}]},
        "fs:allow-stat",
    ]
    arguments = project(tmp_path, {**MAIN, "permissions": permissions}, script=STRICT)
    (tmp_path / "notes").mkdir()
    loaded = load_project(tmp_path, None)
    questions = {
        "read_note path=$RESOURCE/notes/a.txt": True,
        "read_note path=$RESOURCE/notes/secret.txt": False,
        "read_note path=$RESOURCE/notes/../app.py": False,
        "read_note path=/etc/passwd": False,
        "fetch_note url=https://a.example.org/x": True,
        "fetch_note url=https://example.net/x": False,
        "plugin:fs|read_text_file path=$RESOURCE/notes/a.txt": True,
        "plugin:fs|read_text_file path=$RESOURCE/notes/.hidden": False,
        "plugin:fs|stat path=$RESOURCE/notes/a.txt": False,
        "plugin:http|fetch url=https://api.example.org/x": True,
        "plugin:http|fetch url=https://example.org/x": False,
        "plugin:opener|open_url url=https://docs.example.org/x": True,
        "plugin:opener|open_url url=https://example.net/x": False,
    }
    answers = {}
    for question in questions:
        command, argument = question.split(" ")
        answers[question] = explain(loaded, "main", command, None, None, io.StringIO(), arguments=[argument]) == 0
    assert answers == questions
    assert main([*arguments, "explain", "main", "read_note", "--arg", "path=$RESOURCE/notes/secret.txt"]) == 1
    assert capsys.readouterr().out == (
        "refused: $RESOURCE/notes/secret.txt is out of scope. The scope of this call allows $RESOURCE/notes/** and denies "
        "$RESOURCE/notes/secret.txt, which takes precedence. To allow it, remove what denies it from the list `deny` in a "
        "permission of the capability `main`.\n"
    )
    assert main([*arguments, "explain", "main", "plugin:fs|read_text_file", "--arg", "path=/etc/x"]) == 1
    assert capsys.readouterr().out.endswith(
        "allows $RESOURCE/notes/**. To allow it, add to the list `permissions` of the capability `main`, with this path or a "
        'pattern:\n\n    {"identifier": "fs:allow-read-text-file", "allow": [{"path": "/etc/x"}]}\n'
    )
    assert main([*arguments, "explain", "main", "read_note", "--arg", "path"]) == 1
    assert "write it as name=value" in capsys.readouterr().err
    assert main([*arguments, "check"]) == 0
    assert "no capability allows the command `forgotten`, so no page may call it; add `allow-forgotten` to one" in (
        capsys.readouterr().out
    )


def test_an_argument_of_a_call_without_such_a_scope_cannot_be_judged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    permissions = ["allow-forgotten", {"identifier": "core:event:allow-listen", "allow": [{"event": "x"}]}]
    arguments = project(tmp_path, {**MAIN, "permissions": permissions}, script=STRICT)
    assert main([*arguments, "explain", "main", "forgotten", "--arg", "path=/etc/passwd"]) == 1
    assert "has no scope here; parameters `ScopedPath` and `ScopedUrl` accept nothing then" in capsys.readouterr().err
    assert main([*arguments, "explain", "main", "plugin:event|listen", "--arg", "event=x"]) == 1
    assert "it has {'event': 'x'}, and only the command can tell what that covers" in capsys.readouterr().err


def test_list_names_what_pages_of_other_sites_may_call(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    far = {"identifier": "far", "windows": ["other"], "local": False, "remote": {"urls": ["https://*.x.org"]}}
    assert main([*project(tmp_path, {**far, "permissions": ["own:allow-read-file"]}), "list", "other"]) == 0
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "other, pages of https://*.x.org:",
        "  plugin:own|read_file  (far: own:allow-read-file)",
    ]


def test_a_package_is_run_by_its_main_module(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = project(tmp_path, MAIN)
    package = tmp_path / "mine"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "own.py").write_text(
        (tmp_path / "app.py").read_text().replace("generate_context()", f"generate_context({str(tmp_path)!r})")
    )
    (package / "__main__.py").write_text("from . import own")
    assert main([*arguments, "--app", str(package / "__main__.py"), "explain", "main", "plugin:own|ping"]) == 0
    assert capsys.readouterr().out.startswith("allowed: the capability `main`")


def test_record_writes_the_smallest_capability_that_allows_what_was_called(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    scoped = {"identifier": "own:allow-read-file", "allow": ["x"]}
    arguments = project(tmp_path, {"identifier": "a", "windows": ["main"], "permissions": [scoped]})
    assert main([*arguments, "record", "one", "two"]) == 3
    printed = capfd.readouterr().out
    assert "argument ['one', 'two']" in printed
    assert "give these permissions their scopes again, which a recording cannot know: own:allow-read-file" in printed
    recorded = json.loads((tmp_path / "capabilities" / "recorded-main.json").read_text())
    assert recorded == {
        "identifier": "recorded-main",
        "windows": ["main"],
        "permissions": ["core:event:allow-emit", "own:allow-ping", "own:allow-read-file"],
    }
    assert main([*arguments, "record"]) == 3  # nothing is written over
    assert "recorded-main.json exists; this is what was recorded now:" in capfd.readouterr().out
    (tmp_path / "file").write_text("")
    assert main([*arguments, "record", "--output", str(tmp_path / "file" / "folder")]) == 3
    printed = capfd.readouterr().out
    assert "recorded-main.json cannot be written (Not a directory); this is what was recorded now:" in printed
    assert '"identifier": "recorded-main"' in printed
    (tmp_path / "capabilities" / "0.json").unlink()
    for command in ("plugin:own|ping", "plugin:own|read_file", "plugin:event|emit"):
        assert main([*arguments, "explain", "main", command]) == 0
    assert main([*arguments, "explain", "main", "plugin:event|listen"]) == 1


def test_without_a_program_all_plugins_of_transom_are_assumed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = project(tmp_path, {**MAIN, "permissions": ["core:default", "allow-anything"]})
    (tmp_path / "app.py").unlink()
    assert main([*arguments, "check"]) == 0
    assert "checked with all plugins of transom (no --app); 0 warnings" in capsys.readouterr().out
    assert main([*arguments, "record"]) == 1
    assert "there is no `app.py` or `main.py` in " in capsys.readouterr().err


def test_a_program_that_runs_no_application_is_told_with_what_it_wrote(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = project(tmp_path, MAIN, script="raise RuntimeError('no database')")
    assert main([*arguments, "check"]) == 1
    assert "no database" in capsys.readouterr().err
    assert main([*arguments, "record"]) == 1
    assert "ran no application to its end, so nothing was recorded" in capsys.readouterr().err


def test_only_development_describes_and_records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.mock_app import running
    from transom.acl import RecordingAuthority

    monkeypatch.setenv("TRANSOM_ACL_RECORD", str(tmp_path / "calls.json"))
    monkeypatch.setenv("TRANSOM_ACL_DESCRIBE", str(tmp_path / "access.json"))
    with running() as application:
        assert not isinstance(application.core.authority, RecordingAuthority)
    assert list(tmp_path.iterdir()) == []
