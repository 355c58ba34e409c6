"""Parameters that are not arguments of the page: what a command may ask for by annotation."""

from __future__ import annotations

from collections.abc import Callable
from types import UnionType
from typing import Annotated, Any, Literal, NamedTuple, TypeAlias, Union, get_args, get_origin

from ..acl import CommandScope, GlobalScope, User, split_command
from ..calls import Invoke, InvokeMessage, Request
from ..handles import AppHandle, PathResolver, StateMarker, Webview, WebviewWindow, Window
from ..pages import CancellationToken
from ._item import CommandArg, CommandItem
from ._scoped import ScopedPath, ScopedUrl

__all__ = ["Extractor", "Injected", "injected_for"]

Extractor: TypeAlias = Callable[[Invoke], Any]


class Injected(NamedTuple):
    """A parameter that is not the page's: how to get its argument, and how much of the call's body it may look at.

    Attributes:
        extract: Returns the argument of a call.
        reads: `body` for the whole body, so that no argument is surplus; `key` for the argument with the parameter's key;
            else `None`.
    """

    extract: Extractor
    reads: Literal["body", "key"] | None = None


def _webview(kind: type[Any]) -> Extractor:
    return lambda invoke: kind(invoke.app, invoke.client, invoke.session.page.label, invoke.session)


# Types whose argument is a text of the page, checked by the scopes of the call.
_SCOPED: dict[Any, Callable[[str, Invoke], Any]] = {
    ScopedPath: lambda text, invoke: ScopedPath.of(text, invoke.acl, PathResolver(invoke.app.config)),
    ScopedUrl: lambda text, invoke: ScopedUrl.of(text, invoke.acl),
}
# Annotation -> how to get the argument from the call. Add here to introduce an injectable type of transom's own.
_INJECTED: dict[Any, Injected] = {
    AppHandle: Injected(lambda invoke: AppHandle(invoke.app, invoke.client)),
    Window: Injected(lambda invoke: Window(invoke.app, invoke.client, invoke.session.page.window)),
    Webview: Injected(_webview(Webview)),
    WebviewWindow: Injected(_webview(WebviewWindow)),
    Request: Injected(lambda invoke: Request(invoke.message), "body"),
    Invoke: Injected(lambda invoke: invoke, "body"),
    InvokeMessage: Injected(lambda invoke: invoke.message, "body"),
    User: Injected(lambda invoke: invoke.client.user),
    CancellationToken: Injected(lambda invoke: invoke.call.token),
}


def injected_for(annotation: Any, command: str, key: str) -> Injected | None:
    """Return how to get the argument for an annotation; `None` when the page sends it.

    Args:
        annotation: The parameter's annotation.
        command: Name of the command.
        key: The parameter's key on the wire.
    """
    if get_origin(annotation) is Annotated:
        kind, *marks = get_args(annotation)
        if StateMarker in marks:
            return Injected(lambda invoke: invoke.app.state.get(kind))
        for mark in marks:
            if isinstance(mark, CommandArg):
                return _by_item(mark, command, key)
        annotation = kind
    scoped = _SCOPED.get(_without_none(annotation))
    if scoped is not None:
        return _scoped(scoped, annotation, command, key)
    plain = get_origin(annotation) or annotation
    if plain is CommandScope or plain is GlobalScope:
        of_kind: Any = next(iter(get_args(annotation)), Any)
        return Injected(lambda invoke: plain.of(invoke.acl, of_kind))
    try:
        found = _INJECTED.get(annotation)
    except TypeError:  # an annotation that cannot be hashed is no type of ours
        return None
    if found is None and isinstance(plain, type) and isinstance(plain, CommandArg):
        return _by_item(plain, command, key)
    return found


def _without_none(annotation: Any) -> Any:
    """Return the type in `T | None`, else the annotation; `None` for what cannot be looked up."""
    if get_origin(annotation) in (Union, UnionType):
        kinds = [kind for kind in get_args(annotation) if kind is not type(None)]
        annotation = kinds[0] if len(kinds) == 1 else None
    return annotation if isinstance(annotation, type) else None


def _scoped(make: Callable[[str, Invoke], Any], annotation: Any, command: str, key: str) -> Injected:
    kind: Any = str if isinstance(annotation, type) else str | None

    def extract(invoke: Invoke) -> Any:
        plugin, _ = split_command(invoke.acl.command)
        text: str | None = CommandItem(plugin, command, key, invoke.message, invoke.acl).deserialize(kind)
        return None if text is None else make(text, invoke)

    return Injected(extract, "key")


def _by_item(argument: CommandArg, command: str, key: str) -> Injected:
    def extract(invoke: Invoke) -> Any:
        plugin, _ = split_command(invoke.acl.command)
        return argument.from_command(CommandItem(plugin, command, key, invoke.message, invoke.acl))

    return Injected(extract, "key")
