"""The plugin `cli`: the program's arguments, as `plugins.cli` of the configuration names them (`@tauri-apps/plugin-cli`).

`Builder().plugin(cli.init())` lets pages read them; `cli.get_matches(app)` is for Python.
"""

from ._arguments import ArgData, Matches, SubcommandMatches
from ._config import Arg, CliConfig
from ._plugin import get_matches, init

__all__ = ["Arg", "ArgData", "CliConfig", "Matches", "SubcommandMatches", "get_matches", "init"]
