"""The archive of a year: a folder that is read without the program, on a shelf or given away."""
