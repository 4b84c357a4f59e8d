"""What allocation hands out: the verifier of draws."""
