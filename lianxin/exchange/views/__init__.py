"""Pages of the exchange: for everybody, for a partner's contact, at the desk."""
