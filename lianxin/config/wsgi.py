"""The door for a WSGI server."""

from __future__ import annotations

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianxin.config.settings.run")
application = get_wsgi_application()

# What is loaded by now lives as long as the process: the collector need not look at it again, and
# need not look so often (a page makes some thousand small objects and drops them at once).
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 50)
