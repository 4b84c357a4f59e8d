"""What members need to decide, without a database: identity numbers, facts, consent, sheets."""
