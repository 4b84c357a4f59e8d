"""Real processes killed with SIGKILL in the middle of what they write; `python -m bench kills` does it for longer."""
