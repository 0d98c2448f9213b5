"""Pages of the ranking: standings, distribution, years."""
