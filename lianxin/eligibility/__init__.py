"""Policies find people: each rule answers yes, no because, or tell us this one thing."""
