"""What some tests need from the machine: each function returns the thing, or skips the test with the reason.

With `CI=true` a missing thing that can be installed is a failure: a skip would hide a broken set-up. Only these functions skip.
"""

from __future__ import annotations

import functools
import importlib
import os
import shutil
import socket
import sys
from collections.abc import Callable
from contextvars import ContextVar
from pathlib import Path
from typing import Any, NoReturn, ParamSpec, TypeVar

import pytest

from transom.cli import _doctor as doctor
from transom.errors import ConfigError
from transom.wire import global_api_script

P = ParamSpec("P")
R = TypeVar("R")
ROOT = Path(__file__).resolve().parent.parent
WINDOW_TOOLS = ("openbox", "xdotool", "xprop", "xwininfo", "dbus-daemon")
NODE_MODULES = ROOT / "tests" / "js" / "node_modules"
may_be_slow: ContextVar[bool] = ContextVar("may_be_slow", default=True)
"""Whether the test that runs is marked slow; `tests/conftest.py` sets it."""


def slow(requirement: Callable[P, R]) -> Callable[P, R]:
    """Mark a requirement whose tests `make test-fast` leaves out."""

    @functools.wraps(requirement)
    def checked(*args: P.args, **kwargs: P.kwargs) -> R:
        if not may_be_slow.get():
            pytest.fail(f"{requirement.__name__} is slow, but tests/selection.py does not see it here", pytrace=False)
        return requirement(*args, **kwargs)

    checked.slow = True  # type: ignore[attr-defined]
    return checked


@slow
def needs_node() -> str:
    """Return the path of a Node.js that is new enough for the tests."""
    finding = _finding("development", "node")
    return _program("node") if finding.ok else _missing(f"Node.js: {finding.detail}", finding.mend)


@slow
def needs_npm_package(name: str) -> Path:
    """Return the folder of an npm package that `tests/js` installs, such as `tauri-api-2.12` or `ws`."""
    needs_node()
    folder = NODE_MODULES / name
    return folder if folder.is_dir() else _missing(f"the npm package {name} is not in tests/js", "scripts/setup test")


@slow
def needs_vite() -> Path:
    """Return the folder `node_modules` of the demo, which has Vite, TypeScript and `@tauri-apps/api`."""
    needs_node()
    folder = ROOT / "examples" / "atlas" / "ui" / "node_modules"
    return folder if (folder / "vite").is_dir() else _missing("Vite is not in examples/atlas/ui", "scripts/setup test")


@slow
def needs_template_packages() -> Path:
    """Return the folder `node_modules` with what the templates of `transom new` need."""
    needs_node()
    folder = ROOT / "tests" / "templates" / "node_modules"
    return (
        folder if (folder / "vite").is_dir() else _missing("tests/templates has no npm packages", "scripts/setup test")
    )


@slow
def needs_chromium() -> str:
    """Return the path of a browser of the Chromium family."""
    path = next(filter(None, map(doctor.this_machine().program, doctor.CHROMIUMS)), None)
    return path or _missing("no Chromium is on the PATH", _finding("development", "Chromium").mend)


@slow
def needs_web_driver(name: str) -> str:
    """Return the path of `WebKitWebDriver` or `chromedriver`."""
    if name == "chromedriver" and "ID=ubuntu" in _os_release():
        pytest.skip("Ubuntu's Chromium is a snap, which tests cannot drive")
    return shutil.which(name) or _missing(f"{name} is not on the PATH", "scripts/setup test")


def needs_selenium() -> Any:
    """Return the module."""
    return _needs_module("selenium.webdriver")


def needs_playwright() -> Any:
    """Return the module of Playwright for Python; it brings no browser."""
    return _needs_module("playwright.sync_api")


@slow
def needs_firefox() -> str:
    """Return the path of Firefox, as Debian's package has it or from Mozilla; Ubuntu's is a snap."""
    for name in ("firefox-esr", "firefox"):
        path = shutil.which(name)
        if path and b"/snap/" not in Path(path).read_bytes()[:10_000]:
            return path
    if "ID=ubuntu" in _os_release():
        pytest.skip("Ubuntu's Firefox is a snap, which tests cannot drive")
    return _missing("no Firefox is on the PATH", "scripts/setup test")


@slow
def needs_nginx() -> str:
    """Return the path of nginx."""
    found = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    return found or _missing("nginx is not installed", "scripts/setup test")


