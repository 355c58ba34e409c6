from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.mock_app import Running, running
from tests.plugins.guests import guests
from tests.requirements import needs_linux, needs_session_bus, needs_webkitgtk
from transom.acl import CommandScope
from transom.app import Builder
from transom.plugins import opener
from transom.plugins.opener._scope import Entry, OpenerScope
from transom.runtimes._mock import MockRejection

needs_linux()
PACKAGE = "@tauri-apps/plugin-opener"
Opened = Callable[[], list[list[str]]]


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Opened:
    """Put programs on the PATH that write down their arguments, and return what reads those of the first call."""
    folder = tmp_path / "bin"
    folder.mkdir()
    pipe = tmp_path / "opened"
    os.mkfifo(pipe)
    for name in ("xdg-open", "firefox"):
        program = folder / name
        program.write_text(f'#!/bin/sh\nprintf "%s\\0" "{name}" "$@" > "{pipe}"\n')
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return lambda: [pipe.read_bytes().decode().split("\0")[:-1]]  # opening it waits for the writer


@pytest.fixture
def application() -> Iterator[Running]:
    with running(builder=Builder().plugin(opener.init())) as application:
        yield application


def allow(application: Running, *permissions: str) -> None:
    listed = ", ".join(permissions)
    application.app.add_capability(f'{{"identifier": "a", "windows": ["main"], "permissions": [{listed}]}}')


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/a?b=c;d&e='$(touch%20x)'`id`|",
        "mailto:ada@example.org?subject=a%20b",
        "tel:+4912345",
        "http://[::1]:8080/",
    ],
)
def test_an_address_of_the_default_scope_reaches_the_desktop_as_it_is(
    application: Running, opened: Opened, url: str
) -> None:
    allow(application, '"opener:default"')
    application.page.invoke("plugin:opener|open_url", {"url": url})
    assert opened() == [["xdg-open", url]]


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "/etc/passwd",
        "--help",
        "-a",
        "",
        "https://example.org/ --new-window",
        "https://example.org/\n--flag",
        "https://example.org/\0",
        "https://user@evil.example/",
        "https:\\\\evil.example",
        "https:example.org",
        "https://example.org\\@evil.example/",
        "smb://server/share",
        "https://" + "a" * 10_000,
    ],
)
def test_no_other_address_is_opened(application: Running, url: str) -> None:
    allow(application, '"opener:default"')
    with pytest.raises(MockRejection) as caught:
        application.page.invoke("plugin:opener|open_url", {"url": url})
    assert caught.value.value.startswith(f"Not allowed to open url {url}; ")


@pytest.mark.parametrize(
    ("pattern", "url", "covered"),
    [
        ("https://*", "https://example.org/a/b", True),
        ("https://*", "http://example.org/", False),
        ("https://example.org/*", "https://example.org/a/b?c", True),
        ("https://example.org/*", "https://EXAMPLE.org/a", True),
        ("https://example.org/*", "https://example.org.evil.net/a", False),
        ("https://example.org/*", "https://evil.net/https://example.org/a", False),
        ("https://*.example.org/*", "https://evil.net/x.example.org/", False),
        ("https://*.example.org/*", "https://a.b.example.org/", True),
        ("https://example.org", "https://example.org/", True),
        ("https://example.org", "https://example.org/a", False),
        ("mailto:*@example.org", "mailto:ada@example.org", True),
        ("mailto:*@example.org", "mailto:ada@example.net", False),
        ("*", "https://example.org/", True),
    ],
)
def test_a_star_in_the_host_ends_with_the_host(pattern: str, url: str, covered: bool) -> None:
    scope = OpenerScope(CommandScope((Entry(url=pattern),)))
    assert scope.allow_url(opener.check_url(url), None) is covered


def test_a_denied_address_is_not_opened_whatever_is_allowed() -> None:
    scope = OpenerScope(CommandScope((Entry(url="https://*"),), (Entry(url="https://evil.net/*"),)))
    assert scope.allow_url("https://example.org/", None)
    assert not scope.allow_url("https://evil.net/a", None)


def test_a_program_is_the_one_that_the_scope_names(application: Running, opened: Opened) -> None:
    allow(application, '{"identifier": "opener:allow-open-url", "allow": [{"url": "https://*", "app": "firefox"}]}')
    for program in ("sh", "/bin/sh", "firefox ", "", None):
        with pytest.raises(MockRejection, match="Not allowed to open url https://a.example"):
            application.page.invoke("plugin:opener|open_url", {"url": "https://a.example", "with": program})
    application.page.invoke("plugin:opener|open_url", {"url": "https://a.example", "with": "firefox"})
    assert opened() == [["firefox", "https://a.example"]]


def test_any_program_is_a_program_that_is_there_and_no_option(application: Running) -> None:
    allow(application, '{"identifier": "opener:allow-open-url", "allow": [{"url": "https://*", "app": true}]}')
    for program, said in (("--help", "is not a program"), ("missing-program", "not installed")):
        with pytest.raises(MockRejection, match=said):
            application.page.invoke("plugin:opener|open_url", {"url": "https://a.example", "with": program})


