"""`plugin:event|*`: how pages listen and emit, and which events the scopes of their permissions cover."""

from __future__ import annotations

import fnmatch
import json
import re
from typing import Any

import msgspec

from ..commands import command, generate_handler
from ..core import Plugin, PluginBuilder
from ..errors import NotAllowed
from ..handles import AppHandle, Webview
from ..ipc import CommandScope
from ..wire import EventTarget

__all__ = ["EventRule", "check_event", "event_plugin"]

_FIELDS = frozenset(("event", "target"))


class EventRule(msgspec.Struct, frozen=True):
    """One value of such a scope: `{"event": glob, "target": glob}`, or the glob of the event alone.

    Attributes:
        event: Covers events by their names; a `*` crosses `/` and `:`.
        target: Covers targets by their labels; `None` covers all.
        text: The rule for people.
    """

    event: re.Pattern[str]
    target: re.Pattern[str] | None
    text: str

    @classmethod
    def deserialize(cls, raw: Any) -> EventRule:
        """See `ScopeObject`.

        Raises:
            ValueError: The value is of another form.
        """
        fields = {"event": raw} if isinstance(raw, str) else raw
        if (
            not isinstance(fields, dict)
            or not isinstance(fields.get("event"), str)
            or not isinstance(fields.get("target", ""), str)
            or not fields.keys() <= _FIELDS
        ):
            raise ValueError(
                f'a rule for events is a pattern, or {{"event": pattern, "target": pattern}}; {raw!r} is neither'
            )
        target = fields.get("target")
        text = fields["event"] if target is None else f"{fields['event']} of {target}"
        return cls(_glob(fields["event"]), None if target is None else _glob(target), text)

    def covers(self, event: str, label: str | None, *, if_unlabelled: bool) -> bool:
        """Tell whether the rule is about an event and a target.

        Args:
            event: The event's name.
            label: The target's label; `None` for a target that stands for many.
            if_unlabelled: What a rule with a target says of one without a label.
        """
        if not self.event.fullmatch(event):
            return False
        if self.target is None:
            return True
        return if_unlabelled if label is None else self.target.fullmatch(label) is not None


def check_event(command: str, scope: CommandScope[EventRule], event: str, target: EventTarget | None = None) -> None:
    """Refuse an event that the scope of a call does not cover. Without a scope, every event is covered.

    A rule that denies a target denies what reaches that target along with others, too; one that allows a target does not
    allow it.

    Args:
        command: Name of the command.
        scope: Its scope.
        event: The event's name.
        target: Whom it is for, or whom the listener listens as; `None` for everybody.

    Raises:
        NotAllowed: The scope does not cover it.
    """
    # A page can write a label beside a kind that has none.
    label = None if target is None or target.kind in {"Any", "App"} else target.label
    denied = any(rule.covers(event, label, if_unlabelled=True) for rule in scope.denies)
    if not denied and (
        not scope.allows or any(rule.covers(event, label, if_unlabelled=False) for rule in scope.allows)
    ):
        return
    allow, deny = [rule.text for rule in scope.allows], [rule.text for rule in scope.denies]
    permission = f"core:event:allow-{command.replace('_', '-')}"
    entry = json.dumps({"event": event}, ensure_ascii=False)
    what = "remove what denies it from the list `deny`" if denied else f"add {entry} to the list `allow`"
    whose = "" if label is None else f" with the target `{label}`"
    raise NotAllowed(
        f"event `{event}`{whose} not allowed on the configured scope of `{permission}`",
        command=f"plugin:event|{command}",
        reason="out of scope",
        details={"kind": "outOfScope", "event": event, "target": label, "allow": allow, "deny": deny},
        advice=f"The scope of this call allows {', '.join(allow) or 'every event'}"
        + (f" and denies {', '.join(deny)}, which takes precedence" if deny else "")
        + f". To allow the event, {what} of `{permission}` in the capability.",
    )


def _glob(pattern: str) -> re.Pattern[str]:
    return re.compile(fnmatch.translate(pattern))


# These four only touch tables in memory; on the loop they keep the order in which a page sent them.
@command
async def listen(
    webview: Webview, scope: CommandScope[EventRule], event: str, target: EventTarget, handler: int
) -> int:
    """Register a callback of the calling page and return the listener's id."""
    if scope.allows or scope.denies:
        check_event("listen", scope, event, target)
    return webview.listen_js(event, target, handler)


@command
async def unlisten(webview: Webview, event: str, event_id: int) -> None:
    """Remove a listener of the calling page."""
    webview.unlisten_js(event, event_id)


@command
async def emit(
    app: AppHandle,
    webview: Webview,
    scope: CommandScope[EventRule],
    event: str,
    payload: Any = None,
    from_window: bool = False,
    only_window: str | None = None,
) -> None:
    """Send an event to every listener of it; the last two arguments are of clients of 1.x, see `Webview.emit_js`."""
    if scope.allows or scope.denies:
        check_event("emit", scope, event)
    if from_window:
        webview.emit_js(event, payload, only_window)
    else:
        app.emit(event, payload)


@command
async def emit_to(
    app: AppHandle, scope: CommandScope[EventRule], target: EventTarget, event: str, payload: Any = None
) -> None:
    """Send an event to the listeners of one target."""
    if scope.allows or scope.denies:
        check_event("emit_to", scope, event, target)
    app.emit_to(target, event, payload)


def event_plugin() -> Plugin:
    """Return the plugin of event."""
    return (
        PluginBuilder("event")
        .invoke_handler(generate_handler(listen, unlisten, emit, emit_to, lazy=True))
        .permissions(default=("allow-listen", "allow-unlisten", "allow-emit", "allow-emit-to"))
        .build()
    )
