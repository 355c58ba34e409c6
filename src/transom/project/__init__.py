"""A project's files, found and read; what they mean is decided by `config` and `acl`."""

from ._config_file import load_config

__all__ = ["load_config"]
