"""The commands of the command line."""

from __future__ import annotations

import argparse
import functools
import os
import shlex
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..errors import AuthorError
from ._completion import SHELLS, completion
from ._new import TEMPLATES, name_of_project, new
from ._parser import Parser, Version, port_number, process_count
from ._project_verbs import add_project_verbs
from .signer import add_signer

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return the exit status: 2 for wrong arguments, 1 for a problem with the machine or the project.

    Without arguments, the help is printed.

    Args:
        arguments: The arguments after `transom`; `None` uses `sys.argv`.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words:
        _parser().print_help()
        return 0
    at = words.index("--") if "--" in words else len(words)
    options = _parser().parse_args(words[:at])
    options.arguments = [*getattr(options, "arguments", ()), *words[at + 1 :]]
    try:
        status: int = options.run(options)
        sys.stdout.flush()
    except AuthorError as error:
        print(f"transom: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    except BrokenPipeError:  # nobody reads any more, as behind `| head`; Python would complain again at its end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return status


_RESULT = "functions of commands with `raises` return a Result instead of rejecting"
# Verb -> an example for its help. Add here, or where the verb is made.
_EXAMPLES = {
    "demo": "transom demo ~/Downloads --runtime web",
    "doctor": "transom doctor",
    "explain": "transom explain no-display",
    "completion": 'eval "$(transom completion bash)"',
    "acl": "transom acl check",
    "signer": "transom signer generate -w ~/.transom/word-count.key",
    "acl check": "transom acl check",
    "acl explain": "transom acl explain main 'plugin:fs|read_file' --arg 'path=$HOME/a.txt'",
    "acl list": "transom acl list main",
    "acl schemas": "transom acl schemas",
    "acl graph": "transom acl graph --output permissions.svg",
    "acl record": "transom acl record --output capabilities",
}


def _add_examples(parser: argparse.ArgumentParser, before: str = "") -> None:
    for action in parser._actions:  # noqa: SLF001 - argparse has no other way to read a parser
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            for name, verb in action.choices.items():
                if verb.epilog is None and before + name in _EXAMPLES:
                    verb.epilog = f"example: {_EXAMPLES[before + name]}"
                _add_examples(verb, f"{before}{name} ")


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="transom",
        description="Tauri's command system for Python.",
        epilog="example: transom new word-count && cd word-count && transom dev",
    )
    parser.add_argument("--version", action=Version, nargs=0, help="print the version of transom")
    verbs = parser.add_subparsers(required=True, metavar="COMMAND")
    demo = verbs.add_parser("demo", help="run the demo, a disk atlas that shows what uses the space in a folder")
    demo.add_argument(
        "folder", nargs="?", type=Path, help="the folder to scan (default: ask, offering the home folder)"
    )
    demo.add_argument(
        "--runtime",
        choices=("webkitgtk", "pywebview", "web"),
        help="default: a window if one can be shown, else a browser",
    )
    demo.add_argument("--port", type=port_number, default=0, help="port of the web runtime (default: a free one)")
    demo.add_argument(
        "--check", action="store_true", help="drive the demo automatically, on every runtime of this machine"
    )
    demo.add_argument("--driven", action="store_true", help=argparse.SUPPRESS)
    demo.set_defaults(run=_demo)
    _add_serve(verbs)
    _add_new(verbs.add_parser("new", help="make a project that runs"))
    add_project_verbs(verbs)
    _add_explain(verbs.add_parser("explain", help="say what an error means and how to fix it"))
    shell = verbs.add_parser("completion", help="print a script with which a shell completes commands")
    shell.add_argument("shell", choices=SHELLS)
    shell.set_defaults(run=_completion)
    _add_dev(verbs.add_parser("dev", help="run an application, and start its back end again when its code changes"))
    inspect = verbs.add_parser(
        "inspect", help="run an application as `dev` does, and show its calls, events and channels"
    )
    _add_dev(inspect, "inspect")
    inspect.set_defaults(inspect=True)
    _add_build(verbs.add_parser("build", help="make what users install: a folder, a deb package, an archive"))
    add_signer(verbs.add_parser("signer", help="make the keys of updates, sign packages, check signatures"))
    _add_bindings(
        verbs.add_parser("bindings", help="write a TypeScript module with a typed function for every command")
    )
    _add_acl(verbs.add_parser("acl", help="check, explain, list, draw or record the permissions of a project"))
    doctor = verbs.add_parser("doctor", help="list what each runtime needs and what is missing on this machine")
    doctor.add_argument("--json", action="store_true", help="print what was found as one JSON object")
    doctor.set_defaults(run=_doctor)
    _add_examples(parser)
    return parser


