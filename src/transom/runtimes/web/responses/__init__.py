"""The other responses of the web runtime: files, schemes, and its own small pages."""

from ._document import as_element, open_allowed, with_scripts
from ._file_response import InThread, file_response
from ._isolation import ISOLATION_PATH, isolation_routes
from ._modules import modules_route
from ._notices import HEADERS, door, gone, hop, not_ahead
from ._uri_scheme import FOREIGN, Serve, may_load, scheme_address, scheme_route, with_addresses

__all__ = [
    "FOREIGN",
    "HEADERS",
    "ISOLATION_PATH",
    "InThread",
    "Serve",
    "as_element",
    "door",
    "file_response",
    "gone",
    "hop",
    "isolation_routes",
    "may_load",
    "modules_route",
    "not_ahead",
    "open_allowed",
    "scheme_address",
    "scheme_route",
    "with_addresses",
    "with_scripts",
]
