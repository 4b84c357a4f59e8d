"""Tools of the house: run from the root of the tree as `python -m tools.<name>`."""
