"""What a worker stands before: shell, home, me."""
