"""Background work, timers and the outbox of events."""
