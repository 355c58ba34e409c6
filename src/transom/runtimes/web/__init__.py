"""The web runtime: windows are pages of a browser, served on loopback. Its server also carries pages of native windows."""

from ._carrier import check_packages, end_carrier, make_carrier, make_connections, make_web_server
from ._create import create

__all__ = ["check_packages", "create", "end_carrier", "make_carrier", "make_connections", "make_web_server"]
