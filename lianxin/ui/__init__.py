"""The look: base templates, components, tokens, icons, service worker."""
