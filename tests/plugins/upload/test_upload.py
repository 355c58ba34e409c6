from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.mock_app import context
from tests.plugins.guests import Guests, guests
from tests.plugins.http.server import Server, server
from transom.acl import CommandScope
from transom.app import Builder
from transom.errors import CommandError, ConfigError
from transom.plugins import upload
from transom.plugins.upload._files import Entry, Files, open_regular

PACKAGE = "@tauri-apps/plugin-upload"


@pytest.fixture(scope="module")
def there() -> Iterator[Server]:
    with server() as running:
        yield running


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("files")


@pytest.fixture(scope="module")
def page(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guests]:
    permissions = [("upload:default", [{"path": f"{folder}/**"}], [f"{folder}/secret/**"])]
    with guests(tmp_path_factory.mktemp("page"), upload.init(), permissions=permissions, packages=[PACKAGE]) as page:
        yield page


def test_a_file_is_sent_with_its_progress(page: Guests, there: Server, folder: Path) -> None:
    data = os.urandom(300_000)
    (folder / "up.bin").write_bytes(data)
    script = f"""
      const events = [];
      const answer = await plugin.upload('{there.url}/hello', '{folder}/up.bin', (event) => events.push(event), {{ 'X-Mine': 'yes' }}, 'PUT');
      return [answer, events];
    """
    answer, events = page.run(PACKAGE, script)
    method, _, headers, sent = there.asked[-1]
    assert (answer, method, sent) == ("hello", "PUT", data)
    assert (headers["x-mine"], headers["content-length"]) == ("yes", "300000")
    assert sum(event["progress"] for event in events) == 300_000
    assert events[-1]["progressTotal"] == events[-1]["total"] == 300_000
    assert set(events[0]) == {"progress", "progressTotal", "total", "transferSpeed"}


def test_an_answer_whose_encoding_is_none_of_text_is_read_as_utf_8(page: Guests, there: Server, folder: Path) -> None:
    (folder / "up.txt").write_text("x")
    assert page.run(PACKAGE, f"return await plugin.upload('{there.url}/odd', '{folder}/up.txt')") == "hello"


def test_a_file_is_fetched_with_its_progress(page: Guests, there: Server, folder: Path) -> None:
    script = f"""
      const events = [];
      await plugin.download('{there.url}/redirect', '{folder}/down.txt', (event) => events.push(event), new Map());
      await plugin.download('{there.url}/echo', '{folder}/posted.txt', undefined, undefined, 'the body');
      return events;
    """
    script = script.replace("new Map()", "{}")
    [event] = page.run(PACKAGE, script)
    assert (event["progress"], event["total"]) == (5, 5)
    assert (folder / "down.txt").read_text() == "hello"
    assert (folder / "posted.txt").read_text() == "the body"
    assert there.asked[-1][0] == "POST"
    mask = os.umask(0)
    os.umask(mask)
    assert (folder / "down.txt").stat().st_mode & 0o777 == 0o666 & ~mask


def test_a_download_that_fails_leaves_the_old_file(page: Guests, there: Server, folder: Path) -> None:
    (folder / "kept.txt").write_text("old")
    for path, said in (("missing", "request failed with status code 404"), ("cut", "error sending request")):
        text = page.fails(PACKAGE, f"await plugin.download('{there.url}/{path}', '{folder}/kept.txt')")
        assert text.startswith(said)
    assert (folder / "kept.txt").read_text() == "old"
    assert [path for path in folder.iterdir() if path.name.startswith(".")] == []


def test_an_upload_that_fails_rejects(page: Guests, there: Server, folder: Path) -> None:
    (folder / "small.txt").write_text("x")
    said = page.fails(PACKAGE, f"await plugin.upload('{there.url}/missing', '{folder}/small.txt')")
    assert said == "request failed with status code 404"
    for url, path, text in (
        ("http://127.0.0.1:9/", "small.txt", "error sending request"),
        ("file:///etc/passwd", "small.txt", "neither http nor https"),
        (there.url, "missing.txt", "No such file"),
        (there.url, "", "forbidden path"),
    ):
        assert text in page.fails(PACKAGE, f"await plugin.upload('{url}', '{folder}/{path}')")


def test_files_outside_the_scope_are_neither_read_nor_written(page: Guests, there: Server, folder: Path) -> None:
    (folder / "secret").mkdir()
    (folder / "secret" / "a.txt").write_text("x")
    (folder / "link.txt").symlink_to("/etc/passwd")
    (folder / "out").symlink_to("/etc")
    count = len(there.asked)
    for path in (
        "/etc/passwd",
        f"{folder}/../x",
        f"{folder}/secret/a.txt",
        f"{folder}/link.txt",
        f"{folder}/out/passwd",
        "up.bin",
    ):
        for call in (f"upload('{there.url}', {json.dumps(path)})", f"download('{there.url}', {json.dumps(path)})"):
            assert page.fails(PACKAGE, f"await plugin.{call}").startswith("forbidden path: ")
    assert "no such folder" in page.fails(PACKAGE, f"await plugin.download('{there.url}', '{folder}/new/x')")
    assert len(there.asked) == count


def test_the_applications_own_folders_need_no_scope_unless_one_denies(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    app = Builder().build(context("main"), "mock").handle()
    own = app.path().app_data_dir()
    own.mkdir(parents=True)
    files = Files(app, anywhere=False)
    assert files.check(str(own / "a.txt"), CommandScope[Entry]()) == own / "a.txt"
    with pytest.raises(CommandError):
        files.check(str(own / "a.txt"), CommandScope((), (Entry("$APPDATA/*"),)))
    with pytest.raises(CommandError):
        files.check(str(tmp_path / "a.txt"), CommandScope[Entry]())
    everything = CommandScope((Entry(f"{tmp_path}/**"), Entry(f"{tmp_path}/.named")), ())
    assert files.check(str(tmp_path / "a.txt"), everything)
    assert files.check(str(tmp_path / ".named"), everything)
    for name in (".bashrc", ".config/x"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        with pytest.raises(CommandError):
            files.check(str(tmp_path / name), everything)
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "link").symlink_to(tmp_path / "a.txt")
    (tmp_path / "a.txt").write_bytes(b"x")
    for name in ("fifo", "link"):
        with pytest.raises(OSError, match="regular file|symbolic links"):
            open_regular(tmp_path / name)
    assert Files(app, anywhere=True).check("/etc/passwd") == Path("/etc/passwd").resolve()


def test_without_httpx_the_author_is_told_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "httpx", None)
    with pytest.raises(ConfigError, match=r"pip install 'transom\[http\]'"):
        upload.init()


def test_a_wrong_entry_is_an_error() -> None:
    wrong: list[Any] = [5, {"url": "x"}, None]
    for raw in wrong:
        with pytest.raises(ValueError, match="has a `path`"):
            Entry.deserialize(raw)
