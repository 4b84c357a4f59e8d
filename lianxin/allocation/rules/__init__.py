"""How places are given: pure, without a database, so that chance can try everything."""
