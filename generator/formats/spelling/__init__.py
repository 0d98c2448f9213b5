"""How values are spelled in YAML: scalars, trees of values, lines that stay as they are."""
