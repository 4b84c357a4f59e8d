"""Pages: what was found, one policy, and the check that keeps nothing."""
