"""Typed TypeScript for the commands of an application, from their Python signatures."""

from ._module import bindings_of

__all__ = ["bindings_of"]
