"""`transom plugin new`: the package installs, its test passes, a project adds it, and its functions compile."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.requirements import needs_hatchling, needs_node, needs_vite
from transom import AppHandle, Builder, generate_context
from transom.cli import main
from transom.cli._new import new, new_plugin
from transom.errors import ConfigError
from transom.testing import running


def _run(command: list[str | Path], folder: Path, **variables: str) -> str:
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.mark.slow
def test_the_package_installs_passes_its_test_and_a_project_adds_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    needs_hatchling()
    monkeypatch.chdir(tmp_path)
    assert main(["plugin", "new", "word-count"]) == 0
    assert "cd transom-plugin-word-count\n" in capsys.readouterr().out
    package, installed = tmp_path / "transom-plugin-word-count", tmp_path / "installed"
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--disable-pip-version-check", "--target", installed]
    _run([sys.executable, "-m", "pip", "install", *options, package], tmp_path)
    assert (installed / "transom_plugin_word_count" / "py.typed").is_file()
    # The installed package: the test's own setting would put `src` before it.
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", "pythonpath="]
    path = os.pathsep.join([str(installed), *sys.path])
    assert "1 passed" in _run(command, package, PYTHONPATH=path)

    new(tmp_path / "app", "single")
    monkeypatch.syspath_prepend(installed)
    assert main(["plugin", "list", "--json"]) == 0
    listed = {plugin["name"]: plugin for plugin in json.loads(capsys.readouterr().out)}
    assert listed["word-count"]["distribution"] == "transom-plugin-word-count"
    assert main(["plugin", "add", "word-count", "--project", str(tmp_path / "app")]) == 0
    steps = capsys.readouterr().out.splitlines()
    assert steps[-2:] == ["import transom_plugin_word_count", "Builder().plugin(transom_plugin_word_count.init())"]
    plugin = importlib.import_module("transom_plugin_word_count")
    counted: list[int] = []

    def count(app: AppHandle) -> None:
        counted.append(app.state(plugin.Counter).value)

    with running(Builder().plugin(plugin.init()).setup(count), generate_context(tmp_path / "app")) as app:
        assert app.page.invoke("plugin:word-count|add", amount=5) == 5
    assert counted == [0]


@pytest.mark.slow
def test_the_functions_for_front_ends_compile(tmp_path: Path) -> None:
    modules, folder = needs_vite(), tmp_path / "plugin"
    new_plugin("word-count", folder)
    (folder / "node_modules" / "@tauri-apps").mkdir(parents=True)
    (folder / "node_modules" / "@tauri-apps" / "api").symlink_to(modules / "@tauri-apps" / "api")
    _run([needs_node(), modules / "typescript" / "bin" / "tsc"], folder)
    package = json.loads((folder / "package.json").read_text("utf-8"))
    for entry in (package["main"], package["types"]):
        assert (folder / entry).is_file()
    assert "add(amount?: number): Promise<number>" in (folder / package["types"]).read_text("utf-8")


def test_the_npm_package_can_be_left_out(tmp_path: Path) -> None:
    folder, files = new_plugin("transom-plugin-a1", tmp_path / "a", with_api=False)
    assert {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} == set(map(str, files))
    assert Path("src/transom_plugin_a1/_plugin.py") in files
    assert not [path for path in files if path.suffix in (".ts", ".json")]
    assert not [path for path in files if "{{" in (folder / path).read_text("utf-8")]


@pytest.mark.parametrize("name", ["fs", "core", "Word Count", "1st", "a--b", "transom-plugin-", "ä"])
def test_a_name_that_cannot_be_a_plugins_is_refused_and_nothing_is_written(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match="cannot name a plugin|is the name of a plugin"):
        new_plugin(name, tmp_path / "a")
    assert not (tmp_path / "a").exists()
