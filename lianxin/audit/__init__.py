"""Who did what to what and when, in a hash chain."""