def _add_new(parser: argparse.ArgumentParser) -> None:
    parser.epilog = "example: transom new word-count --template vanilla"
    parser.add_argument(
        "folder",
        type=Path,
        nargs="?",
        metavar="NAME",
        help="the project's folder, which is made; its name is the project's (default: ask)",
    )
    parser.add_argument(
        "--template",
        choices=tuple(TEMPLATES),
        help="; ".join(f"{name}: {what}" for name, what in TEMPLATES.items())
        + " (default: single, or ask with the name)",
    )
    parser.set_defaults(run=functools.partial(_new, parser))


def _add_acl(parser: argparse.ArgumentParser) -> None:
    _add_acl_options(parser, Path(), None)
    parser.set_defaults(run=_acl)
    verbs = parser.add_subparsers(required=True, metavar="COMMAND", dest="verb")
    check = verbs.add_parser("check", help="check all files, and name what is useless or wider than it looks")
    check.add_argument("--json", action="store_true", help="print the warnings as one JSON object")
    explain = verbs.add_parser("explain", help="say whether a page may call a command, and why")
    explain.add_argument("window", help="the label of the page's window")
    explain.add_argument("command", help="such as plugin:fs|read_file, or the name of an own command")
    explain.add_argument("--origin", help="the address of a remote page (default: a local page)")
    explain.add_argument("--webview", help="the label of the page's webview (default: the window's)")
    explain.add_argument(
        "--arg", action="append", default=[], metavar="NAME=VALUE", help="a file or address of the call, for its scope"
    )
    explain.add_argument("--json", action="store_true", help="print the facts as one JSON object")
    listing = verbs.add_parser("list", help="list the commands that local pages may call, for each window")
    listing.add_argument("window", nargs="?", help="the label of one window (default: those of the configuration)")
    listing.add_argument("--json", action="store_true", help="print the commands as one JSON object")
    verbs.add_parser("schemas", help="write the JSON Schema of capability files, for editors")
    picture = verbs.add_parser("graph", help="draw windows, capabilities and permissions, as a Mermaid flow chart")
    picture.add_argument("--output", type=Path, help="a file for the picture (.svg) or the flow chart (.mmd)")
    picture.add_argument("--whole", action="store_true", help="draw every permission of a set")
    record = verbs.add_parser("record", help="run the application, and write capabilities for what its pages call")
    record.add_argument("--output", type=Path, help="the folder for the files (default: the project's capabilities)")
    record.add_argument("arguments", nargs="*", help="the program's arguments")
    for each in verbs.choices.values():  # both options are known before the verb and after it
        _add_acl_options(each, argparse.SUPPRESS, argparse.SUPPRESS)


def _add_acl_options(parser: argparse.ArgumentParser, project: Any, app: Any) -> None:
    parser.add_argument("--project", type=Path, default=project, help="the project's folder (default: the current one)")
    parser.add_argument(
        "--app", type=Path, default=app, help="the program that runs the application (default: app.py or main.py)"
    )


