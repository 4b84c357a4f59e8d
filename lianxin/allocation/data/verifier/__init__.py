"""The Python verifier of draws, in pieces; handed out as one file that needs nothing but Python 3.8.

Written after docs/guide/draws.md ("The file, for programmers") and not after `rules/draws.py`: it
imports nothing of ours, so that two ways of reading the same page are compared by the tests.
"""
