"""The names of permissions, and the commands they mean."""

from __future__ import annotations

import re
from typing import NamedTuple

from ...errors import ConfigError

__all__ = ["APP_ACL_KEY", "PermissionIdentifier", "command_key", "parse_identifier", "split_command"]

APP_ACL_KEY = "__app-acl__"
"""What the application's own permissions are kept under, as in Tauri; they are written without a prefix."""

_PART = "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_IDENTIFIER = re.compile(f"{_PART}(?::{_PART})*")
_PLUGIN = "plugin:"
_LONGEST = 116  # bytes. Tauri: a plugin's name, a colon, and a name of 64.


class PermissionIdentifier(NamedTuple):
    """A permission's identifier, taken apart.

    Attributes:
        key: The plugin (`fs`, `core:event`), or `APP_ACL_KEY`.
        name: The permission or set of it: `allow-read-file`, `default`.
    """

    key: str
    name: str

    def __str__(self) -> str:
        return self.name if self.key == APP_ACL_KEY else f"{self.key}:{self.name}"

    def command_key(self, command: str) -> str:
        """Return the key of the plugin's or the application's `command`."""
        if self.key == APP_ACL_KEY:
            return command_key(command)
        return command_key(f"{_PLUGIN}{self.key.removeprefix('core:')}|{command}")


def parse_identifier(text: str) -> PermissionIdentifier:
    """Take a permission's identifier apart: `allow-scan`, `fs:default`, `core:event:allow-listen`.

    Raises:
        ConfigError: The text is not an identifier by Tauri's grammar; the error says which rule it breaks.
    """
    fault = _fault(text)
    if fault is not None:
        raise ConfigError(f"invalid permission identifier '{text}': {fault}")
    key, _, name = text.rpartition(":")
    return PermissionIdentifier(key or APP_ACL_KEY, name)


def _fault(text: str) -> str | None:
    """Name the rule that a text breaks, `None` when it is an identifier. Tauri: `acl/identifier.rs` and its sentences."""
    if not text:
        return "identifiers cannot be empty"
    if text.startswith("tauri-plugin-"):
        return "identifiers cannot start with tauri-plugin-"
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > _LONGEST:
        return f"identifiers cannot be longer than {_LONGEST}, found {size}"
    if text.endswith("-"):
        return "identifiers cannot have a trailing hyphen"
    if text.endswith(":"):
        return "identifiers cannot have a prefix without a base"
    if not _IDENTIFIER.fullmatch(text):
        return (
            "identifiers can only include ASCII letters and digits, hyphens which are not leading or trailing, and a "
            "single colon if using a prefix; write a command's name with `-` for `_`"
        )
    if text.count(":") > 1 and not text.startswith("core:"):
        return "identifiers can only include a single separator ':', except after `core:`"
    return None


def command_key(command: str) -> str:
    """Return what the rules about a command are kept under, from its whole name.

    Permissions cannot say `_`, so a command is known by its name with `-` for `_`: `deny-read-file` denies `read_file`
    and a `read-file` alike, and no spelling slips past it.
    """
    if not command.startswith(_PLUGIN):
        return command.replace("_", "-")
    plugin, bar, name = command.partition("|")
    return plugin + bar + name.replace("_", "-")


def split_command(command: str) -> tuple[str | None, str]:
    """Return a command's plugin, `None` for the application's own commands, and its name: `plugin:<plugin>|<name>`."""
    if not command.startswith(_PLUGIN):
        return None, command
    plugin, _, name = command.removeprefix(_PLUGIN).partition("|")
    return plugin, name
