"""Signing in, consent to be here, sessions and second factors."""
