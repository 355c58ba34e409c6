"""A container of an application for many users: a Containerfile with the wheel and its requirements beside it."""

from __future__ import annotations

import shutil
import subprocess
from contextlib import suppress
from pathlib import Path

from ..errors import AuthorError, ConfigError
from ._plan import BundlePlan
from ._wheel import make_wheel, package_of, requirements

__all__ = ["make_container"]

_BUILDERS = ("podman", "buildah", "docker")
_SECONDS = 60.0  # that a builder gets to answer
_FILE = """# {name} {version}, for many users: docs/server.md of transom.
FROM docker.io/library/python:3.13-slim
COPY requirements.txt {wheel} /tmp/
RUN pip install --no-cache-dir --requirement /tmp/requirements.txt && pip install --no-cache-dir --no-deps /tmp/{wheel} && rm /tmp/{wheel} /tmp/requirements.txt && useradd --create-home --uid 10001 app
USER 10001
ENV PYTHONUNBUFFERED=1 TRANSOM_RUNTIME=web
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s CMD ["python", "-c", "import socket; socket.create_connection(('127.0.0.1', 8000), 4)"]
CMD ["transom", "serve", "{target}", "--host", "0.0.0.0", "--port", "8000"]
"""


def make_container(plan: BundlePlan) -> Path:
    """Write the Containerfile with the wheel beside it, and build `<package>:<version>` where a builder works; return the file.

    Raises:
        AuthorError: The builder failed.
        ConfigError: The program has no global name `builder`, which `transom serve` needs.
    """
    folder = plan.into / "container"
    folder.mkdir(parents=True, exist_ok=True)
    wheel = make_wheel(plan)
    shutil.copyfile(wheel, folder / wheel.name)
    requires = "".join(f"{each}\n" for each in requirements(plan, windows=False))
    (folder / "requirements.txt").write_text(requires, "utf-8")
    file = folder / "Containerfile"
    file.write_text(
        _FILE.format(
            name=plan.name,
            version=plan.version,
            wheel=wheel.name,
            target=_target(plan),
        ),
        "utf-8",
    )
    builder = _builder()
    if builder is not None:
        tag = f"{plan.package}:{plan.version.replace('+', '-')}"
        command = [builder, "build", "--file", "Containerfile", "--tag", tag, "."]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, errors="replace", check=False)
        if done.returncode != 0:
            raise AuthorError(
                f"{Path(builder).name} failed with status {done.returncode}: {done.stderr.strip()[-2000:]}"
            )
    return file


def _target(plan: BundlePlan) -> str:
    """Return what `transom serve` is told, such as `word_count.app:builder`."""
    import ast

    tree = ast.parse(plan.program.read_bytes(), str(plan.program))
    names = {
        target.id
        for node in tree.body
        for target in (node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)])
        if isinstance(target, ast.Name)
    }
    name = next((each for each in ("builder", "app") if each in names), None)
    if name is None:
        raise ConfigError(
            f"the target container serves a Builder: give {plan.program.name} a global name `builder`, as `transom serve` "
            "needs it, and let the program run it under `if __name__ == '__main__':`"
        )
    inner = [plan.program.parent.name] if any(place.startswith("..") for _, place in plan.data) else []
    return ".".join([package_of(plan), *inner, plan.program.stem]) + f":{name}"


def _builder() -> str | None:
    """Return a program that builds containers and answers: one without its service does not count."""
    for name in _BUILDERS:
        found = shutil.which(name)
        if found is None:
            continue
        with suppress(subprocess.TimeoutExpired):
            done = subprocess.run([found, "info"], capture_output=True, check=False, timeout=_SECONDS)
            if done.returncode == 0:
                return found
    return None
