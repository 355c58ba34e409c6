"""The web runtime: windows are pages of a browser, served on loopback. Its parts also carry pages of native windows."""

from ._link import CLOSED, WebLink
from ._runtime import create
from ._serving import check_packages, serving, web_server
from ._window import WebWindow

__all__ = ["CLOSED", "WebLink", "WebWindow", "check_packages", "create", "serving", "web_server"]
