"""The front end's development server, in whose place the web runtime answers."""

from ._routes import front_end_routes

__all__ = ["front_end_routes"]
