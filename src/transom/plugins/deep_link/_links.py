"""The addresses that opened the application, and the schemes that belong to it."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from ...errors import ConfigError
from ...handles import AppHandle

__all__ = ["DeepLinks", "handle_arguments", "schemes_of"]

EVENT = "deep-link://new-url"
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]{1,63}")
_LONGEST = 65_536
# Schemes of the desktop, which an application must not take over.
_FOREIGN = frozenset("http https file ftp mailto tel data javascript about blob ws wss ssh sftp smb".split())


class _Association(msgspec.Struct, frozen=True):
    schemes: tuple[str, ...] = ()


class DeepLinkConfig(msgspec.Struct, frozen=True):
    """`plugins.deep-link` of the configuration.

    Attributes:
        desktop: `{schemes}`, or a list of them.
        mobile: What phones use.
    """

    desktop: _Association | tuple[_Association, ...] = ()
    mobile: Any = None


def schemes_of(raw: Any) -> frozenset[str]:
    """Return the schemes of the configuration.

    Raises:
        ConfigError: It is wrong, or a scheme is none or belongs to the desktop.
    """
    try:
        config = DeepLinkConfig() if raw is None else msgspec.convert(raw, DeepLinkConfig)
    except msgspec.ValidationError as error:
        raise ConfigError(f"plugins.deep-link in the configuration: {error}") from None
    given = config.desktop if isinstance(config.desktop, tuple) else (config.desktop,)
    schemes = frozenset(scheme for each in given for scheme in each.schemes)
    for scheme in schemes:
        check_scheme(scheme)
    return schemes


def check_scheme(scheme: str) -> None:
    """Check the name of a scheme.

    Raises:
        ConfigError: It is none, or belongs to the desktop.
    """
    if not _SCHEME.fullmatch(scheme) or scheme in _FOREIGN:
        raise ConfigError(
            f"plugins.deep-link in the configuration: `{scheme}` cannot be the application's own scheme; write a name of "
            "small letters, digits, `+`, `.` and `-` that is not one of the web or the desktop"
        )


class DeepLinks:
    """What opened the application.

    Args:
        app: The application.
        schemes: Its schemes.
    """

    def __init__(self, app: AppHandle, schemes: Iterable[str]) -> None:
        self._app = app
        self.schemes = frozenset(schemes)
        self.current: list[str] | None = None

    def open(self, arguments: Sequence[str]) -> bool:
        """Take the address that a program was started with, and send the event; tell whether there was one.

        Args:
            arguments: Program and arguments. Only an address alone counts, as in Tauri: the desktop starts it so.
        """
        if len(arguments) != 2:
            return False
        address = arguments[1]
        scheme, colon, _ = address.partition(":")
        if not colon or scheme.lower() not in self.schemes or len(address) > _LONGEST:
            return False
        if re.search(r"[\x00-\x20\x7f]", address):
            return False
        self.current = [address]
        self._app.emit(EVENT, self.current)
        return True


def handle_arguments(app: AppHandle, arguments: Sequence[str] | None = None) -> bool:
    """Open the address in the arguments of a program; tell whether there was one, and the plugin to take it.

    Args:
        app: The application.
        arguments: Program and arguments; `None` for this program's own.
    """
    links = app.try_state(DeepLinks)
    return links is not None and links.open(sys.argv if arguments is None else arguments)
