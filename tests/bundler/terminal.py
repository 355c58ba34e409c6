"""The commands of docs/ship.md, and a terminal in which they run without a server and without changing this machine."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

from tests.repository.tree import ROOT
from tests.repository.wheel import build as build_wheel

__all__ = ["Terminal", "commands_of_the_page"]


class Terminal:
    """A user's terminal, in which a virtual environment with the packages that transom requires is active.

    pip finds transom's wheel and asks no server. apt unpacks into a folder, and nothing asks for a password.

    Args:
        folder: An empty folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.root, tools = folder, folder / "root", folder / "tools"
        for path in (tools, self.root / "var/lib/dpkg/info", self.root / "var/lib/dpkg/updates"):
            path.mkdir(parents=True)
        (self.root / "var/lib/dpkg/status").touch()
        made = build_wheel("wheel", folder / "wheels", PATH=str(tools))
        assert made.returncode == 0, made.stderr
        venv.create(folder / "venv", symlinks=True)
        (packages,) = (folder / "venv").glob("lib/python*/site-packages")
        ours = next(path for path in sys.path if path.endswith("site-packages"))
        (packages / "dependencies.pth").write_text(f"{ours}\n")
        pip = f'"{sys.executable}" -m pip --python "{folder}/venv" "$1" --quiet --no-index --no-deps --ignore-installed'
        scripts = {
            "pip": f'{pip} --find-links "{folder}/wheels" "$2"',
            "sudo": '"$@"',
            "apt": f'[ "$1" = install ] && dpkg --root="{self.root}" --log=/dev/null --force-all --install "$2"',
        }
        for name, script in scripts.items():
            (tools / name).write_text(f"#!/bin/sh\n{script}\n")
            (tools / name).chmod(0o755)
        paths = [tools, folder / "venv" / "bin", self.root / "usr" / "bin", os.environ["PATH"]]
        self.environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        self.environment |= {"DPKG_DEB_COMPRESSOR_TYPE": "gzip", "DPKG_DEB_COMPRESSOR_LEVEL": "1"}  # xz takes long
        self.environment["PATH"] = os.pathsep.join(map(str, paths))

    def run(self, command: str) -> None:
        """Run a line as a shell does."""
        done = subprocess.run(
            command,
            shell=True,
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=580,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"


def commands_of_the_page() -> list[str]:
    """Return the commands of docs/ship.md from the source to an installed application."""
    section = (ROOT / "docs" / "ship.md").read_text("utf-8").split("## From source to an installed application\n")[1]
    return section.split("```sh\n")[1].split("```")[0].splitlines()
