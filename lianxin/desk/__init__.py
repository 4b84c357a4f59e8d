"""What an officer stands before: the queue, the team."""
