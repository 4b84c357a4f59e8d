"""How word leaves the house for other systems."""
