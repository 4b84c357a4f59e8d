"""The programme that reads foreign files, and the handle on it."""
