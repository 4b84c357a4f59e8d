"""Every claim of speed, measured: one file a claim. `python -m bench` runs them all."""
