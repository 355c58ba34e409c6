"""How a type of the application's own becomes a parameter of commands."""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol, TypeVar, runtime_checkable

import msgspec

from ..acl import Grant, User
from ..calls import InvokeMessage
from ..errors import InvalidArgs
from ..values import allows_none, convert_argument

__all__ = ["CommandArg", "CommandItem"]

T = TypeVar("T")


class CommandItem(NamedTuple):
    """One parameter of one call, as `CommandArg.from_command` gets it (Tauri: `ipc::CommandItem`).

    Attributes:
        plugin: Name of the command's plugin; `None` for the application's own commands.
        name: Name of the command.
        key: Key of the argument, as the page would send it.
        message: The call.
        acl: The grant that lets it run.
    """

    plugin: str | None
    name: str
    key: str
    message: InvokeMessage
    acl: Grant

    @property
    def user(self) -> User:
        """The user whose page called."""
        return self.message.webview.user()

    def deserialize(self, kind: type[T]) -> T:
        """Return the argument of this key as a type, `None` where it was left out and the type allows that.

        Raises:
            InvalidArgs: It is missing, of another type, or the call has a raw body.
        """
        if self.message.raw is not None:
            raise InvalidArgs.raw_body(self.name, self.key)
        arguments = self.message.arguments()
        value: Any = msgspec.UNSET if arguments is None else arguments.get(self.key, msgspec.UNSET)
        if value is msgspec.UNSET:
            if not allows_none(kind):
                raise InvalidArgs.missing(self.name, self.key)
            value = None
        converted: T = convert_argument(self.name, self.key, value, kind)
        return converted


@runtime_checkable
class CommandArg(Protocol):
    """A type that commands may have as a parameter: it is made from the call (Tauri: the trait `ipc::CommandArg`).

    Write `from_command` as a class method of the type, or as a method of an object in `Annotated[SomeType, object]`.
    """

    def from_command(self, command: CommandItem) -> Any:
        """Return the argument of one call.

        An exception rejects the call: a `CommandError` with its value, any other as a failure of the command.
        """
