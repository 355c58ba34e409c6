"""The verbs that work on a project, for the parser of the command line."""

from __future__ import annotations

import argparse
import json
import shlex
import sys
from pathlib import Path
from typing import Any

__all__ = ["add_project_verbs"]

_Verbs = Any  # argparse has no public name for it
_ICON_INPUT = "a square PNG or SVG file, or a manifest of Tauri (JSON) that names several (default: app-icon.png)"


def add_project_verbs(verbs: _Verbs) -> None:
    """Add `run`, `init`, `migrate`, `info`, `icon`, `plugin`, `permission` and `capability`."""
    run = verbs.add_parser(
        "run",
        help="run the built project, as its user would",
        epilog="example: transom run app.py --runtime web -- --option-of-the-program",
    )
    run.add_argument("program", nargs="?", type=Path, help="the application's program (default: app.py or main.py)")
    run.add_argument(
        "--runtime", choices=("webkitgtk", "pywebview", "web"), help="default: what the application chooses"
    )
    run.set_defaults(run=_run)
    init = verbs.add_parser(
        "init",
        help="add the Python side to a front end, or to a project of Tauri",
        epilog="example: cd my-front-end && transom init",
    )
    init.add_argument("folder", nargs="?", type=Path, default=Path(), help="the folder (default: the current one)")
    init.add_argument("--name", help="the project's name (default: the folder's)")
    init.set_defaults(run=_init)
    migrate = verbs.add_parser(
        "migrate",
        help="write what a project of Tauri lacks: the files of Tauri 2, and stubs for the commands of its front end",
        epilog="example: transom migrate my-project",
    )
    migrate.add_argument("folder", nargs="?", type=Path, default=Path(), help="the project (default: the current one)")
    migrate.set_defaults(run=_migrate)
    info = verbs.add_parser(
        "info", help="describe the machine and the project", epilog="example: transom info --json | jq .runtimes"
    )
    _add_project(info)
    _add_json(info)
    info.set_defaults(run=_info)
    _add_icon(verbs.add_parser("icon", help="make every icon of an application from one picture, or from a manifest"))
    _add_plugin(verbs.add_parser("plugin", help="list plugins, add one, or make one of your own"))
    _add_permission(verbs.add_parser("permission", help="list permissions, or change those of a capability"))
    _add_capability(verbs.add_parser("capability", help="make a capability"))