def test_a_file_is_opened_when_the_scope_covers_where_it_really_is(
    application: Running, opened: Opened, tmp_path: Path
) -> None:
    shown = tmp_path / "shown"
    (shown / ".hidden").mkdir(parents=True)
    for path in (shown / "a.txt", shown / ".hidden" / "b.txt", tmp_path / "secret.txt"):
        path.write_text("x")
    (shown / "link.txt").symlink_to(tmp_path / "secret.txt")
    allow(
        application,
        f'{{"identifier": "opener:allow-open-path", "allow": [{{"path": "{shown}/**"}}], "deny": [{{"path": "{shown}/no*"}}]}}',
    )
    (shown / "no.txt").write_text("x")
    for path in (
        tmp_path / "secret.txt",
        shown / ".." / "secret.txt",
        shown / "link.txt",
        shown / "no.txt",
        shown / ".hidden" / "b.txt",
        "a.txt",
    ):
        with pytest.raises(MockRejection, match="Not allowed to open path"):
            application.page.invoke("plugin:opener|open_path", {"path": str(path)})
    with pytest.raises(MockRejection, match="no such file"):
        application.page.invoke("plugin:opener|open_path", {"path": str(shown / "missing.txt")})
    application.page.invoke("plugin:opener|open_path", {"path": str(shown / "a.txt")})
    assert opened() == [["xdg-open", str(shown / "a.txt")]]


def test_without_a_file_manager_on_the_bus_the_folder_is_opened(
    application: Running, opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "gi.repository", None)
    (tmp_path / "a.txt").write_text("x")
    allow(application, '"opener:default"')
    application.page.invoke("plugin:opener|reveal_item_in_dir", {"paths": [str(tmp_path / "a.txt")]})
    assert opened() == [["xdg-open", str(tmp_path)]]
    for sent in ({"paths": []}, {}, {"path": str(tmp_path / "missing")}):
        with pytest.raises(MockRejection, match="paths are needed|no such file"):
            application.page.invoke("plugin:opener|reveal_item_in_dir", sent)


_FILE_MANAGER = """
import sys
from gi.repository import Gio, GLib
xml = '''<node><interface name="org.freedesktop.FileManager1"><method name="ShowItems">
<arg type="as" direction="in"/><arg type="s" direction="in"/></method></interface></node>'''
loop = GLib.MainLoop()
def call(bus, sender, path, interface, method, given, invocation):
    print(*given.unpack()[0], flush=True)
    invocation.return_value(None)
bus = Gio.bus_get_sync(Gio.BusType.SESSION, None)
bus.register_object("/org/freedesktop/FileManager1", Gio.DBusNodeInfo.new_for_xml(xml).interfaces[0], call, None, None)
Gio.bus_own_name_on_connection(bus, "org.freedesktop.FileManager1", 0, lambda *_: print("ready", flush=True), None)
loop.run()
"""
_REVEAL = "import sys; from transom.plugins import opener; opener.reveal_item_in_dir(*sys.argv[1:])"


def test_the_file_manager_on_the_bus_is_asked_to_show_files(tmp_path: Path) -> None:
    needs_webkitgtk()
    (tmp_path / "a b.txt").write_text("x")
    script = f"""
import subprocess, sys
with subprocess.Popen([sys.executable, "-c", {_FILE_MANAGER!r}], stdout=subprocess.PIPE, text=True) as manager:
    assert manager.stdout.readline() == "ready\\n"
    subprocess.run([sys.executable, "-c", {_REVEAL!r}, sys.argv[1]], check=True)
    print(manager.stdout.readline())
    manager.kill()
"""
    done = subprocess.run(
        [needs_session_bus(), "--", sys.executable, "-c", script, str(tmp_path / "a b.txt")],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout.strip() == (tmp_path / "a b.txt").as_uri(), done.stderr


def test_on_the_web_runtime_the_browser_opens_addresses_and_files_are_refused(tmp_path: Path) -> None:
    permissions = ["opener:default", ("opener:allow-open-path", [{"path": "/**"}], [])]
    with guests(tmp_path, opener.init(), permissions=permissions, packages=[PACKAGE]) as page:
        page.run(PACKAGE, "await plugin.openUrl('https://example.org/\\'</script>')")
        assert page.run(PACKAGE, "return opened") == [["https://example.org/'</script>", "_blank"]]
        said = page.fails(PACKAGE, "await plugin.openUrl('javascript:alert(1)')")
        assert said.startswith("Not allowed to open url javascript:alert(1); ")
        for call in ("openPath('/etc/passwd')", "revealItemInDir('/etc/passwd')"):
            said = page.fails(PACKAGE, f"await plugin.{call}")
            assert (said["kind"], said["runtime"]) == ("unsupported", "web")
            assert said["reason"].startswith("the browser may be on another machine")
