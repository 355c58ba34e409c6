"""The verbs of the command line that work on a project."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.requirements import ROOT
from transom import generate_context
from transom.cli import main
from transom.cli._main import _parser
from transom.cli._new import new
from transom.cli.project import _capabilities, add_permission
from transom.errors import ConfigError

pytestmark = pytest.mark.slow  # programs in processes of their own


@pytest.fixture
def project(tmp_path: Path) -> Path:
    new(tmp_path / "word-count", "single")
    return tmp_path / "word-count"


def permissions_of(project: Path) -> list[str]:
    return list(json.loads((project / "capabilities" / "default.json").read_text("utf-8"))["permissions"])


def _verbs(parser: argparse.ArgumentParser, name: str) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for word, verb in action.choices.items():
                yield f"{name} {word}", verb
                yield from _verbs(verb, f"{name} {word}")


@pytest.mark.parametrize(("name", "parser"), [pytest.param(*verb, id=verb[0]) for verb in _verbs(_parser(), "transom")])
def test_the_help_of_every_verb_has_an_example_that_can_be_parsed(name: str, parser: argparse.ArgumentParser) -> None:
    assert parser.epilog is not None, name
    example = parser.epilog.removeprefix("example: ").split("&& ")[-1].split(" | ")[0].split(" -- ")[0]
    words = example.replace('eval "$(', "").replace(')"', "").split()
    words = words[words.index("transom") :]  # variables of the environment may come first
    assert words[0] == "transom"
    _parser().parse_args(words[1:])


# init


def test_an_empty_folder_becomes_a_project_that_runs(tmp_path: Path) -> None:
    folder = tmp_path / "word_count"
    folder.mkdir()
    (folder / "index.html").write_text("<!doctype html>", "utf-8")
    assert main(["init", str(folder)]) == 0
    config = generate_context(folder).config
    assert (config.identifier, config.product_name) == ("com.example.word-count", "Word count")
    assert config.frontend == folder
    assert "Builder().strict_permissions()." in (folder / "app.py").read_text("utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q"], cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout


def test_a_front_end_of_vite_says_where_it_is_served(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{"scripts": {"dev": "vite", "build": "vite build"}}', "utf-8")
    (tmp_path / "vite.config.ts").write_text("export default { server: { port: 4321 } }", "utf-8")
    assert main(["init", str(tmp_path), "--name", "app"]) == 0
    build = generate_context(tmp_path).config.build
    assert (build.dev_url, build.frontend_dist) == ("http://localhost:4321", "dist")
    assert build.before_dev_command == "npm run dev"


def test_a_project_of_tauri_keeps_its_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tauri = tmp_path / "src-tauri"
    (tauri / "capabilities").mkdir(parents=True)
    text = '{"identifier": "org.example.tauri", "build": {"frontendDist": "../dist"}}'
    (tauri / "tauri.conf.json").write_text(text, "utf-8")
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'mine'\n", "utf-8")
    assert main(["init", str(tmp_path), "--name", "app"]) == 0
    said = capsys.readouterr().out
    assert "pyproject.toml already exists and was not changed" in said
    assert said.endswith(f"Now run:\n  cd {tmp_path}\n  transom dev\n")
    assert (tauri / "tauri.conf.json").read_text("utf-8") == text
    assert not (tmp_path / "tauri.conf.json").exists()
    assert not (tmp_path / "capabilities").exists()
    assert generate_context(tmp_path).config.identifier == "org.example.tauri"
    # Its capabilities name none of its own commands, which every local page may call, as in Tauri.
    assert "strict" not in (tmp_path / "app.py").read_text("utf-8")


# run


def test_run_shows_the_built_files_and_gives_the_status_of_the_program(project: Path) -> None:
    (project / "app.py").write_text(
        "import os, sys\nprint(os.environ.get('TRANSOM_DEV'), os.environ['TRANSOM_RUNTIME'], sys.argv[1:])\nsys.exit(7)",
        "utf-8",
    )
    command = [sys.executable, "-m", "transom.cli", "run", "app.py", "--runtime", "web", "--", "--own", "x"]
    environment = {**os.environ, "TRANSOM_DEV": "1", "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(
        command, cwd=project, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout) == (7, "None web ['--own', 'x']\n")


def test_run_names_the_programs_that_it_looks_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["run"]) == 1


def test_run_says_in_a_sentence_what_is_missing_from_the_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    new(tmp_path / "site", "react-ts")
    monkeypatch.chdir(tmp_path / "site")
    assert main(["run"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("transom: ")
    assert "dist does not exist; build the front end first with `npm run build`, or correct the field" in said
    (tmp_path / "site" / "tauri.conf.json").write_text('{"identifer": "com.example.site"}', "utf-8")
    assert main(["run"]) == 1
    assert "identifer: unknown field; did you mean `identifier`?" in capsys.readouterr().err


# info


def test_info_is_json_for_programs(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["info", "--project", str(project), "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["runtimes"]["web"] is True
    assert facts["project"]["identifier"] == "com.example.word-count"
    assert facts["project"]["isBuilt"] is True
    assert facts["project"]["capabilities"] == {"default": ["core:default", "allow-greet"]}
    assert main(["info", "--project", str(project)]) == 0
    assert "  identifier: com.example.word-count\n" in capsys.readouterr().out


def test_info_without_a_project_describes_the_machine(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["info", "--project", str(tmp_path / "missing")]) == 1
    assert "missing: there is no such folder" in capsys.readouterr().err
    assert main(["info", "--project", str(tmp_path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["project"] is None


# permission and capability


def test_a_permission_is_added_once_and_removed(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = ["--project", str(project)]
    for _ in range(2):
        assert main(["permission", "add", "core:window:allow-set-title", *where]) == 0
    assert permissions_of(project) == ["core:default", "allow-greet", "core:window:allow-set-title"]
    assert main(["permission", "remove", "core:window:allow-set-title", "default", *where]) == 0
    assert permissions_of(project) == ["core:default", "allow-greet"]
    assert main(["permission", "rm", "core:window:allow-set-title", *where]) == 1
    assert "no capability has the permission" in capsys.readouterr().err


def test_a_permission_that_does_not_exist_changes_nothing(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (project / "capabilities" / "default.json").read_text("utf-8")
    assert main(["permission", "add", "core:window:allow-set-titel", "--project", str(project)]) == 1
    assert "allow-set-titel" in capsys.readouterr().err
    assert (project / "capabilities" / "default.json").read_text("utf-8") == before


def test_an_interrupted_change_is_undone(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    [file] = (project / "capabilities").iterdir()
    before = file.read_text("utf-8")
    permission = json.loads(before)["permissions"][0]
    monkeypatch.setattr(_capabilities, "load_project", interrupted)
    with pytest.raises(KeyboardInterrupt):
        _capabilities.remove_permission(project, permission if isinstance(permission, str) else "", None)
    assert file.read_text("utf-8") == before


def test_a_permission_that_an_official_plugin_does_not_have_changes_nothing(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = permissions_of(project)
    for permission, near in (
        ("fs:nope", "unknown permission nope for fs"),
        ("fs:allow-read-fil", "`fs:allow-read-file`"),
    ):
        assert main(["permission", "add", permission, "--project", str(project)]) == 1
        assert near in capsys.readouterr().err
    assert permissions_of(project) == before
    assert main(["permission", "add", "fs:allow-read-file", "--project", str(project)]) == 0


def test_permissions_are_listed_by_plugin(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["permission", "list", "core:window", "--json", "--project", str(project)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {"core:window:default", "core:window:allow-set-title"} <= set(found)
    assert all(name.startswith("core:window:") for name in found)
    assert main(["permission", "list", "nothing", "--project", str(project)]) == 1


def test_a_capability_is_made_once(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["capability", "new", "titles", "--window", "side-*", "--permission", "core:window:default"]
    assert main([*command, "--project", str(project)]) == 0
    [access] = [
        source.capability
        for source in generate_context(project).access.capabilities
        if source.capability.identifier == "titles"
    ]
    assert (access.windows, access.permissions) == (("side-*",), ("core:window:default",))
    assert main([*command, "--project", str(project)]) == 1
    assert "transom permission add PERMISSION titles" in capsys.readouterr().err
    assert main(["permission", "add", "core:app:default", "--project", str(project)]) == 1
    assert "name one of default, titles" in capsys.readouterr().err


# plugin


def test_the_official_plugins_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plugin", "list", "--json"]) == 0
    plugins = {plugin["name"]: plugin for plugin in json.loads(capsys.readouterr().out)}
    assert plugins["http"] == {
        "name": "http",
        "extra": "http",
        "package": "@tauri-apps/plugin-http",
        "distribution": None,
    }
    assert plugins["single-instance"]["package"] is None


def test_a_plugin_is_added_with_its_permission_and_the_rest_is_said(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["plugin", "add", "clipboard-manager", "--project", str(project)]) == 0
    steps = capsys.readouterr().out.splitlines()
    assert permissions_of(project) == ["core:default", "allow-greet", "clipboard-manager:default"]
    assert steps[:2] == ["pip install 'transom[gtk]'", "npm install @tauri-apps/plugin-clipboard-manager"]
    assert steps[-2:] == ["from transom.plugins import clipboard_manager", "Builder().plugin(clipboard_manager.init())"]
    assert main(["plugin", "add", "dialogs", "--project", str(project)]) == 1
    assert "did you mean dialog?" in capsys.readouterr().err


# completion


def test_bash_completes_verbs_and_options(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", "bash"]) == 0
    script = tmp_path / "completion.bash"
    script.write_text(
        capsys.readouterr().out
        + 'complete_words() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _transom; echo "${COMPREPLY[@]}"; }\n'
        "complete_words transom pl\ncomplete_words transom plugin ''\ncomplete_words transom new x --tem\n",
        "utf-8",
    )
    done = subprocess.run(["bash", script], capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout.splitlines()[:2] == ["plugin", "list add new --help"]


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_the_other_shells_know_every_verb(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 0
    printed = capsys.readouterr().out
    assert all(verb in printed for verb in ("dev", "plugin", "--template"))


def test_a_capability_with_comments_is_left_to_its_author(project: Path) -> None:
    (project / "capabilities" / "default.json").rename(project / "capabilities" / "default.json5")
    text = "// mine\n" + (project / "capabilities" / "default.json5").read_text("utf-8")
    (project / "capabilities" / "default.json5").write_text(text, "utf-8")
    with pytest.raises(ConfigError, match="edit it by hand"):
        add_permission(project, "core:window:default", None)
