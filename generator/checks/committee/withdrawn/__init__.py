"""Evidence of verified lines that was deleted or replaced after they were verified (C018)."""
