"""Commands of the end of a year: what still stands before it, freezing, correcting, verifying."""
