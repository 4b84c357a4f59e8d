"""Pages of the members app: a person's own, and the officer's."""
