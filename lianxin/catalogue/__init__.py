"""The services a union offers, and applying for them. The model app."""
