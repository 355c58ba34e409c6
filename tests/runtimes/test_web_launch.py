"""Where the web runtime listens, what it prints, how it opens a browser, and what it keeps of an installation."""

from __future__ import annotations

import json
import logging
import os
import socket
import stat
import sys
import threading
import webbrowser
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.conformance.application import Program, write_project
from tests.conformance.raw_page import RawPage, request
from tests.requirements import needs_ipv6, needs_posix
from transom.errors import RuntimeUnavailable
from transom.runtimes.web.access import Listening, installation_in, listen, open_browser, say

PROGRAM = """
import sys, transom
{first}
sys.exit(transom.Builder().web(open_browser=False, **{options}).run(transom.generate_context(sys.argv[1]), 'web'))
"""


@contextmanager
def _application(folder: Path, first: str = "", name: str = "Launch", **options: Any) -> Iterator[Program]:
    write_project(folder)
    config = json.loads((folder / "tauri.conf.json").read_text("utf-8"))
    config["productName"] = name
    (folder / "tauri.conf.json").write_text(json.dumps(config), "utf-8")
    (folder / "dist").mkdir(exist_ok=True)
    (folder / "dist" / "index.html").write_text("<!doctype html><p>", "utf-8")
    program = PROGRAM.replace("{first}", first).replace("{options}", repr(options))
    data = {"XDG_DATA_HOME": str(folder / "data")}
    with Program([sys.executable, "-c", program, folder], data) as application:
        yield application


def _listen(*arguments: Any) -> Listening:
    listening = listen(*arguments)
    listening.socket.close()
    return listening


# The installation


@pytest.fixture
def posix() -> None:
    needs_posix()  # for the modes of files


def test_an_installation_lasts_and_is_unlike_others(tmp_path: Path) -> None:
    first = installation_in(tmp_path / "a" / "b")
    assert installation_in(tmp_path / "a" / "b") == first
    other = installation_in(tmp_path / "c")
    assert first.label != other.label
    assert first.secret != other.secret
    assert len(first.label) == 25
    assert first.with_port(1234).port == 1234
    assert installation_in(tmp_path / "a" / "b").port == 1234
    assert installation_in(None) != installation_in(None)


@pytest.mark.usefixtures("posix")
def test_an_installation_is_kept_from_other_users(tmp_path: Path) -> None:
    (tmp_path / "web").mkdir(mode=0o755)
    installation_in(tmp_path).with_port(1)
    assert stat.S_IMODE((tmp_path / "web").stat().st_mode) == 0o700
    [file] = (tmp_path / "web").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.usefixtures("posix")
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o620, 0o606])
def test_an_installation_that_others_could_read_or_write_is_replaced(
    tmp_path: Path, mode: int, caplog: pytest.LogCaptureFixture
) -> None:
    before = installation_in(tmp_path)
    file = tmp_path / "web" / "origin.json"
    file.chmod(mode)
    after = installation_in(tmp_path)
    assert after.label != before.label
    assert "was not private" in caplog.text
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert installation_in(tmp_path) == after


@pytest.mark.usefixtures("posix")
def test_an_installation_is_not_read_through_a_link(tmp_path: Path) -> None:
    foreign = tmp_path / "foreign.json"
    foreign.write_text(json.dumps({"label": "t" * 25, "port": 1, "secret": "0" * 64}))
    foreign.chmod(0o600)
    (tmp_path / "web").mkdir(mode=0o700)
    (tmp_path / "web" / "origin.json").symlink_to(foreign)
    assert installation_in(tmp_path).label != "t" * 25
    assert "t" * 25 in foreign.read_text()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"label": "a.evil", "port": 1, "secret": "00"}',
        '{"label": "tttttttttttttttttttt", "port": "x", "secret": 1}',
        '{"label": "tttttttttttttttttttt", "port": 65536, "secret": "' + "0" * 64 + '"}',
        "\ud800",
    ],
)
def test_an_installation_that_cannot_be_read_is_replaced(
    tmp_path: Path, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "web").mkdir(mode=0o700)
    file = tmp_path / "web" / "origin.json"
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    file.chmod(0o600)
    made = installation_in(tmp_path)
    assert "cannot be read, so it is replaced" in caplog.text
    assert installation_in(tmp_path) == made