def _acl(options: argparse.Namespace) -> int:
    from ..cli import acl

    if options.verb == "record":
        return acl.record(options.project, options.app, options.output, options.arguments, sys.stdout)
    project = acl.load_project(options.project, options.app)
    match options.verb:
        case "check":
            return acl.check(project, sys.stdout, as_json=options.json)
        case "explain":
            where = (options.window, options.command, options.origin, options.webview)
            return acl.explain(project, *where, sys.stdout, arguments=options.arg, as_json=options.json)
        case "list":
            return acl.list_commands(project, options.window, sys.stdout, as_json=options.json)
        case "schemas":
            return acl.write_schemas(project, sys.stdout)
        case _:
            return acl.graph(project, sys.stdout, output=options.output, whole=options.whole)


def _add_build(parser: argparse.ArgumentParser) -> None:
    parser.epilog = "example: transom build --bundles deb,tar.gz"
    parser.add_argument("program", nargs="?", type=Path, help="the application's program (default: app.py or main.py)")
    parser.add_argument("--project", type=Path, help="the folder of the configuration (default: the program's)")
    parser.add_argument(
        "-b", "--bundles", default="", metavar="FORMATS", help="formats, such as deb,tar.gz (default: bundle.targets)"
    )
    parser.add_argument("--into", type=Path, metavar="FOLDER", help="default: target/bundle beside the program")
    parser.add_argument("--explain", action="store_true", help="say what is in the bundle, how large it is, and why")
    parser.add_argument(
        "--ci", action="store_true", help="make no bundles; write a GitHub workflow that makes those of each system"
    )
    parser.set_defaults(run=_build)


def _build(options: argparse.Namespace) -> int:
    from ..bundler import build, plan_of, write_workflow
    from ..cli import _bindings, checks
    from ..project import load_config
    from . import _dev

    folder = options.project or (Path() if options.program is None else options.program.parent)
    program = _dev.program_of(options.program, folder)
    wanted = [name for name in options.bundles.split(",") if name]
    into = options.into and options.into.resolve()
    say = functools.partial(print, "transom:", file=sys.stderr, flush=True)
    config = load_config(folder.resolve())
    if options.ci:
        print(write_workflow(plan_of(config, program, into), Path.cwd()))
        return 0

    def check() -> None:
        checks.check_access(config, folder.resolve(), program, say)
        checks.check_bindings(config, program, is_old)

    def is_old(module: Path, result: bool) -> int:
        return _bindings.run(program, _bindings.Wanted(module, None, result), check=True)

    for path in build(config, program, wanted, into, explained=options.explain, check=check, say=say):
        print(path)
    return 0


def _add_dev(parser: argparse.ArgumentParser, verb: str = "dev") -> None:
    parser.epilog = f"example: transom {verb} app.py --bindings src/bindings.ts -- --option-of-the-program"
    parser.add_argument("program", nargs="?", type=Path, help="the application's program (default: app.py or main.py)")
    parser.add_argument("-m", "--module", help="run a module instead of a program, as `python -m` does")
    parser.add_argument("--project", type=Path, help="the folder of the configuration (default: the program's)")
    parser.add_argument("--runtime", choices=("webkitgtk", "web"), help="default: what the application chooses")
    parser.add_argument(
        "--watch", type=Path, action="append", default=[], metavar="FOLDER", help="follow the files of this folder too"
    )
    parser.add_argument(
        "--bindings", type=Path, metavar="FILE", help="write the TypeScript of the commands at every start"
    )
    parser.add_argument("--result", action="store_true", help=f"for --bindings: {_RESULT}")
    parser.add_argument(
        "--restart",
        action="store_true",
        help="open the windows again at every change, for programs that use GTK themselves",
    )
    parser.add_argument(
        "--timeout", type=float, default=180, metavar="SECONDS", help="how long build.devUrl may take to answer (180)"
    )
    parser.set_defaults(run=_dev, inspect=False)


def _dev(options: argparse.Namespace) -> int:
    from ..cli import _dev

    return _dev.run(
        options.program,
        options.module,
        options.arguments,
        project=options.project,
        runtime=options.runtime,
        watch=options.watch,
        bindings=options.bindings,
        with_result=options.result,
        seconds=options.timeout,
        restart=options.restart,
        inspect=options.inspect,
    )