def _add_project(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--project", type=Path, default=Path(), help="the project's folder (default: the current one)")


def _add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON, for programs")


def _add_icon(parser: argparse.ArgumentParser) -> None:
    parser.epilog = "example: transom icon app-icon.svg --ios-color '#1e2a38'"
    parser.add_argument("input", nargs="?", type=Path, default=Path("app-icon.png"), help=_ICON_INPUT)
    parser.add_argument(
        "-o", "--output", type=Path, metavar="FOLDER", help="default: `icons` beside the project's configuration"
    )
    parser.add_argument(
        "-p", "--png", default="", metavar="SIZES", help="only PNG files with these pixels a side, such as 16,48"
    )
    parser.add_argument(
        "--ios-color", default="#fff", help="what is behind the icons of iOS and Android (default: #fff)"
    )
    parser.add_argument("--json", action="store_true", help="print the files as JSON, for programs")
    _add_project(parser)
    parser.set_defaults(run=_icon)


def _add_plugin(parser: argparse.ArgumentParser) -> None:
    parser.epilog = "example: transom plugin add dialog"
    verbs = parser.add_subparsers(required=True, metavar="COMMAND")
    listing = verbs.add_parser(
        "list",
        help="list the official plugins and those that are installed",
        epilog="example: transom plugin list --json",
    )
    _add_json(listing)
    listing.set_defaults(run=_plugin_list)
    add = verbs.add_parser(
        "add",
        help="allow pages what a plugin's default set allows, and say what else it needs",
        epilog="example: transom plugin add dialog",
    )
    add.add_argument("name", help="the name of the plugin, such as dialog")
    add.add_argument("--capability", help="the capability that gets the permission (default: the only one)")
    _add_project(add)
    add.set_defaults(run=_plugin_add)
    new = verbs.add_parser(
        "new",
        help="make a package with a plugin of your own, and its functions for front ends",
        epilog="example: transom plugin new word-count",
    )
    new.add_argument("name", help="the plugin's name; pages call plugin:NAME|command")
    new.add_argument("-d", "--directory", type=Path, metavar="FOLDER", help="default: transom-plugin-NAME")
    new.add_argument("--no-api", action="store_true", help="make no npm package")
    new.set_defaults(run=_plugin_new)


def _add_permission(parser: argparse.ArgumentParser) -> None:
    parser.epilog = "example: transom permission add core:window:allow-set-title"
    verbs = parser.add_subparsers(required=True, metavar="COMMAND")
    listing = verbs.add_parser(
        "list",
        aliases=["ls"],
        help="list what capabilities may name",
        epilog="example: transom permission list core:window",
    )
    listing.add_argument("plugin", nargs="?", help="only the permissions of this plugin")
    listing.add_argument("--app", type=Path, help="the program that runs the application (default: app.py)")
    _add_project(listing)
    _add_json(listing)
    listing.set_defaults(run=_permission_list)
    for name, aliases, text in (
        ("add", [], "add a permission to a capability"),
        ("remove", ["rm"], "take a permission out of the capabilities"),
    ):
        verb = verbs.add_parser(
            name,
            aliases=aliases,
            help=text,
            epilog=f"example: transom permission {name} core:window:allow-set-title default",
        )
        verb.add_argument("permission", help="its identifier, such as fs:allow-read-file")
        verb.add_argument("capability", nargs="?", help="the capability (default: the only one, or all)")
        _add_project(verb)
        verb.set_defaults(run=_permission_add if name == "add" else _permission_remove)


def _add_capability(parser: argparse.ArgumentParser) -> None:
    parser.epilog = "example: transom capability new read-files --window main --permission fs:default"
    verbs = parser.add_subparsers(required=True, metavar="COMMAND")
    new = verbs.add_parser("new", help="write a capability file", epilog=parser.epilog)
    new.add_argument("identifier", help="its name, such as read-files")
    new.add_argument("--window", action="append", default=[], help="the label of a window, or a glob (default: main)")
    new.add_argument("--permission", action="append", default=[], help="a permission (default: core:default)")
    new.add_argument("--description", default="", help="what it is for")
    _add_project(new)
    new.set_defaults(run=_capability_new)


def _run(options: argparse.Namespace) -> int:
    from ..cli import project
    from ._dev import program_of

    folder = Path() if options.program is None else options.program.parent
    program = program_of(options.program, folder)
    project.check_project(folder.resolve())
    return project.run(program, options.arguments, options.runtime)


def _init(options: argparse.Namespace) -> int:
    from ..cli import project

    written, kept = project.init(options.folder, options.name)
    for path in written:
        print(f"  {options.folder / path}")
    for path in kept:
        print(f"  {options.folder / path} already exists and was not changed")
    print("\nNow run:")
    if options.folder.resolve() != Path.cwd():
        print(f"  cd {shlex.quote(str(options.folder))}")
    print("  transom dev")
    return 0


def _migrate(options: argparse.Namespace) -> int:
    from ..cli import project

    written, steps = project.migrate(options.folder)
    for path in written:
        print(f"  {path}")
    for step in steps:
        print(f"- {step}")
    return 0


def _info(options: argparse.Namespace) -> int:
    from ..cli import project
    from ..errors import ConfigError

    if not options.project.is_dir():
        raise ConfigError(f"--project {options.project}: there is no such folder; name the folder of a project")
    facts = project.info(options.project)
    if options.json:
        print(json.dumps(facts, indent=2))
        return 0
    _print_facts(facts, "")
    return 0


def _print_facts(facts: dict[str, Any], indent: str) -> None:
    for name, value in facts.items():
        if isinstance(value, dict) and value:
            print(f"{indent}{name}:")
            _print_facts(value, f"{indent}  ")
        else:
            print(f"{indent}{name}: {_words(value)}")


def _words(value: Any) -> str:
    if value is None or value in ([], {}):
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _icon(options: argparse.Namespace) -> int:
    from ..errors import ConfigError
    from ..project import find_config
    from .icon import make_icons

    try:
        sizes = [int(size) for size in options.png.split(",") if size]
    except ValueError:
        raise ConfigError(f"--png: {options.png!r} is not a list of sizes; write them as 16,48") from None
    into = options.output or find_config(options.project.resolve()).parent / "icons"
    made = make_icons(
        options.input, into, sizes, options.ios_color, lambda text: print(f"warning: {text}", file=sys.stderr)
    )
    print(json.dumps(list(map(str, made)), indent=2) if options.json else "\n".join(f"  {file}" for file in made))
    return 0


def _plugin_list(options: argparse.Namespace) -> int:
    from ..cli import project

    plugins = project.list_plugins()
    if options.json:
        print(json.dumps(plugins, indent=2))
        return 0
    for plugin in plugins:
        extra = f"  needs transom[{plugin['extra']}]" if plugin["extra"] else ""
        own = plugin["distribution"] and f"installed with {plugin['distribution']}"
        print(f"{plugin['name']:18} {own or plugin['package'] or 'has no npm package':38}{extra}".rstrip())
    return 0


def _plugin_new(options: argparse.Namespace) -> int:
    from ._new import new_plugin

    folder, files = new_plugin(options.name, options.directory, with_api=not options.no_api)
    for path in files:
        print(f"  {folder / path}")
    print(f"\nNow run:\n  cd {shlex.quote(str(folder))}\n  pip install -e . pytest\n  python -m pytest")
    return 0


def _plugin_add(options: argparse.Namespace) -> int:
    from ..cli import project

    for step in project.add_plugin(options.project, options.name, options.capability):
        print(step)
    return 0


def _permission_list(options: argparse.Namespace) -> int:
    from ..cli import project

    found = project.list_permissions(options.project, options.app, options.plugin)
    print(json.dumps(found, indent=2) if options.json else "\n".join(found))
    return 0


def _permission_add(options: argparse.Namespace) -> int:
    from ..cli import project

    for file in project.add_permission(options.project, options.permission, options.capability):
        print(f"{file} has {options.permission} now")
    return 0


def _permission_remove(options: argparse.Namespace) -> int:
    from ..cli import project

    for file in project.remove_permission(options.project, options.permission, options.capability):
        print(f"{file} does not have {options.permission} any more")
    return 0


def _capability_new(options: argparse.Namespace) -> int:
    from ..cli import project

    file = project.new_capability(
        options.project,
        options.identifier,
        options.window or ["main"],
        options.permission or ["core:default"],
        options.description,
    )
    print(f"  {file}")
    return 0
