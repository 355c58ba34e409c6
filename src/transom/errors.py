"""The exceptions of transom, in one tree. The branches say who has to fix the error.

TransomError
├── RequestError            the page sent an invalid request; its promise rejects
│   ├── MalformedMessage    a message that violates the protocol of the link
│   ├── MessageTooLarge     a message or a body that exceeds its limit
│   ├── CommandNotFound
│   ├── InvalidArgs         a missing, unknown, ambiguous or wrongly typed argument
│   ├── InvalidResource     a resource id that is not open
│   └── LimitReached        the page holds as much of something as the application allows
├── NotAllowed              the access control list denies the call; its promise rejects
├── CommandError            a command rejects with exactly this value
├── CommandCancelled        a `def` command ends because its call was cancelled
├── ChannelError            a channel cannot take a message
│   ├── ChannelClosed
│   └── ChannelFull
└── AuthorError             the program or its project files have an error
    ├── ConfigError
    ├── CommandDefinitionError
    ├── StateError
    ├── WindowError
    │   └── Unsupported     the runtime cannot do this
    ├── ImageError          the bytes of an image cannot be used
    ├── MenuError           a menu, an item of one or a tray icon cannot be as it was asked for
    ├── UnknownPath         the system has no such folder
    └── RuntimeUnavailable  the machine lacks something that the runtime needs

Any other exception from a command is a bug. It is logged with its traceback, and the promise rejects with a structured
value that contains only the name of the command.
"""

from __future__ import annotations

from collections.abc import Mapping
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
    "ImageError",
    "InvalidArgs",
    "InvalidResource",
    "LimitReached",
    "MalformedMessage",
    "MenuError",
    "MessageTooLarge",
    "NotAllowed",
    "RequestError",
    "RuntimeUnavailable",
    "StateError",
    "TransomError",
    "UnknownPath",
    "Unsupported",
    "WindowError",
]


class TransomError(Exception):
    """The base class of all exceptions of transom."""


class RequestError(TransomError):
    """The page sent an invalid request. Its promise rejects with the text of this error."""


class MalformedMessage(RequestError):
    """A message violates the protocol of the link, so it cannot be decoded."""


class MessageTooLarge(RequestError):
    """A message or a body exceeds the limit of the application."""

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(
            f"a message of {size} bytes is over the limit of {limit} bytes; the application can change it with "
            "Builder.limits(max_message_bytes=...)"
        )
        self.size = size
        self.limit = limit


class CommandNotFound(RequestError):
    """No command has this name."""

    def __init__(self, command: str, nearest: str | None = None) -> None:
        # Tauri: `Command <c> not found`; the text begins like this because front ends match on it.
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
    def missing(cls, command: str, key: str, sent: str | None = None) -> InvalidArgs:
        """Return the error for a missing argument (Tauri: the same text up to the semicolon).

        Args:
            command: Name of the command.
            key: Key of the argument.
            sent: An unknown key that the page may have sent in its place.
        """
        hint = f"; the page sent `{sent}`, which this command does not have" if sent else ""
        return cls(command, key, f"command {command} missing required key {key}{hint}")

    @classmethod
    def raw_body(cls, command: str, key: str) -> InvalidArgs:
        """Return the error for a raw body in place of arguments (Tauri: the same text up to the semicolon)."""
        return cls(
            command,
            key,
            f"command {command} expected a value for key {key} but the IPC call used a bytes payload; "
            "read it through a Request parameter",
        )


class InvalidResource(RequestError):
    """The calling webview has no open resource with this id."""

    def __init__(self, rid: int) -> None:
        super().__init__(f"The resource id {rid} is invalid.")
        self.rid = rid


class LimitReached(RequestError):
    """A page holds as many calls, listeners, channels or resources as the application allows.

    Args:
        holder: The holder of the things.
        limit: The most that it may hold.
        things: The things, in the plural.
        setting: The argument that sets the limit.
        method: The method that takes it.
        remedy: What the caller can do.
    """

    def __init__(
        self,
        holder: str,
        limit: int,
        things: str,
        setting: str,
        method: str = "Builder.limits",
        remedy: str = "release some first",
    ) -> None:
        super().__init__(
            f"{holder} has {limit} {things}, which is the limit; {remedy}, or raise it with {method}({setting}=...)"
        )
        self.holder = holder
        self.limit = limit
        self.things = things
        self.setting = setting


