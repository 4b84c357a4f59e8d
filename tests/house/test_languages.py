"""Both languages are whole: what is said in English is said in Chinese, and nothing is left over."""

from __future__ import annotations

import pytest

from tools import messages


@pytest.mark.parametrize("app", [path.name for path in messages.apps()])
def test_an_app_speaks_both_languages(app: str) -> None:
    complaints = messages.check([app])
    assert not complaints, "\n".join(complaints)
