"""Errors of functions that are to be commands."""

from __future__ import annotations

from .._explanation import Explanation

__all__ = ["DEFINING"]

_HEAD = "from transom import command, generate_handler\n\n\n"

# Add here to explain an error of a command's definition.
DEFINING = (
    Explanation(
        name="not-a-command",
        text="is not a command; write @command above it",
        why="`generate_handler` was given a function without `@command`",
        rule="Only functions that say so can be called by pages.",
        fix="write `@command` above the function",
        example="from transom import generate_handler\n\n\ndef save() -> None: ...\n\n\ngenerate_handler(save)\n",
        mended=f"{_HEAD}@command\ndef save() -> None: ...\n\n\ngenerate_handler(save)\n",
    ),
    Explanation(
        name="handler-is-a-command",
        text="is a command; write generate_handler(<name>)",
        why="`invoke_handler` was given a command",
        rule="`invoke_handler` takes what `generate_handler` makes of all commands, once.",
        fix="wrap the commands in `generate_handler(...)`",
        example="""from transom import Builder, command


@command
def save() -> None: ...


builder = Builder().invoke_handler(save)
""",
        mended="""from transom import Builder, command, generate_handler


@command
def save() -> None: ...


builder = Builder().invoke_handler(generate_handler(save))
""",
    ),
    Explanation(
        name="method-without-its-object",
        text="is the method of a class, not of an object",
        why="a method was taken from its class, so nothing is there for `self`",
        rule="A method of an object is a command with this object as `self`.",
        fix="make the object first, and pass it or its method",
        example=f"""{_HEAD}class Notes:
    @command
    def save(self) -> None: ...


generate_handler(Notes.save)
""",
        mended=f"""{_HEAD}class Notes:
    @command
    def save(self) -> None: ...


generate_handler(Notes().save)
""",
    ),
    Explanation(
        name="parameters-without-names",
        text="has no names that a page could send; write the parameters out",
        why="a command takes `*args` or `**kwargs`",
        rule="Arguments of a call are an object, whose keys are the names of the parameters.",
        fix="write the parameters out, or take one parameter of the type `dict[str, Any]`",
        example=f"{_HEAD}@command\ndef save(*texts: str) -> None: ...\n\n\ngenerate_handler(save)\n",
        mended=f"{_HEAD}@command\ndef save(texts: list[str]) -> None: ...\n\n\ngenerate_handler(save)\n",
    ),
    Explanation(
        name="parameters-of-one-key",
        text="have the same key",
        why="two parameters have the same name in camelCase",
        rule="The parameter `file_name` is `fileName` in the page. `@command(rename_all='snake_case')` keeps the names.",
        fix="rename one of the two",
        example=f"{_HEAD}@command\ndef save(file_name: str, fileName: str) -> None: ...\n\n\ngenerate_handler(save)\n",
        mended=f"{_HEAD}@command\ndef save(file_name: str, new_name: str) -> None: ...\n\n\ngenerate_handler(save)\n",
    ),
    Explanation(
        name="async-on-the-main-thread",
        text="make it a `def` to run on the main thread",
        why='`thread="main"` is on an `async def`',
        rule="An `async def` runs on the event loop. Only a `def` can run on the main thread, and no window moves while it does.",
        fix='make it a `def`, or leave `thread="main"` out and call `app.run_on_main_thread(...)` for the part that needs it',
        example=f'{_HEAD}@command(thread="main")\nasync def save() -> None: ...\n\n\ngenerate_handler(save)\n',
        mended=f'{_HEAD}@command(thread="main")\ndef save() -> None: ...\n\n\ngenerate_handler(save)\n',
    ),
    Explanation(
        name="generator-without-async",
        text="a generator cannot wait for the page without holding its thread",
        why="a `def` command has a `yield`",
        rule="A streaming command pauses until the page has read its values. An `async def` can pause without a thread.",
        fix="make it an `async def`, or send to a `Channel` parameter",
        example=f"{_HEAD}@command\ndef count():\n    yield 1\n\n\ngenerate_handler(count)\n",
        mended=f"{_HEAD}@command\nasync def count():\n    yield 1\n\n\ngenerate_handler(count)\n",
    ),
    Explanation(
        name="stream-called-by-invoke",
        text="streams its results; call it with stream()",
        why="`invoke` called a command that yields its results",
        rule="`invoke` has one answer. Results that come one by one need `stream` of the package transom-api, or a channel.",
        fix="call it with `stream(...)`, or give the command a `Channel` parameter",
        example="from transom import command\n\n\n@command\nasync def count():\n    yield 1\n",
        call="await invoke('count');",
        mended="from transom import command\n\n\n@command\nasync def count() -> list[int]:\n    return [1]\n",
    ),
    Explanation(
        name="argument-twice",
        text="got the same argument twice",
        why="the page sent an argument in camelCase and in snake_case",
        rule="A command takes its arguments in camelCase, and leniently in snake_case, but not both at once.",
        fix="send one of the two keys",
        example="from transom import command\n\n\n@command\ndef load(file_name: str) -> str:\n    return file_name\n",
        call="await invoke('load', { fileName: 'a.txt', file_name: 'b.txt' });",
        mended_call="await invoke('load', { fileName: 'a.txt' });",
    ),
    Explanation(
        name="fields-of-an-error",
        text="its fields are",
        why="a subclass of `CommandError` was raised without one of its fields, or with another",
        rule="The annotations of the class are its fields, which are passed by name and reach the page in camelCase.",
        fix="pass each field by its name, or give the field a value in the class",
        example='from transom import CommandError\n\n\nclass NotFound(CommandError):\n    path: str\n\n\nNotFound(file="a.txt")\n',
        mended='from transom import CommandError\n\n\nclass NotFound(CommandError):\n    path: str\n\n\nNotFound(path="a.txt")\n',
    ),
    Explanation(
        name="executor-not-there",
        text="there is no executor <name>; add Builder.executor",
        why="a command names an executor that the builder does not have",
        rule="`@command(executor=...)` names an executor; `Builder.executor` says what it is and how large.",
        fix="add `Builder.executor(name, make)`, or correct the name",
    ),
)
