"""Pages of procedures: the worker's cases, the officer's dossiers, the finance office's payments."""
