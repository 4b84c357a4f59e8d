"""The language of policy rules: a small, closed part of SQL over declared facts. Pure."""
