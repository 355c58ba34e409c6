"""A developer's first hour with the wheel in an empty virtual environment, for each template of `transom new`."""

from __future__ import annotations

import json
import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.application import Program
from tests.dev.test_dev_windows import windows_of
from tests.repository.wheel import built, environment_with
from tests.requirements import needs_node, needs_template_packages, needs_webkitgtk
from tests.runtimes.browser import Browser, browser
from transom.cli._new import TEMPLATES

# Added to the program: a script beside the page sends the form as a user would, and says what the page shows.
WATCH = '''
@command
async def seen(document: str, button: str, answer: str) -> None:
    print("seen", document, button.replace(" ", "_"), answer, flush=True)

WATCH = """
const document_ = Math.random().toString(36).slice(2);
let last = "";
const look = () => {
  const button = document.querySelector("button")?.textContent ?? "";
  const answer = document.querySelector("#answer")?.textContent ?? "";
  if (answer === "" && last) return void ((last = ""), greet());  // a component that was made anew
  if (answer === "" || last === (last = button + answer)) return;
  __TAURI_INTERNALS__.invoke("seen", { document: document_, button, answer });
};
const greet = () => {
  const name = document.querySelector("#name");
  if (!name) return setTimeout(greet, 20);
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(name, "Ada");
  name.dispatchEvent(new Event("input", { bubbles: true }));
  setTimeout(() => name.form.requestSubmit(), 50);
};
new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true });
addEventListener("transom:back", greet);
addEventListener("load", greet);
"""
'''
PLUGIN = 'Builder().plugin(PluginBuilder("watch").js_init_script(WATCH).build())'
# Template -> the file of the front end that is edited, a text in it, and what takes its place.
EDITS = {
    "single": ("index.html", "Greet</button>", "Say hello</button>"),
    "vanilla": ("ui/index.html", "Greet</button>", "Say hello</button>"),
    "vanilla-ts": (
        "src/main.ts",
        "const name =",
        'document.querySelector("button")!.textContent = "Say hello";\nconst name =',
    ),
    "react-ts": ("src/App.tsx", "Greet</button>", "Say hello</button>"),
    "vue-ts": ("src/App.vue", "Greet</button>", "Say hello</button>"),
    "svelte-ts": ("src/App.svelte", "Greet</button>", "Say hello</button>"),
}
# Those that are developed in a browser too: without a bundler, and with one.
IN_A_BROWSER = ("single", "react-ts")
# Whose bundler puts the new code into the page that is open; the others load it again.
HOT = ("react-ts", "vue-ts", "svelte-ts")


class Developer:
    """Someone with a shell in which the environment is active."""

    def __init__(self, python: Path, project: Path, tools: Path, display: str) -> None:
        path = os.pathsep.join((str(python.parent), str(Path(needs_node()).parent), str(tools), os.environ["PATH"]))
        self.project = project
        self.python = python
        self.environment: dict[str, str | None] = {
            "PATH": path,
            "DISPLAY": display,
            "PYTHONPATH": None,
            "WAYLAND_DISPLAY": None,
            "TRANSOM_OPEN_BROWSER": "0",
        }

    def does(self, *command: str, folder: Path | None = None) -> str:
        """Run a command to its end and return what it printed."""
        environment = {name: value for name, value in {**os.environ, **self.environment}.items() if value is not None}
        done = subprocess.run(
            command,
            cwd=folder or self.project,
            env=environment,
            capture_output=True,
            text=True,
            timeout=170,
            check=False,
        )
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
        return done.stdout

    @contextmanager
    def runs(self, verb: str, runtime: str, chromium: Browser) -> Iterator[Program]:
        """Run the application by a verb, with its page in a window or in a browser."""
        command = [self.python.with_name("transom"), verb, self.project / "app.py", "--runtime", runtime]
        environment = {**self.environment, **({} if runtime == "webkitgtk" else {"DISPLAY": None})}
        with Program(command, environment) as program:
            if runtime == "web":
                line = ""
                while " is at http" not in line:
                    line = program.line(60)
                chromium.tab().goto(line.split()[-1])
            yield program

    def edits(self, name: str, before: str, after: str) -> None:
        """Replace a text in a file."""
        file = self.project / name
        text = file.read_text("utf-8")
        assert before in text
        new = file.with_name(f"{file.name}.new")
        new.write_text(text.replace(before, after), "utf-8")
        new.replace(file)


