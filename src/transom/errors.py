"""Everything transom raises on purpose, in one tree cut by whose fault it is.

TransomError
├── RequestError            the page sent something wrong; the page is told
│   ├── MalformedMessage    a message that breaks the link's own rules
│   ├── MessageTooLarge     a message or a body over its limit
│   ├── CommandNotFound
│   ├── InvalidArgs         missing, unknown, ambiguous or wrongly typed argument
│   └── InvalidResource     a resource id nobody holds
├── NotAllowed              the policy says no; the page is told
├── CommandError            a command chose to reject, with exactly this value
├── CommandCancelled        a `def` command ends because nobody waits for it any more
├── ChannelError            a producer sends where nobody can receive
│   ├── ChannelClosed
│   └── ChannelFull
└── AuthorError             the program or its project files are wrong; the author is told
    ├── ConfigError
    ├── CommandDefinitionError
    ├── StateError
    ├── WindowError
    ├── UnknownPath         the system has no such folder
    └── RuntimeUnavailable  the machine lacks what a runtime needs

Any other exception that leaves a command is a bug: it is logged with its traceback and the page gets a structured value
that names the command only.
"""

from __future__ import annotations

from typing import Any, ClassVar

from .names import to_camel_case

__all__ = [
    "AuthorError",
    "ChannelClosed",
    "ChannelError",
    "ChannelFull",
    "CommandCancelled",
    "CommandDefinitionError",
    "CommandError",
    "CommandNotFound",
    "ConfigError",
    "InvalidArgs",
    "InvalidResource",
    "MalformedMessage",
    "MessageTooLarge",
    "NotAllowed",
    "RequestError",
    "RuntimeUnavailable",
    "StateError",
    "TransomError",
    "UnknownPath",
    "WindowError",
]


class TransomError(Exception):
    """The base of every error that transom raises on purpose."""


class RequestError(TransomError):
    """The page sent something wrong; its promise rejects with the text of this error."""


class MalformedMessage(RequestError):
    """A message breaks the rules of the link, so no call can be read from it."""


class MessageTooLarge(RequestError):
    """A message or a body is larger than the limit that the application allows."""

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(
            f"a message of {size} bytes is over the limit of {limit} bytes; the application sets it with "
            "Builder.limits(max_message_bytes=...)"
        )
        self.size = size
        self.limit = limit


class CommandNotFound(RequestError):
    """No handler answers to this command name."""

    def __init__(self, command: str, nearest: str | None = None) -> None:
        # Tauri: `Command <c> not found`, kept as the start of the sentence because front ends match on it.
        hint = f"; did you mean `{nearest}`?" if nearest else "; is it in generate_handler(...)?"
        super().__init__(f"Command {command} not found{hint}")
        self.command = command
        self.nearest = nearest


class InvalidArgs(RequestError):
    """An argument of a command is missing, unknown, ambiguous or of the wrong type."""

    def __init__(self, command: str, key: str, detail: str) -> None:
        super().__init__(f"invalid args `{key}` for command `{command}`: {detail}")
        self.command = command
        self.key = key
        self.detail = detail

    @classmethod
    def missing(cls, command: str, key: str) -> InvalidArgs:
        """Return the error for an argument that was left out (Tauri: the sentence)."""
        return cls(command, key, f"command {command} missing required key {key}")

    @classmethod
    def raw_body(cls, command: str, key: str) -> InvalidArgs:
        """Return the error for a raw body where there should be arguments (Tauri: the sentence, up to the semicolon)."""
        return cls(
            command,
            key,
            f"command {command} expected a value for key {key} but the IPC call used a bytes payload; "
            "read it through a Request parameter",
        )


class InvalidResource(RequestError):
    """No resource with this id is open for the calling webview."""

    def __init__(self, rid: int) -> None:
        super().__init__(f"The resource id {rid} is invalid.")
        self.rid = rid


class NotAllowed(TransomError):
    """The access control list does not grant this command to this caller."""


