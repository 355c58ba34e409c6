"""What a runtime must know of the configuration, and what the author must know of it: wrong, unsupported or without effect."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from importlib.util import find_spec

import msgspec

from ..config import Config
from ..errors import ConfigError
from ..handles import FsScope, PathResolver
from ..runtimes import Isolation, is_field_value
from ._plugin import Plugin

__all__ = [
    "DEFAULT_CSP",
    "asset_scope_of",
    "check_front_end",
    "headers_of",
    "isolation_of",
    "policy_of",
    "warn_of_unused",
]

_log = logging.getLogger("transom")

# Sent with every document when tauri.conf.json has no `csp` at all; a `null` there means none.
DEFAULT_CSP = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; media-src 'self' blob:; connect-src 'self'; object-src 'none'; base-uri 'self'; frame-ancestors 'self'"
)


def check_front_end(config: Config) -> None:
    """Raise ConfigError if a folder or file of the front end is missing."""
    assets = config.frontend
    if isinstance(assets, tuple):
        missing = [str(path) for path in assets if not path.exists()]
    else:
        missing = [] if assets is not None and assets.is_dir() else [str(assets or "no such folder")]
    if missing:
        dist = config.build.frontend_dist
        raise ConfigError(
            f"build.frontendDist is {dist if isinstance(dist, str | None) else list(dist)!r}, and "
            f"{', '.join(missing)} does not exist; build the front end first{_build_hint(config)}, or correct the field",
            file=config.file,
        )


def _build_hint(config: Config) -> str:
    command = config.build.before_build_command
    return f" with `{command}`" if isinstance(command, str) and command.strip() else ""


def policy_of(config: Config, *, development: bool = False) -> str | None:
    security = config.app.security
    csp = security.dev_csp if development and security.dev_csp is not None else security.csp
    if csp is msgspec.UNSET:
        return DEFAULT_CSP
    if csp is None or isinstance(csp, str):
        return csp
    return "; ".join(f"{name} {value if isinstance(value, str) else ' '.join(value)}" for name, value in csp.items())


def headers_of(config: Config) -> tuple[tuple[str, str], ...]:
    """Return the header fields of `app.security.headers`, their values written as Tauri writes them."""
    fields: list[tuple[str, str]] = []
    for name, value in (config.app.security.headers or {}).items():
        if isinstance(value, dict):
            fields.append((name, "; ".join(f"{key} {part}" for key, part in value.items())))
        elif value is not None:
            fields.append((name, value if isinstance(value, str) else ", ".join(value)))
    for name, value in fields:
        if not is_field_value(value):
            raise ConfigError(
                f"app.security.headers.{name}: {value!r} cannot be sent; a value is one line of Latin-1 text",
                file=config.file,
            )
    return tuple(fields)


def asset_scope_of(config: Config) -> FsScope:
    """Return which files the asset protocol may read."""
    scope = config.app.security.asset_protocol.scope
    # Without a pattern there is no variable to be resolved, and no folder of the system to be looked for.
    return FsScope(scope, PathResolver(config).variables() if scope.allow or scope.deny else {})


def isolation_of(config: Config, runtime: str, *, invoke_by_message: bool) -> Isolation | None:
    """Return the isolation application of the configuration, `None` when it has none, or the runtime loads no pages.

    Args:
        config: The configuration.
        runtime: Name of the runtime.
        invoke_by_message: Whether calls travel by a message system of the application's own.

    Raises:
        ConfigError: The pattern cannot be kept: the application would look safe and not be.
    """
    pattern = config.app.security.pattern
    if pattern.get("use") != "isolation" or runtime == "mock":
        return None
    from .isolation import ISOLATED_RUNTIMES, IsolationApplication  # few applications have it

    faults = {
        f"app.security.pattern: the runtime {runtime} has no isolation pattern; {' and '.join(sorted(ISOLATED_RUNTIMES))} "
        "have it": runtime not in ISOLATED_RUNTIMES,
        "app.security.pattern: isolation seals calls with the package cryptography, which is not installed: "
        "pip install 'transom[isolation]'": find_spec("cryptography") is None,
        "app.security.pattern: calls of Builder.invoke_system do not go through the isolation application; use one of both": invoke_by_message,
    }
    for text, holds in faults.items():
        if holds:
            raise ConfigError(text, file=config.file)
    return IsolationApplication(config.folder / pattern["options"]["dir"])


def warn_of_unused(config: Config, plugins: Sequence[Plugin]) -> None:
    """Log once what the configuration sets and nothing uses; options of windows are the runtime's to tell.

    Args:
        config: The configuration.
        plugins: The application's plugins.
    """
    names = [*config.unused]
    added = {plugin.name for plugin in plugins}
    names += [f"plugins.{name} (no plugin of this name is added)" for name in config.plugins if name not in added]
    if names:
        _log.warning("%s: without effect in this version of transom: %s", config.file, ", ".join(names))
