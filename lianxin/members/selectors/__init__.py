"""Reads of the members app, by use case."""
