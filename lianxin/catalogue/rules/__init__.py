"""The pure rules of the catalogue: what an item is, when it is open, how it is found."""
