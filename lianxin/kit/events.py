"""What an event is: a fact in the past tense that lower storeys tell and higher ones hear.

An app may import only from below. When something below must be answered above (a notice ended,
so the dossier goes on), the lower app publishes a frozen dataclass of ids and plain values; the
higher app subscribes to it in `subscribers.py`, or `config/wiring.py` does for neighbours. The
event is stored in the transaction that made it true (`jobs.api.publish`) and its handlers run
after commit, each in its own transaction, again and again until they succeed. Handlers must
therefore be idempotent.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, TypeVar, get_type_hints


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """Base of all events. `name` is `app.PastTense` and is what the outbox stores."""

    def __init_subclass__(cls) -> None:
        if "name" in cls.__annotations__:
            raise TypeError(f"{cls.__qualname__}: a field `name` would hide the event's own name")

    @classmethod
    def name(cls) -> str:
        return f"{cls.__module__.split('.')[1]}.{cls.__name__}"


E_ = TypeVar("E_", bound=Event)
Handler = Callable[[Any], None]
_handlers: dict[str, dict[str, Handler]] = {}
_wishes: dict[tuple[str, str], Callable[[Any], bool]] = {}
_types: dict[str, type[Event]] = {}


def subscribe(
    event: type[E_],
    handler: Callable[[E_], None],
    *,
    when: Callable[[E_], bool] | None = None,
) -> None:
    """Join a handler to an event; its dotted name is remembered by the outbox, so keep it stable.

    `when` looks at the event alone, without the database: where it says no, nothing is delivered.
    """
    _types[event.name()] = event
    dotted = f"{handler.__module__}.{handler.__qualname__}"
    _handlers.setdefault(event.name(), {})[dotted] = handler
    _wishes[event.name(), dotted] = when or _always


def handlers_of(event_name: str) -> dict[str, Handler]:
    return dict(_handlers.get(event_name, {}))


def heard_by(event: Event) -> list[str]:
    """List the handlers that want this event, by their dotted names."""
    name = event.name()
    return [dotted for dotted in _handlers.get(name, {}) if _wishes[name, dotted](event)]


def _always(_event: Event) -> bool:
    return True


def to_plain(event: Event) -> dict[str, Any]:
    """Turn an event into JSON values."""
    plain: dict[str, Any] = {}
    for field in fields(event):
        value = getattr(event, field.name)
        plain[field.name] = (
            str(value)
            if isinstance(value, uuid.UUID)
            else value.isoformat()
            if isinstance(value, dt.date | dt.datetime)
            else value
        )
    return plain


def from_plain(event_name: str, plain: dict[str, Any]) -> Event:
    """Rebuild an event stored by `to_plain`.

    Raises:
        KeyError: nobody subscribed to an event of this name.
    """
    kind = _types[event_name]
    hints = get_type_hints(kind)
    return kind(**{name: _restore(hints[name], value) for name, value in plain.items()})


def _restore(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    wanted = {hint, *getattr(hint, "__args__", ())}
    if uuid.UUID in wanted:
        return uuid.UUID(value)
    if dt.datetime in wanted:
        return dt.datetime.fromisoformat(value)
    if dt.date in wanted:
        return dt.date.fromisoformat(value)
    return tuple(value) if isinstance(value, list) else value
