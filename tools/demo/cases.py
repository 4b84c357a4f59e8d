"""Demo dossiers and whatever else makes the federation look lived in.

A loader is a function of the `World` (organisations, accounts, members, actors by key) that calls
the doors of the apps, as a page would. Put it into an own module and add it to LOADERS; they run in
order, after the people are there, each in a database of its own making no assumptions on the rest.
"""

from __future__ import annotations

from collections.abc import Callable

from tools.demo.people import World

Loader = Callable[[World], None]
LOADERS: list[Loader] = []


def load(world: World) -> None:
    """Run every loader."""
    for loader in LOADERS:
        loader(world)
