"""Finds a newer version, downloads it and checks its signature."""

from __future__ import annotations

import platform
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from http import HTTPStatus
from http.client import HTTPException
from typing import Any, BinaryIO
from urllib.parse import quote

import msgspec

from ...errors import CommandError, ConfigError
from ...handles import AppHandle
from ._bundle import running_bundle, running_image
from ._config import UpdaterConfig
from ._fetch import fetch
from ._install import install
from ._minisign import PublicKey, Signature, SignatureError, parts_of, verify
from ._version import version_key

__all__ = ["Update", "check", "checked_config"]

_MANIFEST = 4 << 20  # bytes
_PACKAGE = 4 << 30
_PART = 1 << 16
_SYSTEMS = {"linux": "linux", "darwin": "darwin", "win32": "windows"}
_MACHINES = {"AMD64": "x86_64", "arm64": "aarch64", "ARM64": "aarch64", "armv7l": "armv7"}
_NONE = "Could not fetch a valid release JSON from the remote"  # Tauri: the sentence


class Release(msgspec.Struct, frozen=True):
    """A manifest: `url` and `signature` for this platform, or `platforms` with those of each."""

    version: str
    notes: str | None = None
    pub_date: str | None = None
    url: str | None = None
    signature: str | None = None
    platforms: dict[str, dict[str, Any]] | None = None


def checked_config(app: AppHandle) -> UpdaterConfig:
    """Return `plugins.updater` of the configuration.

    Raises:
        ConfigError: It is missing or wrong.
    """
    raw = app.config().plugins.get("updater")
    try:
        config = msgspec.convert(raw, UpdaterConfig)
        PublicKey.parse(config.pubkey)
    except (msgspec.ValidationError, SignatureError) as error:
        raise ConfigError(f"plugins.updater in the configuration: {error}") from None
    if config.dangerous_accept_invalid_certs:
        raise ConfigError(
            "plugins.updater.dangerousAcceptInvalidCerts is not supported: updates come from servers that can prove who "
            "they are"
        )
    for endpoint in config.endpoints:
        if not endpoint.startswith("https://") and not config.dangerous_insecure_transport_protocol:
            # Tauri: the sentence up to the semicolon; Tauri checks release builds only.
            raise ConfigError(
                f"The configured updater endpoint must use a secure protocol like `https`; this is {endpoint} "
                "(dangerousInsecureTransportProtocol allows it for tests)"
            )
    return config


class Update:
    """A newer version: a resource of the page that found it.

    Attributes:
        version: Its version.
        current_version: The version that runs.
        date: When it was published, as RFC 3339; `None` when the manifest does not say.
        body: Notes; `None` for none.
        raw_json: The manifest.
    """

    def __init__(self, app: AppHandle, release: Release, raw: Any, source: dict[str, Any], how: dict[str, Any]) -> None:
        self._key = PublicKey.parse(checked_config(app).pubkey)
        self._url = str(source.get("url"))
        self._signature = str(source.get("signature"))
        self._how = how
        self.version = release.version.removeprefix("v")
        self.current_version = app.package_info().version
        self.date = release.pub_date
        self.body = release.notes
        self.raw_json = raw

    def download(
        self,
        on_event: Callable[[dict[str, Any]], object] = lambda _: None,
        headers: Sequence[tuple[str, str]] = (),
        timeout: float | None = None,
    ) -> BinaryIO:
        """Download the new version and check its signature; return a file without a name, which ends with its closing.

        Args:
            on_event: Called with `{event: "Started", data: {contentLength}}`, then for every part with
                `{event: "Progress", data: {chunkLength}}`, and with `{event: "Finished"}`; what it raises ends the download.
            headers: More headers.
            timeout: Milliseconds without a byte after which the server is given up; `None` for a minute.

        Raises:
            CommandError: The server fails, the file is not whole, or the signature is not the application's.
        """
        how = {**self._how, "headers": [*self._how["headers"], *headers]}
        how |= {} if timeout is None else {"timeout": timeout}
        file: Any = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
        try:
            with fetch(self._url, "application/octet-stream", **how) as answer:
                length = answer.length
                on_event({"event": "Started", "data": {"contentLength": length}})
                size = 0
                while data := answer.read(_PART):
                    size += len(data)
                    if size > _PACKAGE:
                        raise CommandError(f"the update has more than {_PACKAGE >> 30} GiB")
                    file.write(data)
                    on_event({"event": "Progress", "data": {"chunkLength": len(data)}})
            if length is not None and size != length:
                raise CommandError("the update's download ended before its end")
            verify(self._key, Signature.parse(self._signature), parts_of(file))
            on_event({"event": "Finished"})
        except (OSError, HTTPException, SignatureError) as error:
            file.close()
            raise CommandError(f"the update cannot be used: {error}") from None
        except BaseException:
            file.close()
            raise
        return file  # type: ignore[no-any-return]

    def install(self, package: BinaryIO) -> None:
        """Put the new version beside the running one; it takes its place at the next start. A deb package is installed now.

        Args:
            package: What `download` returned.

        Raises:
            CommandError: It cannot be installed here; the text says what is missing.
        """
        try:
            verify(self._key, Signature.parse(self._signature), parts_of(package))
        except SignatureError as error:
            raise CommandError(f"the update cannot be used: {error}") from None
        install(package, self.version)

    def close(self) -> None:
        """Do nothing: nothing is open."""


