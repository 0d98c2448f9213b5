"""Files as data: YAML with positions, shapes of values, records of every file."""
