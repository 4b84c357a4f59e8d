"""Real-name membership, the facts known about a person, and consent."""
