"""The door for a WSGI server."""

from __future__ import annotations

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.utils.module_loading import import_string

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianxin.config.settings.run")

# What is loaded at the start lives as long as the process: the collector need not look at it, neither
# while it grows nor again, and need not look so often (a page makes some thousand small objects and
# drops them at once). What the start leaves behind is some thousand objects, a megabyte: looking for
# them first would take a tenth of the start.
gc.disable()
django = get_wsgi_application()
# Its models are there only now. In a rush it answers most of those who come.
application = import_string("lianxin.allocation.api.Turnstile")(django)
gc.freeze()
gc.enable()
gc.set_threshold(20_000, 20, 50)
