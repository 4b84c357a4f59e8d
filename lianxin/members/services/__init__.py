"""Writes of the members app, by use case."""
