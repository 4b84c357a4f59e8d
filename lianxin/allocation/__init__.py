"""Scarce places given fairly: pools, claims, waitlists, draws, tickets."""