class NotAllowed(TransomError):
    """The access control list does not allow this caller to call this command.

    Args:
        message: The sentence that the page gets.
        command: The whole name of the command; `None` if the error is not about one.
        reason: Why, as one of the values of `Reason`, such as `denied`; `None` if the error is not a decision's.
        details: The decision as JSON values; see `transom.acl.report_of`. Empty if the error is not a decision's. The page
            does not get it: front ends match on the sentence.
        advice: What an author can do about it; shown during development only, in the log and on the page's overlay.
    """

    def __init__(
        self,
        message: str,
        *,
        command: str | None = None,
        reason: str | None = None,
        details: Mapping[str, Any] | None = None,
        advice: str = "",
    ) -> None:
        super().__init__(message)
        self.advice = advice
        self.command = command
        self.reason = reason
        self.details: Mapping[str, Any] = {} if details is None else details


class CommandError(TransomError):
    """Reject the call: the page's promise rejects with exactly `value`.

    To define a typed error, annotate fields in a subclass and pass them as keyword arguments. The page then receives a
    JSON object with the fields in camelCase and a field `kind`. `kind` is the name of the class in camelCase, unless
    the class has an attribute `kind`.

    Args:
        value: The JSON value with which the promise rejects. Subclasses with fields do not need it.
        **fields: The annotated fields of a subclass. A class attribute with the same name is the default.

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
                    f"{cls.__name__}: a field of a CommandError cannot be named `{name}`; choose another name"
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
        """The value with which the promise rejects: the argument `value`, else `{kind, ...fields}` of a subclass."""
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
    """The channel or its page was closed. Stop sending."""


class ChannelFull(ChannelError):
    """The page does not keep up, and its queue is full. Use `await send_async(...)` instead, or drop the message."""


class AuthorError(TransomError):
    """The program or its project files have an error."""


class ConfigError(AuthorError):
    """A project file is missing or invalid, or the parts of an application do not fit together.

    Args:
        message: The thing, the rule and the fix. Several problems are separated by line breaks.
        file: The file's path as the user knows it, or `None` if the error is not in a file.
        line: The 1-based line of the field, or `None` if the error concerns the whole file.
    """

    def __init__(self, message: str, *, file: str | None = None, line: int | None = None) -> None:
        place = "" if file is None else f"{file}: " if line is None else f"{file}:{line}: "
        super().__init__(place + message)
        self.message = message
        self.file = file
        self.line = line


class CommandDefinitionError(AuthorError):
    """A function cannot be a command, because its signature, its name or its options are invalid."""


class StateError(AuthorError):
    """No managed state has the requested type."""


class WindowError(AuthorError):
    """A window or webview with this label cannot be created or found, or the runtime does not support the operation."""

    @classmethod
    def no_window(cls, label: str) -> WindowError:
        """Return the error for a label that no window has."""
        return cls(f"window not found: no window has the label `{label}`")

    @classmethod
    def no_webview(cls, label: str) -> WindowError:
        """Return the error for a label that no webview has."""
        return cls(f"webview not found: no webview has the label `{label}`")


class Unsupported(WindowError):
    """The runtime does not support an operation. If a command raises this, its call rejects with `report`.

    Args:
        operation: Name of the operation.
        runtime: Name of the runtime.
        reason: Why it cannot.
    """

    def __init__(self, operation: str, runtime: str, reason: str) -> None:
        super().__init__(f"the runtime {runtime} does not support {operation}: {reason}")
        self.operation = operation
        self.runtime = runtime
        self.reason = reason

    def report(self, command: str) -> dict[str, str]:
        """Return what the call of a command rejects with: `{kind: "unsupported", command, runtime, reason, message}`."""
        message = f"{command} is not supported by the runtime {self.runtime}: {self.reason}"
        return {
            "kind": "unsupported",
            "command": command,
            "runtime": self.runtime,
            "reason": self.reason,
            "message": message,
        }


class ImageError(AuthorError):
    """An image cannot be read or decoded, or its pixels do not have the size that they should have."""


class MenuError(AuthorError):
    """A menu, a menu item or a tray icon cannot be made or changed like this."""


class UnknownPath(AuthorError):
    """The system or the current user has no such folder (Tauri: `unknown path`)."""


class RuntimeUnavailable(AuthorError):
    """This machine lacks something that the runtime needs; the text names it, and the command that installs it."""
