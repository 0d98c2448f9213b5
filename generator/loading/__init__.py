"""From files to typed records and findings."""
