from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.mock_app import context
from tests.plugins.guests import guests
from transom.app import Builder
from transom.errors import CommandError, ConfigError
from transom.plugins import cli
from transom.plugins.cli._arguments import match

PACKAGE = "@tauri-apps/plugin-cli"
CONFIG = {
    "description": "Opens notes",
    "afterHelp": "More on the web.",
    "args": [
        {"name": "file", "index": 1, "takesValue": True, "description": "the note"},
        {"name": "rest", "index": 2, "takesValue": True, "multiple": True},
        {"name": "verbose", "short": "v", "multipleOccurrences": True, "global": True},
        {"name": "theme", "short": "t", "takesValue": True, "possibleValues": ["light", "dark"]},
        {"name": "tag", "takesValue": True, "multiple": True, "conflictsWith": "theme"},
        {"name": "size", "takesValue": True, "numberOfValues": 2},
        {"name": "strict", "takesValue": True, "requireEquals": True, "requires": "verbose"},
    ],
    "subcommands": {
        "export": {"description": "Writes a file", "args": [{"name": "format", "takesValue": True, "required": True}]}
    },
}


def read(*arguments: str, config: Any = CONFIG) -> Any:
    made = match(msgspec.convert(config, cli.CliConfig), arguments, "notes", "1.2.3")
    return msgspec.to_builtins(made)


def given(*arguments: str) -> dict[str, Any]:
    """Return what is not as if it was not given."""
    absent = ({"value": None, "occurrences": 0}, {"value": False, "occurrences": 0})
    return {name: each["value"] for name, each in read(*arguments)["args"].items() if each not in absent}


@pytest.mark.parametrize(
    ("arguments", "values"),
    [
        ([], {}),
        (["a.txt"], {"file": "a.txt"}),
        (["a.txt", "b", "c"], {"file": "a.txt", "rest": ["b", "c"]}),
        (["-v"], {"verbose": True}),
        (["--theme", "dark"], {"theme": "dark"}),
        (["--theme=dark"], {"theme": "dark"}),
        (["-t", "dark"], {"theme": "dark"}),
        (["-tdark"], {"theme": "dark"}),
        (["-vt=dark"], {"verbose": True, "theme": "dark"}),
        (["--tag", "x", "--tag=y"], {"tag": ["x", "y"]}),
        (["--size", "3", "4"], {"size": ["3", "4"]}),
        (["--", "-v", "export"], {"file": "-v", "rest": ["export"]}),
        (["-"], {"file": "-"}),
        (["-v", "--strict=yes"], {"verbose": True, "strict": "yes"}),
        (["--theme="], None),
    ],
)
def test_arguments_are_read_as_the_configuration_names_them(arguments: list[str], values: Any) -> None:
    if values is None:
        with pytest.raises(CommandError):
            given(*arguments)
    else:
        assert given(*arguments) == values


def test_flags_are_counted_and_subcommands_have_their_own_arguments() -> None:
    assert read("-vvv")["args"]["verbose"] == {"value": True, "occurrences": 3}
    found = read("-v", "export", "--format", "pdf", "-vv")
    assert found["subcommand"]["name"] == "export"
    inner = found["subcommand"]["matches"]
    assert inner["args"]["format"] == {"value": "pdf", "occurrences": 1}
    assert inner["args"]["verbose"] == {"value": True, "occurrences": 2}
    assert inner["subcommand"] is None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--thene", "dark"], "unexpected argument '--thene' found; did you mean `--theme`?"),
        (["-x"], "unexpected argument '-x' found"),
        (["--theme", "blue"], "[possible values: light, dark]"),
        (["--theme"], "a value is required for '--theme <theme>'"),
        (["--theme", "-v"], "a value is required"),
        (["--theme=dark", "--theme=light"], "cannot be used multiple times"),
        (["--verbose=yes"], "unexpected value 'yes'"),
        (["--tag=a", "--theme=dark"], "the argument '--tag <tag>' cannot be used with '--theme <theme>'"),
        (["--size", "3"], "a value is required"),
        (["--strict", "yes"], "equal sign is needed"),
        (["--strict=yes"], "required arguments were not provided:\n  --verbose"),
        (["export"], "required arguments were not provided:\n  --format <format>"),
    ],
)
def test_wrong_arguments_are_errors_that_say_why(arguments: list[str], said: str) -> None:
    with pytest.raises(CommandError) as caught:
        read(*arguments)
    assert said in caught.value.value


def test_required_arguments_may_depend_on_others() -> None:
    config = {
        "args": [
            {"name": "a", "takesValue": True, "requiredUnlessPresent": "b"},
            {"name": "b", "requiresIf": ["x", "c"]},
            {"name": "c", "requiredIfEq": ["a", "x"]},
        ]
    }
    assert read("-" * 2 + "b", config=config)["args"]["b"]["value"] is True
    with pytest.raises(CommandError, match="--a <a>"):
        read(config=config)
    with pytest.raises(CommandError, match="--c"):
        read("--a", "x", config=config)
    assert read("--a", "x", "--c", config=config)["args"]["c"]["value"] is True


def test_help_and_version_are_matches_with_their_text() -> None:
    text = read("--help")["args"]["help"]["value"]
    for part in (
        "Opens notes",
        "Usage: notes [OPTIONS] [file] [rest] [COMMAND]",
        "export",
        "-t, --theme <theme>",
        "More on",
    ):
        assert part in text
    assert read("-V")["args"]["version"] == {"value": "notes 1.2.3\n", "occurrences": 0}
    assert "Usage: notes export" in read("export", "-h")["args"]["help"]["value"]


def test_the_npm_package_reads_the_arguments(tmp_path: Path) -> None:
    plugin = cli.init(["a.txt", "--tag", "x", "export", "--format=pdf"])
    with guests(tmp_path, plugin, permissions=["cli:default"], packages=[PACKAGE], plugins={"cli": CONFIG}) as page:
        found = page.run(PACKAGE, "return await plugin.getMatches()")
        assert found["args"]["file"] == {"value": "a.txt", "occurrences": 1}
        assert found["args"]["tag"] == {"value": ["x"], "occurrences": 1}
        assert found["subcommand"]["matches"]["args"]["format"]["value"] == "pdf"
        assert cli.get_matches(page.app).args["file"].value == "a.txt"
    plugin = cli.init(["--nonsense"])
    (tmp_path / "second").mkdir()
    with guests(tmp_path / "second", plugin, permissions=["cli:default"], plugins={"cli": CONFIG}) as page:
        assert page.fails(PACKAGE, "await plugin.getMatches()").startswith(
            "error: unexpected argument '--nonsense' found"
        )


@pytest.mark.parametrize("config", [None, {"args": [{"short": "x"}]}, {"arguments": []}])
def test_a_missing_or_wrong_configuration_ends_the_start(config: Any) -> None:
    plugins = {} if config is None else {"cli": config}
    app = Builder().plugin(cli.init([])).build(context("main", plugins=plugins), "mock")
    with pytest.raises(ConfigError):
        app.run()
