"""Reads of stations: the public list, one station, the desk."""
