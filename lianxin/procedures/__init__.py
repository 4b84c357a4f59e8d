"""Forms, routes, deadlines and dossiers: the engine of every application."""
