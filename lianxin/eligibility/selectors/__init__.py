"""Reads: policies in force, and how each comes out for a person."""
