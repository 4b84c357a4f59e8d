"""`make run` on one's own machine: embedded database, demo federation, twins of SMS and mail."""

from __future__ import annotations

import os

from lianxin.config.settings.base import *  # noqa: F403  (a settings module is its base plus differences)

DEMO = os.environ.get("LIANXIN_DEMO", "1") == "1"
SECRET_KEY = "only-for-a-demo-on-ones-own-machine"
ALLOWED_HOSTS = ["*"]
# To try webhooks on one's own machine.
GATEWAY_PLAIN_WEBHOOKS = GATEWAY_PRIVATE_WEBHOOKS = True
