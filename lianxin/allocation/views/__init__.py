"""Pages of allocation: a pool and its rush, one's own places, the doors where tickets are scanned."""
