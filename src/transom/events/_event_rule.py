"""Rules for the events of pages: the scopes of `core:event:allow-listen`, `allow-emit` and `allow-emit-to`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from ..acl import CommandScope, Grant, LabelGlob
from ..errors import NotAllowed
from ..wire import EventTarget

__all__ = ["EventRule", "check_event"]

_FIELDS = frozenset(("event", "target"))


class EventRule(msgspec.Struct, frozen=True):
    """One value of such a scope: `{"event": glob, "target": glob}`, or the glob of the event alone.

    Attributes:
        event: Covers events by their names; a `*` crosses `/` and `:`.
        target: Covers targets by their labels; `None` covers all.
    """

    event: LabelGlob
    target: LabelGlob | None = None

    @classmethod
    def deserialize(cls, raw: Any) -> EventRule:
        """See `ScopeObject`.

        Raises:
            ValueError: The value is of another form.
            ConfigError: A pattern is wrong.
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
        return cls(LabelGlob(fields["event"]), None if target is None else LabelGlob(target))

    def covers(self, event: str, label: str | None, *, if_unlabelled: bool) -> bool:
        """Tell whether the rule is about an event and a target.

        Args:
            event: The event's name.
            label: The target's label; `None` for a target that stands for many.
            if_unlabelled: What a rule with a target says of one without a label.
        """
        if not self.event.matches(event):
            return False
        if self.target is None:
            return True
        return if_unlabelled if label is None else self.target.matches(label)

    def __str__(self) -> str:
        return self.event.pattern + (f" of {self.target.pattern}" if self.target else "")


def check_event(grant: Grant, event: str, target: EventTarget | None = None) -> None:
    """Refuse an event that the scope of a call does not cover. Without a scope, every event is covered.

    A rule that denies a target denies what reaches that target along with others, too; one that allows a target does not
    allow it.

    Args:
        grant: The grant of the call.
        event: The event's name.
        target: Whom it is for, or whom the listener listens as; `None` for everybody.

    Raises:
        NotAllowed: The scope does not cover it.
        ConfigError: A value of the scope is wrong.
    """
    scope: CommandScope[EventRule] = CommandScope.of(grant, EventRule)
    label = None if target is None else target.label
    denied = any(rule.covers(event, label, if_unlabelled=True) for rule in scope.denies)
    if not denied and (
        not scope.allows or any(rule.covers(event, label, if_unlabelled=False) for rule in scope.allows)
    ):
        return
    allow, deny = _texts(scope.allows), _texts(scope.denies)
    permission = f"core:event:allow-{grant.command.rpartition('|')[2].replace('_', '-')}"
    whose = "" if label is None else f" with the target `{label}`"
    raise NotAllowed(
        f"event `{event}`{whose} not allowed on the configured scope of `{permission}`",
        command=grant.command,
        reason="out of scope",
        details={"kind": "outOfScope", "event": event, "target": label, "allow": allow, "deny": deny},
        advice=f"The scope of this call allows {', '.join(allow) or 'every event'}"
        + (f" and denies {', '.join(deny)}, which takes precedence" if deny else "")
        + f'. To allow the event, add {{"event": "{event}"}} to the list `allow` of `{permission}` in the capability.',
    )


def _texts(rules: Iterable[EventRule]) -> list[str]:
    return [str(rule) for rule in rules]
