"""Building a site: making, reuse, swapping it in; the MkDocs plugin."""