class CommandError(TransomError):
    """A command rejects on purpose; the promise rejects with exactly `value`.

    Subclass it to make a typed error: annotate fields in the subclass and pass them as keywords. The page then gets a JSON
    object of the fields in camelCase, with `kind` naming the class in camelCase; a class attribute `kind` overrides it.

    Args:
        value: The JSON value that the page's promise rejects with; a subclass may leave it out.
        **fields: The annotated fields of a subclass; a class attribute of that name is the default.

    Raises:
        TypeError: A keyword is not a field of the subclass, or a field without a default is missing.
    """

    _fields: ClassVar[tuple[str, ...]] = ()
    kind: ClassVar[str]

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        own = [
            name
            for name, annotation in cls.__annotations__.items()
            if name != "kind" and not name.startswith("_") and "ClassVar" not in str(annotation)
        ]
        for name in own:
            if hasattr(CommandError, name):
                raise TypeError(
                    f"{cls.__name__}: a field of a CommandError cannot be called `{name}`; choose another name"
                )
        cls._fields = tuple(dict.fromkeys((*cls._fields, *own)))
        if "kind" not in cls.__dict__:
            cls.kind = cls.__name__[:1].lower() + cls.__name__[1:]

    def __init__(self, value: Any = ..., **fields: Any) -> None:
        unknown = [name for name in fields if name not in self._fields]
        missing = [name for name in self._fields if name not in fields and not hasattr(type(self), name)]
        if unknown or (missing and value is ...):
            wrong = ", ".join(f"`{name}`" for name in unknown or missing)
            problem = "unknown" if unknown else "missing"
            raise TypeError(
                f"{type(self).__name__}: {problem} field {wrong}; its fields are {', '.join(self._fields) or 'none'}"
            )
        for name, field in fields.items():
            setattr(self, name, field)
        self._value = value
        super().__init__(self.value)

    @property
    def value(self) -> Any:
        """The value the promise rejects with: what was given, else `{kind, ...fields}` of a subclass."""
        if self._value is not ...:
            return self._value
        if type(self) is CommandError:
            return None
        return {"kind": self.kind, **{to_camel_case(name): getattr(self, name) for name in self._fields}}


class CommandCancelled(TransomError):
    """The call of a `def` command was cancelled; see `CancellationToken.raise_if_cancelled`."""


class ChannelError(TransomError):
    """A channel cannot take a message."""


class ChannelClosed(ChannelError):
    """The channel was closed, or its page is gone: stop producing."""


class ChannelFull(ChannelError):
    """The page does not keep up and its queue is at the bound; await `send_async` instead, or drop the message."""


class AuthorError(TransomError):
    """The program or its project files are wrong."""


class ConfigError(AuthorError):
    """A project file is missing or wrong, or what an application is built from does not fit together.

    Args:
        message: The thing, the rule and the fix; several problems are joined by line breaks.
        file: The file as the user knows it, or `None` when there is none.
        line: The 1-based line of the field, or `None` when the whole file is meant.
    """

    def __init__(self, message: str, *, file: str | None = None, line: int | None = None) -> None:
        place = "" if file is None else f"{file}: " if line is None else f"{file}:{line}: "
        super().__init__(place + message)
        self.message = message
        self.file = file
        self.line = line


class CommandDefinitionError(AuthorError):
    """A function cannot become a command: its signature, its name or its options break a rule."""


class StateError(AuthorError):
    """Managed state was asked for, and nothing of its type is managed."""


class WindowError(AuthorError):
    """A window or webview cannot be made or found under this label, or the runtime cannot do what is asked of it."""

    @classmethod
    def no_window(cls, label: str) -> WindowError:
        """Return the error for a label that no window has."""
        return cls(f"window not found: no window has the label `{label}`")

    @classmethod
    def no_webview(cls, label: str) -> WindowError:
        """Return the error for a label that no webview has."""
        return cls(f"webview not found: no webview has the label `{label}`")


class UnknownPath(AuthorError):
    """The system, or this user of it, has no such folder (Tauri: `unknown path`)."""


class RuntimeUnavailable(AuthorError):
    """This machine lacks what the runtime needs; the text says what, and the command that mends it."""
