"""What tests of webhooks share."""

from __future__ import annotations

import pytest


@pytest.fixture
def near(settings) -> None:
    """Let messages go to a receiver on this machine, and wait for it briefly."""
    settings.GATEWAY_PLAIN_WEBHOOKS = settings.GATEWAY_PRIVATE_WEBHOOKS = True
    settings.GATEWAY_WEBHOOK_PATIENCE = 0.6
