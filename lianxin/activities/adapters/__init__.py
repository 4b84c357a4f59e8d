"""What of the outside activities need: the painting of pictures."""
