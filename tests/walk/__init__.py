"""Every address, walked by those who have no business there and by those who have."""
