"""Pure rules of the door: what a client may ask for, and how word of a change is sent to it."""
