"""Text into HTML: templates, the shell, the audit of every page."""
