"""What is typed about places and bookings."""
