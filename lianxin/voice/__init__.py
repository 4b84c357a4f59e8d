"""Suggestions and complaints about the service itself, with or without a name."""
