"""What organisers and those who come type."""