def test_an_installation_that_cannot_be_kept_is_a_new_one_and_the_log_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("in the way")
    made = installation_in(tmp_path / "file" / "data")
    assert made.folder is None
    assert made.with_port(1).port == 1
    assert "its pages get another address at every start" in caplog.text


# Listening


def test_the_name_and_the_port_of_the_last_time_are_used_again(tmp_path: Path) -> None:
    first = _listen("127.0.0.1", 0, installation_in(tmp_path))
    again = _listen("127.0.0.1", 0, installation_in(tmp_path))
    assert again.base == first.base
    assert urlsplit(first.base).hostname == installation_in(tmp_path).name


def test_a_port_in_use_is_another_address_this_time_and_the_log_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    first = listen("127.0.0.1", 0, installation_in(tmp_path))
    with closing(first.socket):
        second = _listen("127.0.0.1", 0, installation_in(tmp_path))
    assert urlsplit(second.base).hostname == urlsplit(first.base).hostname
    assert second.base != first.base
    assert "is in use: does it run already?" in caplog.text
    assert _listen("127.0.0.1", 0, installation_in(tmp_path)).base == first.base


@pytest.mark.parametrize(("host", "start"), [
    ("127.0.0.1", "http://{name}:"), ("localhost", "http://{name}:"), ("", "http://{name}:"),
    ("0.0.0.0", "http://{name}:"), ("127.0.0.2", "http://127.0.0.2:"),
])  # fmt: skip
def test_the_address_on_this_machine(tmp_path: Path, host: str, start: str) -> None:
    installation = installation_in(tmp_path)
    listening = _listen(host, 0, installation)
    assert listening.base.startswith(start.format(name=installation.name))
    assert listening.any_address == (host in ("", "0.0.0.0"))
    assert urlsplit(listening.base).hostname in listening.names


def test_ipv6(tmp_path: Path) -> None:
    needs_ipv6()
    assert _listen("::1", 0, installation_in(tmp_path)).base.startswith("http://t")
    assert _listen("[::]", 0, installation_in(tmp_path)).any_address


@pytest.mark.parametrize(("host", "port"), [
    ("999.1.1.1", 0), ("no such host", 0), ("192.0.2.1", 0), ("a" * 300, 0), ("127.0.0.1", 70000), ("127.0.0.1", -1),
])  # fmt: skip
def test_an_address_that_cannot_be_listened_on_is_a_clear_error(tmp_path: Path, host: str, port: int) -> None:
    with pytest.raises(RuntimeUnavailable) as caught:
        _listen(host, port, installation_in(tmp_path))
    assert "Builder.web" in str(caught.value)


def test_a_port_of_the_author_that_is_in_use_is_an_error(tmp_path: Path) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        pytest.raises(RuntimeUnavailable, match="choose another with"),
    ):
        _listen("127.0.0.1", taken.getsockname()[1], installation_in(tmp_path))


# The printed address


def test_the_printed_address_works_once_and_a_new_one_is_printed_for_who_comes_later(tmp_path: Path) -> None:
    with _application(tmp_path) as application:
        first = application.line()
        address = first.rpartition(" ")[2].strip()
        assert first == f"Launch is at {address}\n"
        with RawPage(address):
            pass
        refused = request(address)
        assert refused.status == 403
        assert "each one admits one browser, once" in refused.text
        again = application.line()
        assert again.startswith("that address was used; to open Launch in another browser: http://")
        RawPage(again.rpartition(" ")[2].strip())
        application.end()


def test_what_the_author_chose_is_neither_printed_nor_logged(tmp_path: Path) -> None:
    with _application(tmp_path, token="chosen-by-the-author") as application:
        line = application.line()
        assert "chosen-by-the-author" not in line
        address = line.rpartition(" ")[2].strip()
        RawPage(address)
        RawPage(f"{address.partition('?')[0]}?token=chosen-by-the-author")
        application.end()
    assert "chosen" not in "".join(application.errors)


