from __future__ import annotations

import logging
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.mock_app import Running, context, events_of, listen_in, running
from tests.plugins.guests import guests
from transom.app import Builder
from transom.plugins import log
from transom.plugins.log import Level, Target
from transom.runtimes._mock import MockRejection

PACKAGE = "@tauri-apps/plugin-log"
CAPABILITY = '{"identifier": "a", "windows": ["main"], "permissions": ["log:default", "core:default"]}'


@pytest.fixture
def python_logger() -> Iterator[logging.Logger]:
    root = logging.getLogger()
    level = root.level
    yield logging.getLogger("my.module")
    assert root.level == level, "the plugin has to leave logging as it found it"


def run(folder: Path, **options: Any) -> Any:
    targets = options.pop("targets", [Target("folder", folder, "app")])
    return running(builder=Builder().plugin(log.init(targets=targets, **options)))


def test_python_and_pages_write_to_one_file_in_the_form_of_tauri(tmp_path: Path, python_logger: logging.Logger) -> None:
    with run(tmp_path) as application:
        application.app.add_capability(CAPABILITY)
        python_logger.warning("from %s", "Python")
        application.page.invoke("plugin:log|log", {"level": 3, "message": "from the page", "location": "f@app.js:1:2"})
        application.page.invoke("plugin:log|log", {"level": 5, "message": "x", "file": "a.js", "line": 3})
        text = (tmp_path / "app.log").read_text()
    lines = [re.sub(r"^\[\d{4}-\d\d-\d\d\]\[\d\d:\d\d:\d\d\]", "", line) for line in text.splitlines()]
    mine = [line for line in lines if "my.module" in line or "webview" in line]
    assert mine == [
        "[my.module][WARN] from Python",
        "[webview:f@app.js:1:2][INFO] from the page",
        "[webview:a.js:3][ERROR] x",
    ]


def test_an_exception_is_written_with_its_traceback(tmp_path: Path, python_logger: logging.Logger) -> None:
    with run(tmp_path):
        try:
            raise ValueError("the reason")
        except ValueError:
            python_logger.exception("it failed")
        text = (tmp_path / "app.log").read_text()
    assert "[ERROR] it failed\n    Traceback" in text
    assert "ValueError: the reason" in text


def test_records_below_the_level_are_dropped(tmp_path: Path, python_logger: logging.Logger) -> None:
    quiet = {"my.module.quiet": Level.ERROR, "my": Level.DEBUG}
    with run(tmp_path, level=Level.WARN, level_for=quiet):
        logging.getLogger("other").info("no")
        logging.getLogger("myself").info("no")
        logging.getLogger("other").warning("yes 1")
        python_logger.debug("yes 2")
        logging.getLogger("my.module.quiet.deep").warning("no")
        text = (tmp_path / "app.log").read_text()
    assert re.findall(r"(?:yes|no).*", text) == ["yes 1", "yes 2"]


@pytest.mark.parametrize(("rotation", "files"), [("keep-one", 1), ("keep-all", 4)])
def test_a_full_file_is_begun_anew(tmp_path: Path, rotation: Any, files: int) -> None:
    with run(tmp_path, max_file_size=1000, rotation=rotation, python=False) as application:
        application.app.add_capability(CAPABILITY)
        for number in range(8):
            message = f"{number} {'x' * 400}"
            application.page.invoke("plugin:log|log", {"level": 3, "message": message})
    found = sorted(tmp_path.glob("app*.log"))
    assert len(found) == files
    assert all(path.stat().st_size <= 1000 for path in found)
    assert "] 7 xxx" in (tmp_path / "app.log").read_text()


def test_a_page_cannot_forge_lines_nor_write_to_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    targets = [Target("stdout"), Target("folder", tmp_path, "app")]
    with run(tmp_path, targets=targets, python=False, max_file_size=1 << 20) as application:
        application.app.add_capability(CAPABILITY)
        forged = "one\n[2026-01-01][00:00:00][app][ERROR] forged\r\x1b[2J\x07\x9b"
        application.page.invoke("plugin:log|log", {"level": 3, "message": forged, "location": "a\nb\x1b"})
        application.page.invoke("plugin:log|log", {"level": 3, "message": "y" * 1_000_000})
    first, second, third = (tmp_path / "app.log").read_text().splitlines()
    assert first.endswith("[webview:a b\\x1b][INFO] one")
    assert second == "    [2026-01-01][00:00:00][app][ERROR] forged\\x0d\\x1b[2J\\x07\\x9b"
    assert len(third) < 70_000
    assert capsys.readouterr().out == (tmp_path / "app.log").read_text()


