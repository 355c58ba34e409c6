"""Built-in plugins, each written as a stranger would write one: with public names only."""

from .event import event_commands
from .resources import resources_commands

__all__ = ["event_commands", "resources_commands"]
