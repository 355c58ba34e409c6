"""The steps of `transom build`."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from ..config import Config, HookCommand
from ..dev import script_of
from ..errors import AuthorError, ConfigError
from ..plugins import updater
from ._appimage import has_appimagetool, make_appimage
from ._archive import make_archive
from ._container import make_container
from ._deb import make_deb
from ._explain import explain
from ._flatpak import make_flatpak
from ._freeze import freeze
from ._place import named
from ._plan import BundlePlan, plan_of
from ._rpm import make_rpm
from ._signer import SecretKey, secret_text, sign_file
from ._wheel import make_sdist, make_wheel

__all__ = ["TARGETS", "build", "targets_of"]

# Name -> what makes it from the frozen folder. Add a format here.
TARGETS: dict[str, Callable[[BundlePlan, Path], Path]] = {
    "dir": lambda _, frozen: frozen,
    "deb": make_deb,
    "rpm": make_rpm,
    "tar.gz": make_archive,
    "appimage": make_appimage,
    "flatpak": make_flatpak,
}
# Name -> what makes it from the source. Add a format that needs no frozen folder here.
FROM_SOURCE: dict[str, Callable[[BundlePlan], Path]] = {
    "wheel": make_wheel,
    "sdist": make_sdist,
    "container": make_container,
}
_UPDATED = ("deb", "rpm", "tar.gz", "appimage")
_DEFAULT = ("dir", "deb", "tar.gz")
_ELSEWHERE = {"msi": "Windows", "nsis": "Windows", "app": "macOS", "dmg": "macOS"}


def targets_of(config: Config, wanted: Sequence[str], say: Callable[[str], object]) -> tuple[str, ...]:
    """Return the formats to make: those that are wanted, else those of `bundle.targets` that this system can make.

    Raises:
        ConfigError: One that is wanted is unknown, or cannot be made here.
    """
    for name in wanted:
        if name in _ELSEWHERE:
            raise ConfigError(
                f"a bundle of the format {name} is made on {_ELSEWHERE[name]}: `transom build --ci` writes a workflow that does"
            )
        if name not in TARGETS and name not in FROM_SOURCE:
            raise ConfigError(
                f"transom cannot make a bundle of the format {name}; there are {', '.join((*TARGETS, *FROM_SOURCE))}"
            )
    if wanted:
        return tuple(wanted)
    listed = config.bundle.get("targets") or "all"
    if listed == "all":
        return _DEFAULT
    names = [listed] if isinstance(listed, str) else listed
    found = [name for name in names if name in TARGETS]
    if "appimage" in found and not has_appimagetool():
        say("bundle.targets: appimage is left out, as appimagetool is not on this machine")
        found.remove("appimage")
    return tuple(found) or _DEFAULT


def build(
    config: Config,
    program: Path,
    wanted: Sequence[str] = (),
    into: Path | None = None,
    *,
    explained: bool = False,
    check: Callable[[], object] = lambda: None,
    say: Callable[[str], object],
) -> list[Path]:
    """Make the bundles of a project and return them.

    Args:
        config: The project's configuration.
        program: The file that runs the application.
        wanted: The formats; empty for those of `bundle.targets`.
        into: The folder for the bundles; `None` for `target/bundle` beside the program.
        explained: Whether to say what is in the frozen folder and why.
        check: Called after `build.beforeBuildCommand`, before anything is made; what it raises ends the build.
        say: Called with a line about each step that takes long, and about what is left out.

    Raises:
        AuthorError: The system is not Linux, a tool is missing, or a command failed.
        ConfigError: A field is wrong, or names a file that does not exist; nothing was made.
    """
    if not sys.platform.startswith("linux"):
        raise AuthorError("transom build makes bundles for Linux, on Linux; use PyInstaller itself on this system")
    targets = targets_of(config, wanted, say)
    for field in _unused(config):
        say(f"{field} has no effect yet")
    _run_hook(config, "beforeBuildCommand", config.build.before_build_command, say)
    check()
    plan = plan_of(config, program, into)
    key = _key_of_updates(config)
    frozen = None
    if explained or any(target in TARGETS for target in targets):
        say(f"freezing {plan.program.name} with PyInstaller")
        with named("the folder with the program"):
            frozen = freeze(plan)
        for line in explain(plan, frozen) if explained else ():
            say(line)
    _run_hook(config, "beforeBundleCommand", config.build.before_bundle_command, say)
    made = [_make(target, plan, frozen) for target in targets]
    return (
        made
        if key is None
        else made + [sign_file(key, path) for name, path in zip(targets, made, strict=True) if name in _UPDATED]
    )


def _make(target: str, plan: BundlePlan, frozen: Path | None) -> Path:
    with named(f"the {target}"):
        if target in FROM_SOURCE:
            return FROM_SOURCE[target](plan)
        assert frozen is not None  # one of TARGETS is among those that are made
        return TARGETS[target](plan, frozen)


def _key_of_updates(config: Config) -> SecretKey | None:
    """Return the key that signs the packages; `None` without `bundle.createUpdaterArtifacts`.

    Raises:
        AuthorError: There is no key, or it is another than that of `plugins.updater.pubkey`.
        ConfigError: `plugins.updater.pubkey` is not a public key.
    """
    if not config.bundle.get("createUpdaterArtifacts"):
        return None
    text = secret_text()
    if text is None:
        raise AuthorError(
            "bundle.createUpdaterArtifacts needs the private key: set TAURI_SIGNING_PRIVATE_KEY or "
            "TAURI_SIGNING_PRIVATE_KEY_PATH (`transom signer generate` makes one)"
        )
    key = SecretKey.parse(text, os.environ.get("TAURI_SIGNING_PRIVATE_KEY_PASSWORD", ""))
    public = (config.plugins.get("updater") or {}).get("pubkey")
    try:
        known = None if public is None else updater.PublicKey.parse(str(public)).key
    except updater.SignatureError as error:
        raise ConfigError(f"plugins.updater.pubkey: {error}") from None
    if known is not None and known != key.public_bytes():
        raise AuthorError(
            "the private key is not that of plugins.updater.pubkey; applications would refuse the updates"
        )
    return key


def _unused(config: Config) -> list[str]:
    """Return the fields for Linux that are set, and that no bundle uses."""
    linux = config.bundle.get("linux") or {}
    found = [f"bundle.linux.{name}" for name in ("appimage",) if linux.get(name)]
    return found + ["bundle.linux.deb.desktopTemplate"] * bool((linux.get("deb") or {}).get("desktopTemplate"))


def _run_hook(config: Config, name: str, command: str | HookCommand | None, say: Callable[[str], object]) -> None:
    found = script_of(config, command)
    if found is None:
        return
    script, folder = found
    say(script)
    done = subprocess.run(script, shell=True, cwd=folder, check=False)  # noqa: S602 - the author's words
    if done.returncode != 0:
        raise AuthorError(f"build.{name} failed with status {done.returncode}: {script}; its own message is above")
