"""The tools every storey shares: clock, working days, events, slots; no domain words."""
