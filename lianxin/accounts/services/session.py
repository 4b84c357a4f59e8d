"""The session of an officer at her desk."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest

from lianxin.accounts import selectors
from lianxin.kit import clock

_TOUCH_EVERY = dt.timedelta(minutes=10)


def has_second_factor(request: HttpRequest) -> bool:
    """Say whether password and second factor were given in this session; eight idle hours end it.

    Asking counts as use of the desk: the session is renewed every ten minutes.
    """
    if not selectors.may_open_desk(request):
        return False
    seen = selectors.moment_in(request, selectors.DESK_AT)
    if seen is None or seen < clock.now() - _TOUCH_EVERY:
        request.session[selectors.DESK_AT] = clock.now().isoformat()
    return True