def _seen(program: Program) -> tuple[str, str, str]:
    """Return what the page shows next: what its document is known by, its button, and the answer."""
    while True:
        word, _, rest = program.line(60).rstrip("\n").partition(" ")
        if word == "seen":
            document, button, answer = rest.split(" ", 2)
            return document, button, answer


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment with the wheel of this checkout."""
    needs_node()
    return environment_with(built(tmp_path_factory.mktemp("wheel")), tmp_path_factory.mktemp("env"))


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as found:
        yield found


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port


def _begin(developer: Developer, template: str, packages: Path) -> None:
    """Make the project, and give Vite a port that nobody else has."""
    developer.does("transom", "new", developer.project.name, "--template", template, folder=developer.project.parent)
    if template.endswith("-ts"):
        (developer.project / "node_modules").symlink_to(packages)
        port = str(_free_port())
        for name in ("tauri.conf.json", "vite.config.ts"):
            text = (developer.project / name).read_text("utf-8").replace("//localhost", "//127.0.0.1")
            text = text.replace("1420", port).replace("server: {", 'server: { host: "127.0.0.1",')
            (developer.project / name).write_text(text, "utf-8")


def _watch(developer: Developer) -> None:
    developer.edits("app.py", "import Builder,", "import Builder, PluginBuilder,")
    developer.edits("app.py", "\n\ndef builder()", f"{WATCH}\n\ndef builder()")
    developer.edits("app.py", "Builder()", PLUGIN)
    developer.edits("app.py", "generate_handler(greet)", "generate_handler(greet, seen)")
    developer.does("transom", "permission", "add", "allow-seen")


def _develops(developer: Developer, template: str, runtime: str, chromium: Browser, display: str) -> None:
    """Edit Python, and then the front end, under `transom dev`."""
    title = developer.project.name.replace("-", " ").capitalize()
    with developer.runs("dev", runtime, chromium) as program:
        document, button, answer = _seen(program)
        assert (button, answer) == ("Greet", "Hello, Ada! This is Python.")
        windows = windows_of(display, title)
        assert bool(windows) == (runtime == "webkitgtk")  # with a hidden one of GTK
        developer.edits("app.py", "This is Python.", "This is newer.")
        same, button, answer = _seen(program)
        assert (button, answer) == ("Greet", "Hello, Ada! This is newer.")
        assert (same == document) == (runtime == "webkitgtk")
        developer.edits(*EDITS[template])
        kept, button, answer = _seen(program)
        assert (button, answer) == ("Say_hello", "Hello, Ada! This is newer.")
        assert (kept == same) == (template in HOT)
        assert windows_of(display, title) == windows
        assert program.end() == 143
    developer.edits("app.py", "This is newer.", "This is Python.")


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_project_is_made_developed_checked_tested_and_run(
    tmp_path: Path, python: Path, chromium: Browser, display: str, template: str
) -> None:
    needs_webkitgtk()
    packages = needs_template_packages()
    developer = Developer(python, tmp_path / "word-count", packages / ".bin", display)
    _begin(developer, template, packages)
    where = developer.does(str(python), "-c", "import transom; print(transom.__file__)")
    assert Path(where.strip()).is_relative_to(python.parents[1])
    assert " passed" in developer.does("python", "-m", "pytest", "-q")
    developer.does("transom", "bindings", "app.py", "--out", "src/bindings.ts")
    developer.does("transom", "bindings", "app.py", "--out", "src/bindings.ts", "--check")
    _watch(developer)
    for runtime in ("webkitgtk", "web")[: 1 + (template in IN_A_BROWSER)]:
        _develops(developer, template, runtime, chromium, display)
        developer.edits(*_back(template))
    if template.endswith("-ts"):
        scripts: dict[str, Any] = json.loads((developer.project / "package.json").read_text("utf-8"))["scripts"]
        developer.does("sh", "-c", scripts["build"])  # the bindings are part of what is type-checked
    for runtime in ("webkitgtk", "web"):
        with developer.runs("run", runtime, chromium) as program:
            assert _seen(program)[1:] == ("Greet", "Hello, Ada! This is Python.")


def _back(template: str) -> tuple[str, str, str]:
    name, before, after = EDITS[template]
    return name, after, before
