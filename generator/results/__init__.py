"""Results: what renderers see, and its canonical form."""
