"""A `tauri.conf.json` of Tauri 1 as the files of Tauri 2 that mean the same."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

from ..errors import ConfigError
from ._bundle import BUNDLE
from ._parse import decode_text, parse_config
from .rules import ROOT, Report, apply
from .v1 import translate

__all__ = ["Migration", "migrate_config"]

# Fields of `build` that mean the same in both, and that transom does not use.
_COMMANDS = ("beforeBuildCommand", "beforeBundleCommand", "features", "runner")


class Migration(NamedTuple):
    """The files that replace a configuration of Tauri 1.

    Attributes:
        config: The content of the `tauri.conf.json` of Tauri 2.
        capability: The content of a capability file that allows what `tauri.allowlist` allowed.
        untranslated: Fields of Tauri 1 that are not in the files, each with the reason or the replacement, if there is one.
    """

    config: dict[str, Any]
    capability: dict[str, Any]
    untranslated: tuple[str, ...]


def migrate_config(raw: bytes, file: str) -> Migration:
    """Return the files of Tauri 2 for a configuration of Tauri 1.

    Args:
        raw: The bytes of the file.
        file: The file's path, for error messages.

    Raises:
        ConfigError: It is a configuration of Tauri 2, it is wrong, or Tauri 2 has no form for a value in it.
    """
    if parse_config(raw, file).generation != "1.x":
        raise ConfigError("this is a configuration of Tauri 2 already; there is nothing to migrate", file=file)
    data: Any = msgspec.json.decode(decode_text(raw, file))
    made, unused = translate(data)
    build = data.get("build", {})
    made["build"] |= {name: build[name] for name in _COMMANDS if build.get(name)}
    security = made["app"]["security"]
    (capability,) = security.pop("capabilities")
    made["bundle"], dropped = _bundle(made["bundle"])
    made = {"$schema": "https://schema.tauri.app/config/2", **{name: value for name, value in made.items() if value}}
    parse_config(msgspec.json.encode(made), file)
    kept = {f"build.{name}" for name in _COMMANDS}
    untranslated = [name for name in unused if name not in kept]
    untranslated += [f"tauri.bundle.{name} (Tauri 2 has it in another form)" for name in dropped]
    # A page of 1.x has no streams: this permission is one of transom alone.
    permissions = [each for each in capability["permissions"] if each != "core:stream:default"]
    return Migration(made, {**capability, "identifier": "migrated", "permissions": permissions}, tuple(untranslated))


def _bundle(bundle: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Return the fields of `bundle` that are valid in Tauri 2, and the names of the others."""
    valid = {name: value for name, value in bundle.items() if name in BUNDLE.fields and _is_valid(name, value)}
    return valid, [name for name in bundle if name not in valid]


def _is_valid(name: str, value: Any) -> bool:
    report = Report()
    apply(BUNDLE, {name: value}, ROOT, report)
    return not report.problems
