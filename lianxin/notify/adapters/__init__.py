"""The channels that carry word outside: gateways, mail, and their development twins."""
