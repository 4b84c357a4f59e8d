"""What holds at stations, without Django."""
