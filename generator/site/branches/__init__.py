"""Pages of a branch: card, evidence, comparison, calendar."""
