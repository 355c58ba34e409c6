"""The composition root: a builder that takes an application's parts, and the application made of them."""

from ._app import BINDINGS, App
from ._builder import Builder
from ._context import Context, generate_context

__all__ = ["BINDINGS", "App", "Builder", "Context", "generate_context"]
