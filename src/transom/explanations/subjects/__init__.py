"""Explanations of errors, by the subject that they are about."""

from ._access import ACCESS
from ._defining import DEFINING
from ._developing import DEVELOPING
from ._events import EVENTS
from ._plugins import PLUGINS
from ._serving import SERVING
from ._shipping import SHIPPING
from ._values import VALUES
from ._windows import WINDOWS

__all__ = ["ACCESS", "DEFINING", "DEVELOPING", "EVENTS", "PLUGINS", "SERVING", "SHIPPING", "VALUES", "WINDOWS"]
