"""What a message about a session says, in the language of whoever reads it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from lianxin.activities.models import Telling
from lianxin.activities.selectors.showing import told_of, when_words


@dataclass(frozen=True, slots=True)
class Words:
    """A title and what follows it."""

    title: str
    body: str


def words_of(telling: Telling) -> Words:
    """Write a message."""
    session = telling.session
    what = {"what": session.activity.title}
    where = " · ".join(part for part in (when_words(session), session.place) if part)
    match telling.kind:
        case Telling.Kind.CHANGED:
            lines = [
                _("%(thing)s: %(now)s (before: %(before)s)")
                % {"thing": one.what, "now": one.after, "before": one.before}
                for one in map(told_of, telling.changed)
            ]
            lines.append(
                _("If it no longer suits you, give your place back; nothing is held against you.")
            )
            return Words(_("Changed: %(what)s") % what, "\n".join(lines))
        case Telling.Kind.WORD:
            return Words(_("From the organiser: %(what)s") % what, telling.words)
        case Telling.Kind.DAY:
            body = _(
                "%(where)s. If you cannot come, give your place back now, and somebody who waits is glad."
            )
            return Words(_("Tomorrow: %(what)s") % what, body % {"where": where} + _bring(telling))
        case Telling.Kind.HOW:
            body = _("Two taps, if you like. Your name is not kept with it, and nobody asks again.")
            return Words(_("How was it? %(what)s") % what, body)
    return Words(
        _("Soon: %(what)s") % what,
        _("%(where)s. See you there.") % {"where": where} + _bring(telling),
    )


def _bring(telling: Telling) -> str:
    bring = telling.session.activity.bring
    return "\n" + _("To bring: %(what)s") % {"what": bring} if bring else ""
