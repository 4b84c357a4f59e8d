"""Service stations (服务驿站): where they are, what is there, whether they are open, and who mends them."""
