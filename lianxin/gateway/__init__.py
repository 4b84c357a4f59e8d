"""The door for other systems of the federation: an API with clients, scopes and signed webhooks."""