def _add_bindings(parser: argparse.ArgumentParser) -> None:
    parser.epilog = "example: transom bindings app.py --out src/bindings.ts"
    parser.add_argument(
        "program", nargs="?", type=Path, default=Path("app.py"), help="the application's program (default: app.py)"
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="the module, such as src/bindings.ts")
    parser.add_argument(
        "--schema", type=Path, metavar="FILE", help="write the JSON Schema of the commands to this file"
    )
    parser.add_argument("--result", action="store_true", help=_RESULT)
    when = parser.add_mutually_exclusive_group()
    when.add_argument(
        "--check", action="store_true", help="write nothing; exit with 1 if a file is not what would be written"
    )
    when.add_argument("--watch", action="store_true", help="write again whenever a Python file changes")
    parser.set_defaults(run=functools.partial(_bindings, parser))


def _add_serve(verbs: Any) -> None:
    serve = verbs.add_parser(
        "serve",
        help="serve an application for many users, in any number of processes",
        epilog="example: TRANSOM_BUS=redis://127.0.0.1:6379 transom serve app:builder --processes 4",
    )
    serve.add_argument("target", metavar="MODULE:NAME", help="a Builder, an App, or an ASGI application")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    serve.add_argument("--port", type=port_number, default=8000, help="port to listen on (default: 8000)")
    serve.add_argument(
        "--processes", type=process_count, default=1, help="how many processes share the port (default: 1)"
    )
    serve.add_argument("--factory", action="store_true", help="NAME is a function that returns one of them")
    serve.set_defaults(run=_serve)


def _serve(options: argparse.Namespace) -> int:
    from ._serve import serve

    return serve(options.target, options.host, options.port, options.processes, is_factory=options.factory)


def _demo(options: argparse.Namespace) -> int:
    from ..cli import _check, _demo

    if options.check:
        return _check.check(options.runtime, sys.stdout)
    return _demo.run(options.folder, options.runtime, options.port, driven=options.driven)


def _new(parser: argparse.ArgumentParser, options: argparse.Namespace) -> int:
    folder, template = options.folder, options.template
    if folder is None:
        if not (sys.stdin.isatty() and sys.stdout.isatty()):
            parser.error("name the project, because there is no terminal to ask on: transom new NAME")
        from .project import ask_template, ask_text  # only this question needs it

        folder = Path(ask_text("Name of the project", "my-app", lambda name: name_of_project(Path(name))))
        template = template or ask_template(TEMPLATES)
    template = template or next(iter(TEMPLATES))
    for path in new(folder, template):
        print(f"  {folder / path}")
    steps = ["npm install", "npm run build"] if template.endswith("-ts") else []
    print(f"\nNow run:\n  cd {shlex.quote(str(folder))}")
    for step in (*steps, "python app.py"):
        print(f"  {step}")
    return 0


def _bindings(parser: argparse.ArgumentParser, options: argparse.Namespace) -> int:
    from ..cli import _bindings

    if options.out is None and options.schema is None:
        parser.error("name a file to write: --out src/bindings.ts, --schema commands.schema.json, or both")
    wanted = _bindings.Wanted(options.out, options.schema, options.result)
    return _bindings.run(options.program, wanted, check=options.check, watch=options.watch)


def _add_explain(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("text", nargs="*", help="the text or the name of the error (default: list all names)")
    parser.set_defaults(run=_explain)


def _explain(options: argparse.Namespace) -> int:
    from ._explain import explain

    text, code = explain(" ".join(options.text))
    print(text, file=sys.stderr if code else sys.stdout)
    return code


def _completion(options: argparse.Namespace) -> int:
    print(completion(_parser(), options.shell), end="")
    return 0


def _doctor(options: argparse.Namespace) -> int:
    from ..cli import _doctor

    return _doctor.run(as_json=options.json)
