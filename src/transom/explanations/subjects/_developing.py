"""Errors of `transom dev`, of the bindings and of tests."""

from __future__ import annotations

from .._explanation import Explanation

__all__ = ["DEVELOPING"]

# Add here to explain an error of a tool for development.
DEVELOPING = (
    Explanation(
        name="no-program",
        text="name the file that runs the application",
        why="a verb of `transom` found no program, or the one that it was given is not there",
        rule="Without a name, `transom dev` and the other verbs look for `app.py` and `main.py`, also in `src-python`.",
        fix="run it in the project's folder, or name the file: `transom dev src/notes.py`",
    ),
    Explanation(
        name="ran-no-application",
        text="it must call App.run or Builder.run",
        why="the program ended without running an application",
        rule="Verbs such as `dev` and `bindings` run the program up to `run`, where all commands are known.",
        fix="call `run` at the end, under `if __name__ == '__main__':`",
    ),
    Explanation(
        name="dev-server-silent",
        text="build.devUrl <url> did not answer within",
        why="nothing answers at `build.devUrl`",
        rule="`transom dev` starts `build.beforeDevCommand` and waits for `build.devUrl` before it shows the window.",
        fix="compare the address with the one that the development server prints; for plain files, leave `devUrl` out",
    ),
    Explanation(
        name="dev-command-ended",
        text="build.beforeDevCommand <ended> with exit status",
        why="the development server of the front end could not start",
        rule="Its own message is above in the terminal. Often its packages are not installed.",
        fix="run `npm install` in the folder that the text names, and the command by itself to see more",
    ),
    Explanation(
        name="dev-server-gone",
        text="the development server at <url> does not answer",
        why="the page is shown from `build.devUrl`, and the server there has ended",
        rule="With `transom dev`, or `TRANSOM_DEV=1`, pages come from the development server and not from the built files.",
        fix="start it again; `transom run` shows the built files",
    ),
    Explanation(
        name="new-code-failed",
        text="the new code failed, so the back end before it goes on",
        why="a file was saved with an error in it, and the program cannot start",
        rule="`transom dev` replaces the back end only by one that runs. The traceback is in the terminal and on the page.",
        fix="correct the error and save again",
    ),
    Explanation(
        name="no-watchfiles",
        text="following files needs the package watchfiles",
        why="`transom dev` cannot see that files change",
        rule="The package watchfiles tells it at once, on every system.",
        fix="`pip install 'transom[dev]'`",
    ),
    Explanation(
        name="bindings-old",
        text="is out of date",
        why="`transom bindings --check` compared the file with the commands, and they differ",
        rule="The bindings are written from the signatures of the commands, so each change there changes the file.",
        fix="run the command in the text and commit the file; `transom bindings --watch` writes it at each change",
    ),
    Explanation(
        name="no-typescript",
        text="no TypeScript is known for",
        why="the signature of a command has a type that the bindings cannot write down",
        rule="Types that have a form in JSON have one in TypeScript; see [Values](../values.md). `Any` becomes `unknown`.",
        fix="annotate the parameter or the result with such a type",
    ),
    Explanation(
        name="no-schema",
        text="no JSON Schema is known for",
        why="the signature of a command has a type that `transom bindings --schema` cannot write down",
        rule="Types that have a form in JSON have a schema; see [Values](../values.md).",
        fix="annotate the parameter or the result with such a type",
    ),
    Explanation(
        name="folder-not-empty",
        text="is not empty; name a new folder, or empty this one",
        why="`transom new` would write into a folder that has files",
        rule="It replaces nothing. `transom init` adds the Python side to a project that is there.",
        fix="name another folder, or call `transom init` in this one",
    ),
    Explanation(
        name="test-without-a-window",
        text="the application has no window; set app.windows",
        why="a test uses `app.page`, and the application makes no window",
        rule="`running` makes the windows of the context; without one, a window `main`.",
        fix="set `app.windows` in the configuration that the test passes, or make the window in the setup hook",
    ),
    Explanation(
        name="test-did-not-start",
        text="the application did not start within",
        why="the setup hook, or a hook of a plugin, does not return",
        rule="`running` yields when all setup hooks have returned.",
        fix="start what takes long with `app.spawn(...)`, or raise `timeout`",
    ),
    Explanation(
        name="recording-differs",
        text="of the recorded messages differ",
        why="a replayed recording got other answers than when it was made",
        rule="`replay` sends what the page sent and compares what it is told, message by message.",
        fix="mend the program, or, if the new answers are right, run the test once with `TRANSOM_UPDATE_RECORDINGS=1`",
    ),
)
