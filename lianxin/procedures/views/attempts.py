"""Trying a service with what a form holds: a refusal becomes a sentence at its field, nothing is lost."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django import forms
from django.http import HttpRequest

from lianxin.kit.errors import RefusedError, StaleError
from lianxin.procedures.fields import AnswersForm
from lianxin.procedures.services import AnswersError
from lianxin.ui.fields import refusal_show


class PaperRefusedError(Exception):
    """A file was refused; the form carries the sentence."""


class Attempt:
    """What came of it: done, or a form that says why not; `stale` when the page was too old."""

    def __init__(self, *, is_done: bool, stale: str = "") -> None:
        self.is_done = is_done
        self.stale = stale


def attempt(form: forms.Form, perform: Callable[[], object]) -> Attempt:
    """Run a service on a valid form; keep the form and explain when it is refused."""
    if not form.is_valid():
        return Attempt(is_done=False)
    try:
        perform()
    except PaperRefusedError:
        return Attempt(is_done=False)
    except StaleError as stale:
        return Attempt(is_done=False, stale=stale.message)
    except AnswersError as refused:
        if isinstance(form, AnswersForm):
            form.refuse(refused.errors)
        else:
            form.add_error(None, refused.message)
    except RefusedError as refused:
        refusal_show(form, refused)
    else:
        return Attempt(is_done=True)
    return Attempt(is_done=False)


def key_of(request: HttpRequest) -> str:
    """Return the key of the form that was sent, or a fresh one for a form about to be shown."""
    return request.POST.get("key", "")[:64] or uuid.uuid4().hex


def seen_of(request: HttpRequest) -> int | None:
    """Return which state of the case the sent page showed; None if it does not say."""
    text = request.POST.get("seen", "")
    return int(text) if text.isdecimal() and len(text) < 9 else None
