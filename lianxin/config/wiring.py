"""The one file that joins neighbours: a published event to a door, one line each."""

from __future__ import annotations
