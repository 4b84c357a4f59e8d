"""What every test run needs first: translations, and patience with a busy machine."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

from tools import messages

messages.compile_all()

settings.register_profile(
    "house", deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("house")
