"""The inbox, and the channels that carry word of it."""
