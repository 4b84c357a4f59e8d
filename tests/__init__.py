"""The tests of the whole: the house, and the journeys."""
