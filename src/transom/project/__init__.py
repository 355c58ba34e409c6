"""A project's files, found and read; what they mean is decided by `config` and `acl`."""

from ._access_files import AccessFiles, CapabilitySource, capability_sources, load_access, read_capability_file
from ._config_file import find_config, has_config, load_config, read_file
from ._document import config_error

__all__ = [
    "AccessFiles",
    "CapabilitySource",
    "capability_sources",
    "config_error",
    "find_config",
    "has_config",
    "load_access",
    "load_config",
    "read_capability_file",
    "read_file",
]
