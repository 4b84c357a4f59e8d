"""One settings module a situation."""
