"""A project as `transom acl` sees it: its files, and the permissions of the plugins that its application adds."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import msgspec

from ...acl import (
    APP_ACL_KEY,
    OFFICIAL_PLUGINS,
    Manifest,
    Resolved,
    RuntimeAuthority,
    find_permissions,
    parse_identifier,
)
from ...config import Config
from ...core import DESCRIBE, AccessDescription, access_of
from ...errors import ConfigError
from ...plugins import core_plugins
from ...project import AccessFiles, CapabilitySource, config_error, load_access, load_config

__all__ = ["Project", "check_permission", "command_of", "find_script", "load_project"]

_SCRIPTS = ("app.py", "main.py")
_PATIENCE = 60  # seconds until an application has started


class Project(msgspec.Struct, frozen=True, kw_only=True):
    """A project whose files are valid.

    Attributes:
        config: Its configuration.
        access: What its files say about permissions.
        authority: Decides as in the running application.
        resolved: What each capability comes to, beside where it is written.
        script: The application that was asked for its plugins; `None` if all plugins of transom are assumed.
    """

    config: Config
    access: AccessFiles
    authority: RuntimeAuthority
    resolved: tuple[tuple[CapabilitySource, Resolved], ...]
    script: Path | None

    @property
    def labels(self) -> list[str]:
        """The labels of the windows in the configuration."""
        return [window.label for window in self.config.app.windows]

    @property
    def own_commands_are_free(self) -> bool:
        """Whether local pages may call the application's own commands without a capability, as in Tauri."""
        return not self.authority.declared.has_app_acl

    def own_commands(self) -> list[str]:
        """Return the names of the application's own commands, as far as its program tells them."""
        manifest = self.authority.manifests.get(APP_ACL_KEY)
        return sorted(manifest.commands or ()) if manifest is not None and self.script is not None else []

    def commands(self) -> list[str]:
        """Return the whole names of all commands that are known, the application's own first."""
        names: list[str] = []
        for key, manifest in sorted(
            self.authority.manifests.items(), key=lambda item: (item[0] != APP_ACL_KEY, item[0])
        ):
            prefix = "" if key == APP_ACL_KEY else f"plugin:{key.removeprefix('core:')}|"
            names += [prefix + command for command in sorted(manifest.commands or ())]
        return names


def load_project(folder: Path, script: Path | None) -> Project:
    """Read a project and ask its application for the plugins that it adds.

    Args:
        folder: The project's folder.
        script: The program that runs the application; `None` for `app.py` or `main.py` in the folder, if there is one.

    Raises:
        ConfigError: A file is wrong; the text names every file, line and field. Or the program fails before it runs an
            application.
    """
    config = load_config(folder)
    access = load_access(config)
    script = script or find_script(folder)
    authority = _described(script, access) if script is not None else _assumed(access)
    resolved: list[tuple[CapabilitySource, Resolved]] = []
    faults: list[tuple[str, int, str]] = []
    for source in access.capabilities:
        found = authority.load(source.capability, source.where_in(access.folder))
        faults += source.problems(found.faults)
        resolved.append((source, found))
    if faults:
        raise config_error(faults)
    return Project(config=config, access=access, authority=authority, resolved=tuple(resolved), script=script)


def find_script(folder: Path) -> Path | None:
    """Return the program of a project, `app.py` or `main.py`; `None` if there is none."""
    return next((folder / name for name in _SCRIPTS if (folder / name).is_file()), None)


def command_of(script: Path, environment: dict[str, str]) -> list[str]:
    """Return the command that runs a program, and put what it needs into its environment.

    A `__main__.py` is that of a package, as `python -m` runs it.
    """
    if script.name != "__main__.py" or not (script.parent / "__init__.py").is_file():
        return [sys.executable, str(script)]
    package = script.resolve().parent
    paths = [str(package.parent), environment.get("PYTHONPATH", "")]
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
    return [sys.executable, "-m", package.name]


def _described(script: Path, access: AccessFiles) -> RuntimeAuthority:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "access.json"
        environment = {**os.environ, DESCRIBE: str(file), "TRANSOM_DEV": "1", "TRANSOM_RUNTIME": "mock"}
        try:
            done = subprocess.run(
                command_of(script, environment),
                env=environment,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=_PATIENCE,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise ConfigError(
                f"{script} did not run an application within {_PATIENCE} s; it must call App.run or Builder.run"
            ) from None
        if not file.exists():
            raise ConfigError(
                f"{script} did not run an application; it wrote:\n{done.stderr.strip() or done.stdout.strip()}"
            )
        description = msgspec.json.decode(file.read_bytes(), type=AccessDescription)
    authority = RuntimeAuthority(
        development=True, core_default=not access.capabilities, has_app_acl=description.has_app_acl
    )
    for key, manifest in description.manifests.items():
        _declare(authority, key, manifest)
    return authority


def _declare(authority: RuntimeAuthority, key: str, manifest: Manifest) -> None:
    if key == "core":
        return  # it follows from the others
    authority.declare(
        key,
        commands=manifest.commands,
        default=manifest.default,
        sets=manifest.sets,
        permissions=manifest.permissions.values(),
        unavailable=manifest.unavailable,
    )


def check_permission(project: Project, permission: str) -> None:
    """Check that an official plugin has a permission, also one that the project's application does not add.

    Raises:
        ConfigError: It does not; the text names the nearest.
    """
    name = permission.rpartition(":")[0]
    if name not in OFFICIAL_PLUGINS or name in project.authority.manifests:
        return  # loading the capability checks the plugins that are added
    authority = RuntimeAuthority(development=True, core_default=False, has_app_acl=False)
    if _declare_official(authority, name):
        list(find_permissions(authority.manifests, parse_identifier(permission)))


def _declare_official(authority: RuntimeAuthority, name: str) -> bool:
    """Declare what pages may be allowed of an official plugin; return whether its packages are there."""
    try:
        module = importlib.import_module(f"transom.plugins.{name.replace('-', '_')}")
        authority.declare(name, **access_of(module.init()))
    except ImportError:
        return False  # its extra is not installed, so the application cannot use it here either
    return True


def _assumed(access: AccessFiles) -> RuntimeAuthority:
    """Return an authority that knows all plugins of transom, and of the application what its files say."""
    authority = RuntimeAuthority(development=True, core_default=not access.capabilities, has_app_acl=access.has_app_acl)
    for plugin in core_plugins():
        authority.declare(f"core:{plugin.name}", **access_of(plugin))
    for name in OFFICIAL_PLUGINS:
        _declare_official(authority, name)
    authority.declare(APP_ACL_KEY, default=access.default, sets=access.sets, permissions=access.permissions)
    return authority
