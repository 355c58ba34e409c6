"""Typed TypeScript for the commands of an application, and JSON Schema, from their Python signatures."""

from ._module import bindings_of
from ._schema import schema_of

__all__ = ["bindings_of", "schema_of"]
