"""Reading pools and claims."""
