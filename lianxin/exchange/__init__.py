"""What partners of the union have to share: offered, checked, found, booked, taken by voucher."""
