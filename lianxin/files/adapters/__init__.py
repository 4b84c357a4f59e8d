"""Where contents lie, and what makes pictures harmless."""
