"""Uploads: checked, cleaned, encrypted, opened by expiring links."""
