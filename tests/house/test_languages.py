"""Both languages are whole: what is said in English is said in Chinese, and nothing is left over."""

from __future__ import annotations

from functools import cache

import pytest

from tools import messages


@cache
def _complaints() -> list[str]:
    return messages.check()


@pytest.mark.parametrize("app", [path.name for path in messages.apps()])
def test_an_app_speaks_both_languages(app: str) -> None:
    wrong = [line for line in _complaints() if messages.concerns(app, line)]
    assert not wrong, "\n".join(wrong)
