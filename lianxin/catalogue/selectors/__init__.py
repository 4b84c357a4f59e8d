"""Reads of the catalogue, by use case."""
