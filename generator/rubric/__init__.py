"""`rubric.yml` as data: its document, measures, vocabulary and scoring methods."""
