"""What the trail needs outside the database: a key to sign with, and files to write to."""
