"""`plugin:updater|*`."""

from __future__ import annotations

import logging
import os
import sys
from typing import Any, BinaryIO, Literal

from ...commands import command, generate_handler
from ...core import PageLoadPayload, Plugin, PluginApi, PluginBuilder
from ...errors import CommandError, ConfigError
from ...events import RunEvent
from ...handles import AppHandle, Webview
from ...pages import CancellationToken
from ...values import Channel
from ._bundle import app_of, running_bundle
from ._check import Update, checked_config
from ._check import check as look_for_update
from ._deb_back import Kept
from ._swap import begin, confirm

__all__ = ["init"]

_RESTART = 2**31 - 1  # Tauri: RESTART_EXIT_CODE
logger = logging.getLogger("transom.updater")


class Package:
    """A downloaded version: a resource of the page.

    Attributes:
        file: The file, which has no name.
    """

    def __init__(self, file: BinaryIO) -> None:
        self.file = file

    def close(self) -> None:
        """Delete it."""
        self.file.close()


# In workers: they wait for servers and disks.
@command
def check(
    app: AppHandle,
    webview: Webview,
    headers: list[tuple[str, str]] | None = None,
    timeout: float | None = None,
    proxy: str | None = None,
    target: str | None = None,
    allow_downgrades: bool = False,
) -> dict[str, Any] | None:
    """Ask for a newer version and hold it; return `None` when there is none."""
    try:
        update = look_for_update(
            app, headers=headers or (), timeout=timeout, proxy=proxy, target=target, allow_downgrades=allow_downgrades
        )
    except ConfigError as error:
        raise CommandError(str(error)) from None
    if update is None:
        return None
    return {
        "rid": webview.resources_table().add(update),
        "available": True,  # read by 2.0.0
        "currentVersion": update.current_version,
        "version": update.version,
        "date": update.date,
        "body": update.body,
        "rawJson": update.raw_json,
    }


@command(name="check")
def check_2_0(
    app: AppHandle,
    webview: Webview,
    headers: list[tuple[str, str]] | None = None,
    timeout: float | None = None,
    proxy: str | None = None,
    target: str | None = None,
) -> dict[str, Any]:
    """Ask for a newer version as version 2.0 of the package does, which is told when there is none."""
    return check(app, webview, headers, timeout, proxy, target) or {"available": False}


@command
def download(
    webview: Webview,
    token: CancellationToken,
    on_event: Channel[Any],
    rid: int,
    headers: list[tuple[str, str]] | None = None,
    timeout: float | None = None,
) -> int:
    """Download a version, check its signature and hold it."""
    update = webview.resources_table().get(rid, Update)
    file = update.download(_teller(on_event, token), headers or (), timeout)
    return webview.resources_table().add(Package(file))


def _teller(on_event: Channel[Any], token: CancellationToken) -> Any:
    def tell(event: dict[str, Any]) -> None:
        token.raise_if_cancelled()
        on_event.send_blocking(event)

    return tell


@command
def install(
    app: AppHandle, webview: Webview, update_rid: int, bytes_rid: int, restart_after_install: bool | None = None
) -> None:
    """Put a downloaded version in the place of the running one."""
    table = webview.resources_table()
    update, package = table.get(update_rid, Update), table.get(bytes_rid, Package)
    update.install(package.file)
    table.close(bytes_rid)
    if restart_after_install:
        app.restart()


@command
def download_and_install(
    app: AppHandle,
    webview: Webview,
    token: CancellationToken,
    on_event: Channel[Any],
    rid: int,
    headers: list[tuple[str, str]] | None = None,
    timeout: float | None = None,
    restart_after_install: bool | None = None,
) -> None:
    """Download a version and put it in the place of the running one."""
    update = webview.resources_table().get(rid, Update)
    with update.download(_teller(on_event, token), headers or (), timeout) as file:
        update.install(file)
    if restart_after_install:
        app.restart()


def _setup(app: AppHandle, api: PluginApi) -> None:
    if api.config is not None:
        checked_config(app)
    image = app_of(running_bundle())
    if image is not None and not getattr(sys, "frozen", False):  # in a frozen one the bundle began before its program
        begin(image, [str(image), *sys.argv[1:]], os.environ, watch=False)


def _keep() -> None:
    """Keep a new version that has come this far."""
    bundle = running_bundle()
    place = app_of(bundle)
    try:
        if confirm(place) if place is not None else bundle is not None and Kept(bundle.identifier).confirm():
            logger.info("the new version is installed")
    except OSError as error:
        logger.warning("the old version cannot be deleted: %s", error)


def _page_loaded(_: Webview, load: PageLoadPayload) -> None:
    if load.event == "finished":
        _keep()


def _happened(app: AppHandle, event: RunEvent) -> None:
    if isinstance(event, RunEvent.ExitRequested) and event.code == _RESTART:
        bundle = running_bundle()
        if bundle is not None:
            Kept(bundle.identifier).restart()
    if isinstance(event, RunEvent.Ready) and not app.webviews():  # such as one with a tray icon only
        _keep()


def init(*, guest: Literal["2.0", "2.x"] = "2.x") -> Plugin:
    """Return the plugin; `updater:default` allows all four commands.

    Args:
        guest: The version of the npm package that pages have; `2.0` expects an answer when there is no newer version, too.
    """
    commands = (check_2_0 if guest == "2.0" else check, download, install, download_and_install)
    missing = "replaces AppImages, folders and archives of `transom build`, and deb packages by apt"
    return (
        PluginBuilder("updater")
        .setup(_setup)
        .on_page_load(_page_loaded)
        .on_event(_happened)
        .limited("webkitgtk", dict.fromkeys(("install", "download_and_install"), missing))
        .limited("web", dict.fromkeys(("install", "download_and_install"), missing))
        .invoke_handler(generate_handler(*commands))
        .permissions(default=("allow-check", "allow-download", "allow-install", "allow-download-and-install"))
        .build()
    )
