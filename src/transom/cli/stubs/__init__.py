"""Python stubs for the commands that a front end calls: finds `invoke(...)`, and guesses types from the TypeScript."""

from ._calls import Call, calls_of
from ._module import module_of
from ._sources import Source, sources_of

__all__ = ["Call", "Source", "calls_of", "module_of", "sources_of"]
