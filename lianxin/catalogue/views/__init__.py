"""Pages of the catalogue, by use case."""
