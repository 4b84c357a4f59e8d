"""The pure part of procedures: what a definition says, and what may happen next."""
