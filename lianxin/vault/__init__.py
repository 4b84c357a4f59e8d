"""Field encryption and blind indexes; each opening is audited."""
