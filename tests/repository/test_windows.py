"""What a Windows machine can check first: every room is imported there, though Linux has modules that Windows lacks."""

from __future__ import annotations

import subprocess
import sys

from tests.requirements import ROOT

# Imported before the names go away: the standard library and other packages look at the system themselves.
SCRIPT = """
import asyncio, ctypes.util, importlib, multiprocessing, os, pkgutil, shutil, signal, socket, ssl, subprocess, sys
import tarfile, tempfile, urllib.request, uvicorn, zipfile
for name in ("anyio", "httpcore", "httpx", "watchfiles", "cryptography.hazmat.primitives.ciphers.aead"):
    try:
        importlib.import_module(name)
    except ImportError:
        pass
for name in ("fcntl", "gi", "grp", "pwd", "resource", "termios"):
    sys.modules[name] = None
gone = {
    os: "fork geteuid getuid killpg memfd_create setsid uname O_CLOEXEC O_DIRECTORY O_NOFOLLOW O_NONBLOCK",
    signal: "SIGALRM SIGCHLD SIGHUP SIGKILL SIGPIPE SIGQUIT SIGUSR1 SIGUSR2",
    socket: "AF_UNIX",
}
for module, names in gone.items():
    for name in names.split():
        delattr(module, name)
import transom
def failed(name):
    print(name)
for found in pkgutil.walk_packages(transom.__path__, "transom.", onerror=failed):
    if any(word in found.name for word in ("__main__", "hook", "webkitgtk", ".tray", ".templates")):
        continue
    try:
        importlib.import_module(found.name)
    except Exception as error:
        print(found.name, type(error).__name__, error)
"""
# They say by a TransomError that GTK is missing, or are imported by what has it.
NEED_GTK = {"transom.runtimes.webkitgtk", "transom.runtimes.tray"}


def test_every_module_can_be_imported_without_what_only_posix_has() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=ROOT, capture_output=True, text=True, check=True, timeout=120
    )
    assert set(done.stdout.splitlines()) - NEED_GTK == set()