def test_pages_that_listen_get_the_lines_and_no_circle_begins(tmp_path: Path, python_logger: logging.Logger) -> None:
    with run(tmp_path, targets=[Target("webview", level=Level.WARN)]) as application:
        application.app.add_capability(CAPABILITY)
        listen_in(application.page, "log://log", 7)
        python_logger.info("too low")
        python_logger.error("for pages")
        _wait(application, 1)
        [[name, payload, _]] = [event for event in events_of(application.page) if "my.module" in event[1]["message"]]
    assert name == "log://log"
    assert payload["level"] == 5
    assert payload["message"].endswith("[my.module][ERROR] for pages")


def _wait(application: Running, count: int) -> None:
    application.page.wait(lambda message: message[0] == 4, count)


def test_a_wrong_level_rejects(tmp_path: Path) -> None:
    with run(tmp_path) as application:
        application.app.add_capability(CAPABILITY)
        for level in (0, 6, "info", None):
            with pytest.raises(MockRejection, match="invalid args"):
                application.page.invoke("plugin:log|log", {"level": level, "message": "x"})


def test_the_file_is_in_the_applications_log_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    plugin = log.init(targets=[Target("log_dir")])
    app = Builder().plugin(plugin).build(context("main", product_name="a/b"), "mock")
    folder = app.path().app_log_dir()
    assert folder.is_relative_to(tmp_path)
    plugin.setup(app.handle(), None)  # type: ignore[misc, arg-type]
    logging.getLogger("x").error("here")
    plugin.on_drop(app.handle())  # type: ignore[misc]
    assert "here" in (folder / "a-b.log").read_text()


def test_the_npm_package_logs_and_attaches_a_logger(tmp_path: Path) -> None:
    plugin = log.init(targets=[Target("folder", tmp_path, "app"), Target("webview")])
    (tmp_path / "page").mkdir()
    with guests(tmp_path / "page", plugin, permissions=["log:default", "core:default"], packages=[PACKAGE]) as page:
        script = """
          const got = [];
          const both = new Promise((resolve) => plugin.attachLogger((record) => {
            if (record.message.includes('webview')) got.push(record.level);
            if (got.length === 5) resolve(got);
          }));
          await new Promise((resolve) => setTimeout(resolve));
          for (const name of ['trace', 'debug', 'info', 'warn', 'error']) await plugin[name](`said ${name}`, { keyValues: { a: 'b' } });
          return await both;
        """
        assert page.run(PACKAGE, script) == [1, 2, 3, 4, 5]
    lines = [line for line in (tmp_path / "app.log").read_text().splitlines() if "said" in line]
    assert [re.search(r"\[(\w+)\] said (\w+)", line).groups() for line in lines] == [  # type: ignore[union-attr]
        (name.upper(), name) for name in ("trace", "debug", "info", "warn", "error")
    ]


def test_the_size_of_a_file_is_counted_in_bytes(tmp_path: Path) -> None:
    with run(tmp_path, max_file_size=1000, python=False) as application:
        application.app.add_capability(CAPABILITY)
        for _ in range(2):
            application.page.invoke("plugin:log|log", {"level": 3, "message": "ü" * 400})
    assert (tmp_path / "app.log").stat().st_size <= 1000


@pytest.mark.parametrize("rotation", ["keep-one", "keep-all"])
def test_a_full_file_that_is_gone_or_stays_does_not_end_the_log(
    tmp_path: Path, rotation: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "logs" / "app.log"
    with run(file.parent, max_file_size=500, rotation=rotation, python=False) as application:
        application.app.add_capability(CAPABILITY)

        def write(number: int) -> None:
            application.page.invoke("plugin:log|log", {"level": 3, "message": f"{number} {'x' * 400}"})

        write(1)
        shutil.rmtree(file.parent)  # the user tidies up
        write(2)
        assert "] 2 xxx" in file.read_text()

        def refused(*_: Any, **__: Any) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "unlink", refused)
        monkeypatch.setattr(Path, "rename", refused)
        write(3)
        monkeypatch.undo()
        assert "] 2 xxx" in file.read_text()
        assert "] 3 xxx" in file.read_text()
