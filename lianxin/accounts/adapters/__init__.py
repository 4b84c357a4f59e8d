"""Where foreign sign-in libraries meet our accounts."""
