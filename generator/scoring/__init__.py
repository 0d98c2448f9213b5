"""From records to scorecards, ranks and grades."""