def test_a_mounted_application_logs_a_code_but_not_the_token_of_its_author(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    from transom import Builder, generate_context

    write_project(tmp_path)
    (tmp_path / "dist").mkdir()
    with caplog.at_level(logging.DEBUG):
        Builder().web(token="chosen-by-the-author").build(generate_context(tmp_path)).asgi()
    assert "chosen" not in caplog.text
    Builder().build(generate_context(tmp_path)).asgi()
    assert "admits one browser with ?token=" in caplog.text


@pytest.mark.parametrize("host", ["0.0.0.0", "", "127.0.0.2", "localhost"])
def test_the_printed_address_works_with_every_host(tmp_path: Path, host: str) -> None:
    with _application(tmp_path, host=host) as application:
        with RawPage(application.line().rpartition(" ")[2].strip()) as page:
            page.send("[]")
        if host in ("0.0.0.0", ""):
            other = application.line().rpartition(" ")[2].strip()
            name = urlsplit(other).hostname
            assert name not in (None, "0.0.0.0")
            RawPage(other)
        application.end()


def test_other_machines_are_told_the_name_that_the_author_allows(tmp_path: Path) -> None:
    with _application(tmp_path, host="0.0.0.0", allowed_hosts=("my.example",)) as application:
        application.line()
        assert "http://my.example:" in application.line()
        application.end()


OUTPUTS = {
    "none": "sys.stdout = None",
    "both none": "sys.stdout = sys.stderr = None",
    "closed": "sys.stdout.close()",
    "ascii": "sys.stdout = open(1, 'w', encoding='ascii', closefd=False)",
    "no terminal to ask": "sys.stdout.isatty = None",
    "gone": "import os; r, w = os.pipe(); os.close(r); sys.stdout = open(w, 'w')",
}


@pytest.mark.parametrize("output", OUTPUTS)
def test_it_starts_with_every_output_and_every_name(tmp_path: Path, output: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    first = OUTPUTS[output].replace("sys.stdout.isatty = None", _BROKEN_TERMINAL)
    with _application(tmp_path, first, "Ünïcødé 名 \N{PILE OF POO}\u2028x", port=port, token="t") as application:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert application.process.poll() is None, "".join(application.errors)
            threading.Event().wait(0.05)
        with RawPage(f"http://127.0.0.1:{port}/?token=t") as page:
            page.send("[]")
        assert application.end() in (143, 120)  # 120: Python could not flush the output at its end
    assert "Traceback" not in "".join(application.errors)


_BROKEN_TERMINAL = """
class Broken:
    write = flush = lambda *_: None
    def isatty(self): raise OSError('no terminal to ask')
sys.stdout = Broken()
"""


def test_a_line_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    say("a\nb\rc\u2028d")
    assert capsys.readouterr().out == "a b c d\n"


# The browser


class _Browsers:
    def __init__(self, opens: bool, monkeypatch: pytest.MonkeyPatch) -> None:
        self.opened: list[str] = []
        self._opens = opens
        monkeypatch.setattr(webbrowser, "open", self._open)
        monkeypatch.setattr("transom.runtimes.web.access._launch._is_confined", lambda: False)

    def _open(self, address: str) -> bool:
        self.opened.append(address)
        return self._opens


@pytest.mark.usefixtures("posix")
def test_a_browser_is_opened_by_a_private_file_and_not_by_the_code_on_its_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    browsers = _Browsers(True, monkeypatch)
    open_browser("http://x.localhost:1/?token=code&</script>", tmp_path).join(10)
    [address] = browsers.opened
    assert address.startswith("file:///")
    assert "code" not in address
    file = Path(urlsplit(address).path)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    text = file.read_text("utf-8")
    assert 'location.replace("http://x.localhost:1/?token=code&\\u003c/script>")' in text
    assert text.count("</script>") == 1


def test_without_a_private_folder_the_browser_gets_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    browsers = _Browsers(True, monkeypatch)
    open_browser("http://x.localhost:1/?token=code", None).join(10)
    assert browsers.opened == ["http://x.localhost:1/?token=code"]


def test_no_browser_is_no_error_and_leaves_no_file_behind_for_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    old = tmp_path / "launch-old.html"
    old.write_text("of a run that was killed")
    os.utime(old, (1, 1))
    _Browsers(False, monkeypatch)
    open_browser("http://x.localhost:1/?token=code", tmp_path).join(10)
    assert "no browser could be opened" in caplog.text
    assert not old.exists()
    assert list(tmp_path.iterdir()) == []
