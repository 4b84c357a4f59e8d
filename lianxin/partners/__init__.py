"""Partners of the union: offices, schools, enterprises and societies, and who speaks for them."""
