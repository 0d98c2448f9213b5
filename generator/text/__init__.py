"""Words and numbers: languages, messages, legal names, finding codes."""
