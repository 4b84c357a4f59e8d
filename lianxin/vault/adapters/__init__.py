"""Where keys come from: a folder by default, a key service where there is one."""