def check(
    app: AppHandle,
    *,
    headers: Sequence[tuple[str, str]] = (),
    timeout: float | None = None,
    proxy: str | None = None,
    target: str | None = None,
    allow_downgrades: bool = False,
) -> Update | None:
    """Ask the endpoints for a newer version; `None` when there is none. It waits: call it in a worker.

    Args:
        app: The application.
        headers: More headers.
        timeout: Milliseconds without a byte after which a server is given up; `None` for a minute.
        proxy: Address of a proxy; `None` for those of the environment.
        target: Key of the platform in the manifest; `None` for this machine's, such as `linux-x86_64`.
        allow_downgrades: Whether an older version counts too.

    Raises:
        CommandError: No endpoint has a manifest, or it does not have this platform.
        ConfigError: `plugins.updater` of the configuration is wrong.
    """
    config = checked_config(app)
    current = app.package_info().version
    how = {"headers": list(headers), "timeout": timeout, "proxy": proxy}
    if not config.endpoints:
        raise CommandError("Updater does not have any endpoints set.")  # Tauri: the sentence
    failure: CommandError | None = None
    for endpoint in config.endpoints:
        try:
            found = _manifest(_filled(endpoint, current, target), how)
        except CommandError as error:
            failure = error
            continue
        if found is None:
            return None
        release, raw = found
        if not _is_wanted(release.version, current, allow_downgrades=allow_downgrades):
            return None
        return Update(app, release, raw, _source(release, target), how)
    raise CommandError(f"{_NONE}: {failure}")


def _filled(endpoint: str, current: str, target: str | None) -> str:
    values = {"target": target or _system(), "arch": _machine(), "current_version": current}
    values["bundle_type"] = _bundle_type()
    for name, value in values.items():
        endpoint = endpoint.replace("{{" + name + "}}", quote(value, safe=""))
        endpoint = endpoint.replace("%7B%7B" + name + "%7D%7D", quote(value, safe=""))
    return endpoint


def _system() -> str:
    return _SYSTEMS.get(sys.platform, sys.platform)


def _machine() -> str:
    return _MACHINES.get(platform.machine(), platform.machine())


def _bundle_type() -> str:
    """Return the format that the application is installed in; `unknown` for one that runs from its source."""
    if running_image() is not None:
        return "appimage"
    bundle = running_bundle()
    return "unknown" if bundle is None else bundle.type


def _manifest(url: str, how: dict[str, Any]) -> tuple[Release, Any] | None:
    """Return the manifest as it is and as read; `None` when the server says that there is nothing new."""
    with fetch(url, "application/json", **how) as answer:
        if answer.status == HTTPStatus.NO_CONTENT:
            return None
        try:
            data = answer.read(_MANIFEST + 1)
            raw = msgspec.json.decode(data[: _MANIFEST + 1])
            release = msgspec.convert(raw, Release)
            version_key(release.version)
            if release.pub_date is not None:
                datetime.fromisoformat(release.pub_date)
        except (msgspec.MsgspecError, ValueError, OSError, HTTPException) as error:
            raise CommandError(f"the manifest cannot be read: {error}") from None
    return release, raw


def _is_wanted(version: str, current: str, *, allow_downgrades: bool) -> bool:
    new = version_key(version)
    with suppress(ValueError):
        return new != version_key(current) if allow_downgrades else new > version_key(current)
    raise CommandError(
        f"the application's own version {current!r} is not a version such as 1.2.3; set `version` in tauri.conf.json"
    )


def _source(release: Release, target: str | None) -> dict[str, Any]:
    """Return `url` and `signature` for this machine."""
    key = target or f"{_system()}-{_machine()}"
    own = f"{key}-{_bundle_type()}"  # Tauri: the key of the bundle comes first, when there is one
    if release.platforms is None:
        source = {"url": release.url, "signature": release.signature}
    elif target is None and own in release.platforms:
        source = release.platforms[own]
    elif key in release.platforms:
        source = release.platforms[key]
    else:
        # Tauri: the sentence.
        raise CommandError(f"the platform `{key}` was not found on the response `platforms` object")
    if not isinstance(source.get("url"), str) or not isinstance(source.get("signature"), str):
        raise CommandError(f"the manifest has no `url` and `signature` for `{key}`")
    return source
