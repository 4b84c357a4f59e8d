"""What officers type about unions and posts."""
