"""Every Python example of the documentation runs, and what the text says of it holds."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.docs.outcomes import CLIENT, bundle, environment_for, run_all
from tests.docs.pairs import KINDS, Pair
from tests.mock_app import running
from tests.requirements import needs_global_api, needs_node, needs_npm_package
from transom import Builder, generate_handler
from transom import testing as test_app
from transom.commands._command import options_of
from transom.errors import CommandError
from transom.runtimes._mock import MockRejection

ROOT = Path(__file__).parents[2]
FILES = (
    "README.md",
    "docs/guide.md",
    "docs/values.md",
    "docs/serving.md",
    "docs/server.md",
    "docs/inspector.md",
    "docs/testing.md",
    "docs/state.md",
    "docs/command-errors.md",
    "docs/files.md",
)
EXAMPLE = re.compile(r"```python\n(.*?)```", re.DOTALL)
EXAMPLES = [
    (file, number, code) for file in FILES for number, code in enumerate(EXAMPLE.findall((ROOT / file).read_text()))
]


def run(code: str) -> dict[str, Any]:
    module = sys.modules["example"] = ModuleType("example")  # dataclasses look for the module of their class
    exec(compile(code, "example", "exec"), module.__dict__)
    return module.__dict__


def example_with(name: str, page: str = "") -> dict[str, Any]:
    """Run the example that defines a function: on this page, else on one of the first."""
    [code] = [
        code
        for file, _, code in EXAMPLES
        if f"def {name}(" in code and (file == page or (not page and file in FILES[:6]))
    ]
    return run(code)


@pytest.mark.parametrize(("file", "number", "code"), EXAMPLES, ids=[f"{file}-{number}" for file, number, _ in EXAMPLES])
def test_an_example_runs_and_its_commands_can_be_registered(file: str, number: int, code: str) -> None:
    names = run(code)
    commands = [value for value in names.values() if options_of(value) is not None]
    assert commands or isinstance(names.get("builder"), Builder), f"example {number} of {file} shows no command"
    Builder().invoke_handler(generate_handler(*commands))


TESTS = [
    pytest.param(code, name, id=f"{file}-{name}")
    for file, _, code in EXAMPLES
    for name in re.findall(r"^def (test_\w+)\(", code, re.MULTILINE)
]


@pytest.mark.parametrize(("code", "name"), TESTS)
def test_the_tests_that_the_documentation_shows_pass(
    code: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    test = run(code)[name]
    fixtures = {"tmp_path": tmp_path, "monkeypatch": monkeypatch}
    test(*(fixtures[argument] for argument in test.__code__.co_varnames[: test.__code__.co_argcount]))


def test_a_recording_written_by_hand_is_replayed_as_the_page_on_testing_says(tmp_path: Path) -> None:
    text = (ROOT / "docs/testing.md").read_text()
    [lines] = re.findall(r"```json\n(\{\"transom.*?)```", text, re.DOTALL)
    (tmp_path / "golden.jsonl").write_text(lines, "utf-8")
    with test_app.running(example_with("add", "docs/testing.md")["builder"]()) as application:
        test_app.replay(application, tmp_path / "golden.jsonl")


TYPESCRIPT = re.findall(r"```typescript\n(.*?)```", (ROOT / "docs/guide.md").read_text(), re.DOTALL)


def test_the_compiler_takes_the_typescript_of_the_guide(tmp_path: Path) -> None:
    client, compiler = needs_npm_package(CLIENT), needs_npm_package("typescript") / "bin" / "tsc"
    assert TYPESCRIPT, "docs/guide.md shows no TypeScript"
    (tmp_path / "node_modules" / "@tauri-apps").mkdir(parents=True)
    (tmp_path / "node_modules" / "@tauri-apps" / "api").symlink_to(client)
    for number, code in enumerate(TYPESCRIPT):
        (tmp_path / f"example_{number}.ts").write_text(code, "utf-8")
    options = (
        "--noEmit",
        "--strict",
        "--target",
        "es2022",
        "--module",
        "esnext",
        "--moduleResolution",
        "bundler",
        "--skipLibCheck",
    )
    files = [file.name for file in tmp_path.glob("*.ts")]
    command = [needs_node(), str(compiler), *options, "--lib", "es2022,dom", *files]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_a_command_is_still_a_function() -> None:
    greet = example_with("greet")["greet"]
    assert greet("Ada") == "Hello, Ada."
    assert greet("Ada", excited=True) == "Hello, Ada!"


def test_errors_carry_what_the_guide_says() -> None:
    open_note = example_with("open_note")["open_note"]
    with pytest.raises(CommandError) as plain:
        open_note("secret")
    assert plain.value.value == "not for you"
    with pytest.raises(CommandError) as typed:
        open_note("a.txt")
    assert typed.value.value == {"kind": "notFound", "path": "a.txt"}


def test_methods_and_partials_are_commands_as_the_guide_says() -> None:
    names = example_with("year_of")
    with running(names["library"], names["find"]) as application:
        assert application.page.invoke("year_of", {"title": "Emma"}) == 1815
        assert application.page.invoke("find", {"text": "mm"}) == ["Emma"]
        with pytest.raises(MockRejection) as caught:
            application.page.invoke("year_of", {"title": "Persuasion"})
        assert caught.value.value == {"kind": "missing", "title": "Persuasion"}


def test_a_stream_ends_as_the_guide_says() -> None:
    with running(example_with("primes")["primes"]) as application:
        call = application.page.send("primes", {"limit": 12}, {"transom-stream": "__CHANNEL__:1 9"})
        assert application.page.answer(call) == 5
        assert [message[3] for message in application.page.messages if message[0] == 2] == [2, 3, 5, 7, 11]


def test_a_parameter_of_ones_own_is_made_from_the_call() -> None:
    with running(example_with("who_am_i")["who_am_i"]) as application:
        assert application.page.invoke("who_am_i", {}, {"user": "Ada"}) == "Ada"
        with pytest.raises(MockRejection, match="log in first"):
            application.page.invoke("who_am_i")


def test_the_plugin_of_the_guide_answers() -> None:
    names = example_with("allow_ping")
    with running(builder=names["builder"], setup=names["allow_ping"]) as application:
        assert application.page.invoke("plugin:ping|ping", {"text": "hi"}) == "hi"


def test_the_scope_of_the_guide_lets_in_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))  # where the system would say what the folder is called
    names = example_with("read_note")
    with running(builder=names["builder"], setup=names["allow_notes"]) as application:
        folder = application.app.path().document_dir()
        folder.mkdir()
        (folder / "a.txt").write_text("inside")
        (tmp_path / "b.txt").write_text("outside")
        assert application.page.invoke("plugin:notes|read_note", {"file": str(folder / "a.txt")}) == "inside"
        for file in (tmp_path / "b.txt", folder / ".." / "b.txt"):
            with pytest.raises(MockRejection, match="is not in the scope"):
                application.page.invoke("plugin:notes|read_note", {"file": str(file)})


def test_the_scheme_of_the_guide_answers() -> None:
    with running(builder=example_with("picture")["builder"]) as application:
        assert application.runtime.fetch("main", "picture://localhost/logo").body.startswith(b"<svg")
        assert application.runtime.fetch("main", "picture://localhost/other").status == 404


def test_the_tagged_unions_of_the_page_on_values_are_told_apart() -> None:
    names = example_with("describe")
    with running(names["describe"], names["download"]) as application:
        page = application.page
        started = {"event": "started", "data": {"url": "u", "downloadId": 1}}
        progress = {"event": "progress", "data": {"downloadId": 1, "chunkLength": 15}}
        told = [page.invoke("describe", {"event": event}) for event in (started, progress, {"event": "finished"})]
        assert told == ["started u", "15 bytes", "finished"]
        page.invoke("download", {"url": "u", "onEvent": "__CHANNEL__:1"})
        sent = [message[3] for message in page.messages if message[0] == 2]
        assert sent == [started, progress, {"event": "finished"}]


README = (ROOT / "README.md").read_text("utf-8")
README_FILES = dict(re.findall(r"^`([\w./]+)`:\n\n```\w+\n(.*?)^```$", README, re.MULTILINE | re.DOTALL))


def test_the_readme_shows_every_file_of_its_project() -> None:
    assert list(README_FILES) == ["app.py", "tauri.conf.json", "dist/index.html", "dist/main.js"]
    assert '<script type="module" src="main.js"></script>' in README_FILES["dist/index.html"]


@pytest.mark.parametrize("runtime", ["web", "webkitgtk"])
def test_the_readme_counts_words(runtime: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    needs_global_api()
    body = re.sub(r"<!doctype html>|<meta[^>]*>|<script.*</script>", "", README_FILES["dist/index.html"])
    page = f"document.body.innerHTML = {json.dumps(body)};\n{README_FILES['dist/main.js']}\n{COUNT_TWO_FILES}"
    files = {"main.py": README_FILES["app.py"], "tauri.conf.json": README_FILES["tauri.conf.json"]}
    logged = ["3 words", "none.txt: No such file or directory"]
    expected = {**{kind: [] for kind in KINDS}, "page logs": logged}
    pair = Pair("readme", (), {**files, "notes.txt": "one two\nthree\n"}, page, expected)
    outcome = run_all(runtime, bundle([pair], tmp_path), environment_for(runtime, request))["readme"]
    assert outcome.trouble is None
    assert outcome.lines == expected


# Submits the form twice, and logs what the page shows once it is no longer a line number.
COUNT_TWO_FILES = """
for (const name of ['notes.txt', 'none.txt']) {
  const shown = new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      if (/^line/.test(result.textContent)) return;
      observer.disconnect();
      resolve(result.textContent);
    });
    observer.observe(result, { childList: true });
  });
  path.value = name;
  document.querySelector('button').click();
  console.log(await shown);
}
"""
