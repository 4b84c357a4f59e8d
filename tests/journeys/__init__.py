"""Stories told in a real browser: one person's need, from the first tap to the last word."""
