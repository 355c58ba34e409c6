"""Windows that another process keeps while the back end's process is replaced: both ends of what is between them."""

from ._host import WindowHost
from ._portable import fingerprint
from ._runtime import remote_factory

__all__ = ["WindowHost", "fingerprint", "remote_factory"]
