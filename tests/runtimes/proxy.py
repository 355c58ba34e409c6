"""nginx as a reverse proxy, with the configurations of the documentation."""

from __future__ import annotations

import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.requirements import needs_nginx, needs_openssl

__all__ = ["certificate", "nginx", "replaced", "takes_connections", "wait_for"]

# One process, which needs no rights, and no file outside the folder.
NGINX = """
daemon off;
master_process off;
pid nginx.pid;
error_log stderr;
events {}
http {
    access_log off;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
"""


def replaced(text: str, *pairs: tuple[str, str]) -> str:
    for old, new in pairs:
        assert text.count(old) == 1, (old, text)
        text = text.replace(old, new)
    return text


def takes_connections(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_for(process: subprocess.Popen[str], condition: Callable[[], object]) -> None:
    for _ in range(600):
        if condition():
            return
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.05)
        assert process.poll() is None, process.stderr and process.stderr.read()
    raise AssertionError("it did not become true")


@contextmanager
def nginx(folder: Path, servers: str, port: int) -> Iterator[subprocess.Popen[str]]:
    """Run nginx until its port takes connections and on."""
    folder.mkdir(exist_ok=True)
    (folder / "nginx.conf").write_text(f"{NGINX}{servers}\n}}\n", "utf-8")
    command = [needs_nginx(), "-p", str(folder), "-e", "stderr", "-c", str(folder / "nginx.conf")]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            wait_for(process, lambda: takes_connections(port))
            yield process
        finally:
            process.send_signal(signal.SIGTERM)


def certificate(folder: Path, name: str) -> tuple[Path, Path]:
    written, key = folder / "own.crt", folder / "own.key"
    names = ("-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}")
    command = [needs_openssl(), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *names]
    subprocess.run([*command, "-keyout", str(key), "-out", str(written)], check=True, capture_output=True)
    return written, key