@slow
def needs_nats() -> str:
    """Return the path of a NATS server; its client is there too."""
    _needs_module("nats")
    found = shutil.which("nats-server", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    return found or _missing("nats-server is not installed", "scripts/setup test")


@slow
def needs_dask() -> None:
    """Need Dask's scheduler and workers."""
    _needs_module("distributed")


@slow
def needs_redis(server: str = "redis-server") -> str:
    """Return the path of a Redis server, or of a `valkey-server`; its client is there too."""
    _needs_module("redis")
    found = shutil.which(server, path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if found is None and server == "valkey-server":
        pytest.skip("valkey-server is not installed: Debian has it from 13 on")
    return found or _missing(f"{server} is not installed", "scripts/setup test")


@slow
def needs_postgres() -> Path:
    """Return the folder of PostgreSQL's programs, for a server of the test's own; its driver is there too."""
    _needs_module("psycopg")
    folder = max(Path("/usr/lib/postgresql").glob("*/bin"), default=None)
    return folder or _missing("PostgreSQL is not installed", "scripts/setup test")


@slow
def needs_mariadb() -> str:
    """Return the path of MariaDB's server, for a server of the test's own; its driver is there too."""
    _needs_module("aiomysql")
    found = shutil.which("mariadbd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    return found or _missing("MariaDB is not installed", "scripts/setup test")


@slow
def needs_pyinstaller() -> None:
    """Check that programs can be frozen."""
    _needs_module("PyInstaller")


@slow
def needs_pip() -> None:
    """Check that Python packages can be installed, into environments of the tests' own."""
    _needs_module("pip")


@slow
def needs_package_tools() -> None:
    """Check that packages can be made and judged."""
    for program in ("dpkg-deb", "rpmbuild", "cpio", "lintian", "appstreamcli", "desktop-file-validate"):
        if shutil.which(program) is None:
            _missing(f"{program} is not on the PATH", "scripts/setup test")


@slow
def needs_minisign() -> str:
    """Return the path of minisign, the second opinion about keys and signatures of updates."""
    needs_cryptography()
    return shutil.which("minisign") or _missing("minisign is not on the PATH", "scripts/setup test")


@slow
def needs_openssl() -> str:
    """Return the path of the program that makes certificates."""
    return shutil.which("openssl") or _missing("openssl is not on the PATH", "scripts/setup test")


@slow
def needs_xvfb() -> str:
    """Return the path of Xvfb."""
    finding = _finding("webkitgtk", "Xvfb")
    return finding.detail if finding.ok else _missing(f"Xvfb: {finding.detail}", finding.mend)


@slow
def needs_two_monitors() -> str:
    """Return the path of the X server that shows several monitors; Xvfb has one."""
    driver, server = Path("/usr/lib/xorg/modules/drivers/dummy_drv.so"), shutil.which("Xorg")
    if server is None or not driver.exists() or shutil.which("xrandr") is None:
        _missing("Xorg with its driver `dummy`, and xrandr, are not installed", "scripts/setup test")
    if not os.access("/dev/tty0", os.W_OK):
        pytest.skip("the X server of two monitors opens the console, which only root may do here")
    return server


@slow
def needs_openbox() -> str:
    """Return the path of openbox, a small window manager."""
    return doctor.this_machine().program("openbox") or _missing("openbox is not on the PATH", "apt install openbox")


@slow
def needs_xdotool() -> str:
    """Return the path of xdotool, which uses mouse and keyboard."""
    return doctor.this_machine().program("xdotool") or _missing("xdotool is not on the PATH", "apt install xdotool")


@slow
def needs_xprop() -> str:
    """Return the path of xprop, which reads what a window tells the window manager."""
    return doctor.this_machine().program("xprop") or _missing("xprop is not on the PATH", "apt install x11-utils")


@slow
def needs_dbus_daemon() -> str:
    """Return the path of dbus-daemon, for a session bus of the tests' own."""
    return doctor.this_machine().program("dbus-daemon") or _missing("dbus-daemon is missing", "apt install dbus-daemon")


@slow
def needs_window_manager() -> str:
    """Return the path of a small window manager; the programs that ask X11 about windows are there too."""
    missing = [name for name in WINDOW_TOOLS if doctor.this_machine().program(name) is None]
    said = f"{', '.join(missing)} is not on the PATH"
    return _missing(said, "scripts/setup test") if missing else _program("openbox")


@slow
def needs_webkitgtk() -> None:
    """Ask for PyGObject, GTK 3 and WebKitGTK 4.1; a display is the test's own matter."""
    for finding in _findings():
        if finding.area == "webkitgtk" and finding.needed and finding.what != "display" and not finding.ok:
            _missing(f"{finding.what}: {finding.detail}", finding.mend)


def needs_pywebview_package() -> Any:
    """Return the module of pywebview, for tests without a window."""
    return _needs_module("webview")


@slow
def needs_pywebview() -> Any:
    """Return the module; its windows need GTK and WebKitGTK here, and a display."""
    needs_webkitgtk()
    return _needs_module("webview")


@slow
def needs_qt() -> None:
    """Ask for Qt with its web engine, for the windows of pywebview."""
    needs_pywebview()
    _needs_module("PySide6.QtWebEngineWidgets")
    _needs_module("qtpy")


def needs_gdk_pixbuf() -> None:
    """Ask for the decoder of PNG and ICO files."""
    try:
        _needs_module("gi").require_version("GdkPixbuf", "2.0")
    except ValueError:
        _missing("GdkPixbuf has no typelib", "apt install gir1.2-gdkpixbuf-2.0")


def needs_pillow() -> Any:
    """Return the module with images."""
    return _needs_module("PIL.Image")


def needs_icnsutil() -> Any:
    """Return the module with files of macOS."""
    return _needs_module("icnsutil")


def needs_svg() -> None:
    """Skip the test without GdkPixbuf or its part that draws SVG files."""
    needs_gdk_pixbuf()
    from gi.repository import GdkPixbuf

    if "svg" not in {kind.get_name() for kind in GdkPixbuf.Pixbuf.get_formats()}:
        _missing("GdkPixbuf cannot draw SVG files", "apt install librsvg2-common")


def needs_numpy() -> Any:
    """Return the module."""
    return _needs_module("numpy")


def needs_pyarrow() -> Any:
    """Return the module."""
    return _needs_module("pyarrow")


def needs_pydantic() -> Any:
    """Return the module."""
    return _needs_module("pydantic")


def needs_attrs() -> Any:
    """Return the module."""
    return _needs_module("attrs")


def needs_cryptography() -> Any:
    """Return the module."""
    return _needs_module("cryptography")


def needs_re2() -> Any:
    """Return the module."""
    return _needs_module("re2")


def needs_opentelemetry() -> Any:
    """Return the module of the SDK."""
    return _needs_module("opentelemetry.sdk.trace")


def needs_watchfiles() -> Any:
    """Return the module."""
    return _needs_module("watchfiles")


def needs_jsonschema() -> Any:
    """Return the module."""
    return _needs_module("jsonschema")


def needs_stronghold_packages() -> None:
    """Ask for the packages of the plugin `stronghold`."""
    _needs_module("cryptography")
    _needs_module("mnemonic")


def needs_linux() -> None:
    """Ask for Linux; at the top of a module it skips the whole module."""
    if sys.platform != "linux":
        pytest.skip("only on Linux", allow_module_level=True)


def needs_posix() -> None:
    """Ask for a system on which a process can become another program."""
    if os.name != "posix":
        pytest.skip("only on POSIX systems")


def needs_ipv6() -> None:
    """Ask for the loopback address of IPv6."""
    with socket.socket(socket.AF_INET6) as probe:
        try:
            probe.bind(("::1", 0))
        except OSError:
            pytest.skip("this machine has no IPv6")


def needs_names_outside_utf8(folder: Path) -> None:
    """Ask for a file system that takes names that are not UTF-8."""
    probe = Path(os.fsdecode(os.fsencode(folder) + b"/probe\xff"))
    try:
        probe.touch()
    except OSError:
        pytest.skip("this file system takes only names that are UTF-8")
    probe.unlink()


@slow
def needs_xdg_mime() -> str:
    """Return the path of the program that asks the desktop what opens an address."""
    return shutil.which("xdg-mime") or _missing("xdg-mime is not on the PATH", "apt install xdg-utils")


@slow
def needs_session_bus() -> str:
    """Return the path of the program that runs another with a D-Bus session bus of its own."""
    return shutil.which("dbus-run-session") or _missing("dbus-run-session is not on the PATH", "scripts/setup test")


@slow
def needs_hatchling() -> Any:
    """Return the module; it builds wheels."""
    return _needs_module("hatchling")


@slow
def needs_front_end() -> Path:
    """Return the folder of the demo's built front end."""
    finding = _finding("demo", "front end")
    return Path(finding.detail) if finding.ok else _missing(f"the demo: {finding.detail}", "scripts/setup test")


@slow
def needs_global_api(*bundles: str) -> None:
    """Ask for bundles behind `app.withGlobalTauri`; for all of them if none is named."""
    try:
        for name in bundles or ("global_api.js", "global_api_v1.js"):
            global_api_script(name)
    except ConfigError as error:
        _missing(str(error), "scripts/setup test")


def _os_release() -> list[str]:
    try:
        return Path("/etc/os-release").read_text("utf-8").splitlines()
    except OSError:
        return []


def _needs_module(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError:
        _missing(f"{name} is not installed", "scripts/setup test")


def _missing(reason: str, mend: str | None) -> NoReturn:
    sentence = f"{reason} (-> {mend})" if mend else reason
    if os.environ.get("CI") == "true":
        pytest.fail(sentence, pytrace=False)
    pytest.skip(sentence)


@functools.cache
def _findings() -> tuple[doctor.Finding, ...]:
    return tuple(doctor.examine())


def _finding(area: str, what: str) -> doctor.Finding:
    return next(finding for finding in _findings() if (finding.area, finding.what) == (area, what))


def _program(name: str) -> str:
    return doctor.this_machine().program(name) or _missing(f"{name} is not on the PATH", None)
