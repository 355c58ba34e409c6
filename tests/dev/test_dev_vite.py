"""`transom dev` with a front end of Vite: its server, its hot reload, and Python behind an open window."""

from __future__ import annotations

import shutil
import socket
from pathlib import Path

import pytest

from tests.dev.test_dev import Dev, is_gone
from tests.requirements import needs_node, needs_template_packages, needs_webkitgtk
from transom.cli._new import new

PYTHON = """
import os
from transom import Builder, command, generate_context, generate_handler

@command
async def greet(name: str) -> None:  # on the loop: lines of two threads can mix
    print("greets", name, "one", os.getpid(), flush=True)

Builder().invoke_handler(generate_handler(greet)).run(generate_context())
"""
COMPONENT = """
import { invoke } from "@tauri-apps/api/core";
import { useEffect } from "react";

const who = "Ada";

export function App() {
  useEffect(() => {
    const greet = () => void invoke("greet", { name: who });
    greet();
    addEventListener("transom:back", greet);
    return () => removeEventListener("transom:back", greet);
  });
  return <h1>{who}</h1>;
}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    needs_webkitgtk()
    needs_node()
    folder = tmp_path / "project"
    new(folder, "react-ts")
    (folder / "node_modules").symlink_to(needs_template_packages())
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    for name in ("tauri.conf.json", "vite.config.ts"):
        file = folder / name
        file.write_text(file.read_text("utf-8").replace("1420", port).replace("//localhost", "//127.0.0.1"), "utf-8")
    config = folder / "vite.config.ts"
    config.write_text(config.read_text("utf-8").replace("server: {", 'server: { host: "127.0.0.1",'), "utf-8")
    (folder / "app.py").write_text(PYTHON, "utf-8")
    (folder / "src" / "App.tsx").write_text(COMPONENT, "utf-8")
    return folder


def _greeting(dev: Dev, name: str, word: str) -> int:
    """Read what is printed until this greeting, which a component may send twice; return the back end's process."""
    while True:
        words = dev.program.line(90).split()
        if words[:1] == ["greets"] and words[1:3] == [name, word]:
            return int(words[3])


def test_python_and_the_front_end_are_followed(project: Path, display: str) -> None:
    if shutil.which("npm") is None:
        pytest.fail("npm comes with Node.js", pytrace=False)
    dev = Dev(project, runtime="webkitgtk", display=display)
    with dev.program:
        first = _greeting(dev, "Ada", "one")
        dev.change('"Ada"', '"Grace"', project / "src" / "App.tsx")
        assert _greeting(dev, "Grace", "one") == first
        dev.change('"one"', '"two"')
        second = _greeting(dev, "Grace", "two")
        assert second != first
        assert is_gone(first)
        dev.program.process.terminate()
        assert dev.program.status() == 143
        assert is_gone(second, 10)
    port = int((project / "tauri.conf.json").read_text("utf-8").split("127.0.0.1:")[1].split('"')[0])
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))
