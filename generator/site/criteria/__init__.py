"""Pages of criteria: rates, the heat map, all points."""
