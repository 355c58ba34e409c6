"""`plugin:cli|cli_matches`."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from ...commands import command, generate_handler
from ...core import Plugin, PluginApi, PluginBuilder
from ...errors import ConfigError
from ...handles import AppHandle, State
from ._arguments import Matches, match
from ._config import CliConfig

__all__ = ["get_matches", "init"]


class Cli:
    """The command line of the application.

    Args:
        config: Its arguments.
        arguments: What came after the program.
        program: Its name.
        version: Its version.
    """

    def __init__(self, config: CliConfig, arguments: Sequence[str], program: str, version: str) -> None:
        self._given = (config, arguments, program, version)

    def matches(self) -> Matches:
        """Return the arguments. Raises what `match` raises."""
        return match(*self._given)


@command
async def cli_matches(cli: State[Cli]) -> Matches:
    """Return the arguments of the program."""
    return cli.matches()


def get_matches(app: AppHandle) -> Matches:
    """Return the arguments of the program.

    Raises:
        CommandError: They are not as the configuration wants them.
        StateError: The plugin was not added.
    """
    return app.state(Cli).matches()


def init(arguments: Sequence[str] | None = None) -> Plugin:
    """Return the plugin; `cli:default` allows its command. It needs `plugins.cli` in the configuration.

    Args:
        arguments: What came after the program; `None` for `sys.argv[1:]`.
    """
    given = sys.argv[1:] if arguments is None else arguments

    def setup(app: AppHandle, api: PluginApi) -> None:
        if api.config is None:
            raise ConfigError("the plugin cli needs `plugins.cli` in the configuration, with the program's arguments")
        info = app.package_info()
        app.manage(Cli(api.config_as(CliConfig), given, info.name, info.version))

    return (
        PluginBuilder("cli")
        .setup(setup)
        .invoke_handler(generate_handler(cli_matches))
        .permissions(default=("allow-cli-matches",))
        .build()
    )
